import { type Cell, RADIUS, sum, WIDTH } from "./cell.ts";

const [PLUS, ACT, RAIL] = [116, 186, 58];

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
      height: 116,
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
            [PLUS, 18],
            [PLUS, RAIL - RADIUS],
          ],
          arrow: true,
        },
        {
          way: [
            [PLUS, 98],
            [PLUS, RAIL + RADIUS],
          ],
          arrow: true,
        },
      ],
      dots: [],
      marks: [
        { at: [PLUS, RAIL], text: "+" },
        { at: [ACT, RAIL], text: activation },
      ],
      labels: [
        { at: [0, RAIL - 9], anchor: "start", value: "previous hidden_state", of: "hidden_state" },
        { at: [PLUS - 16, RAIL - 9], anchor: "end", value: recurrent, of: "hidden_state" },
        { at: [PLUS + 7, 36], anchor: "start", value: bias, of: "hidden_state" },
        { at: [PLUS + 7, 88], anchor: "start", value: input, of: "hidden_state" },
        { at: [(PLUS + ACT) / 2 - 4, RAIL - 9], anchor: "middle", value: "sum", of: "hidden_state" },
      ],
      words: [
        { at: [PLUS - 3, 111], text: "x" },
        { at: [PLUS - 3, 12], text: "b" },
      ],
      gates: [],
      states: [["hidden_state", [WIDTH, RAIL - 14]]],
    },
    equations: { hidden_state: sum("hidden_state", activation) },
    between(v) {
      const parts = [v[input], v[recurrent], v[bias]];
      return {
        sum: parts.reduce((all, part) => (all === undefined || part === undefined ? undefined : all + part), 0),
      };
    },
  };
}
