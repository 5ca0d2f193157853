import { type Cell, RADIUS, shortly, sum, WIDTH } from "./cell.ts";

const [PLUS, ACT, RAIL] = [148, 192, 50];

/** `h = act(x W + h_prev U + b)`. */
export function simple(activation: string): Cell {
  const [input, recurrent, bias] = ["input", "recurrent", "bias"].map((part) => `hidden_state ${part}`) as [
    string,
    string,
    string,
  ];
  return {
    name: "SimpleRNN",
    keeper: null,
    drawing: {
      height: 108,
      wires: [
        {
          way: [
            [0, RAIL],
            [PLUS - RADIUS, RAIL],
          ],
          state: true,
          arrow: true,
        },
        {
          way: [
            [PLUS + RADIUS, RAIL],
            [WIDTH, RAIL],
          ],
          state: true,
          arrow: true,
        },
        {
          way: [
            [PLUS, 14],
            [PLUS, RAIL - RADIUS],
          ],
          arrow: true,
        },
        {
          way: [
            [PLUS, 90],
            [PLUS, RAIL + RADIUS],
          ],
          arrow: true,
        },
      ],
      dots: [],
      marks: [
        { at: [PLUS, RAIL], text: "+" },
        { at: [82, RAIL], text: "U" },
        { at: [ACT, RAIL], text: shortly(activation) },
      ],
      labels: [
        { at: [0, RAIL - 9], anchor: "start", value: "previous hidden_state", of: "hidden_state" },
        { at: [PLUS - 13, RAIL - 9], anchor: "end", value: recurrent, of: "hidden_state" },
        { at: [PLUS + 7, 30], anchor: "start", value: bias, of: "hidden_state" },
        { at: [PLUS + 7, 80], anchor: "start", value: input, of: "hidden_state" },
      ],
      words: [
        { at: [PLUS, 102], anchor: "middle", text: "x" },
        { at: [PLUS, 9], anchor: "middle", text: "b" },
      ],
      gates: [],
      states: [["hidden_state", [WIDTH, RAIL - 14]]],
    },
    equations: { hidden_state: sum("hidden_state", activation) },
    between: () => ({}),
  };
}
