import { BOX, type Cell, feeds, type Point, RADIUS, shortly, sum, times, WIDTH, widthOf } from "./cell.ts";

const [F, I, G, O] = [76, 122, 168, 216];
const PLUS = (I + G) / 2;
/** Heights: the rail of c, the products, the gates, the rails of h_prev and x. */
const [RAIL, WRITE, OUT, GATE, H, X] = [30, 92, 102, 146, 189, 205];
const [TOP, FOOT] = [GATE - BOX[1] / 2, GATE + BOX[1] / 2];

/** `c = f c_prev + i g`, `h = o act(c)`. */
export function lstm(activation: string, gate: string): Cell {
  const gates: [string, number][] = [
    ["forget_gate", F],
    ["input_gate", I],
    ["cell_candidate", G],
    ["output_gate", O],
  ];
  return {
    name: "LSTM",
    keeper: "forget_gate",
    drawing: {
      height: 211,
      wires: [
        {
          way: [
            [0, RAIL],
            [F - RADIUS, RAIL],
          ],
          state: true,
        },
        {
          way: [
            [F + RADIUS, RAIL],
            [PLUS - RADIUS, RAIL],
          ],
          state: true,
          gate: "forget_gate",
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
            [F, TOP],
            [F, RAIL + RADIUS],
          ],
          arrow: true,
        },
        {
          way: [
            [I, TOP],
            [I, WRITE],
            [PLUS - RADIUS, WRITE],
          ],
          arrow: true,
        },
        {
          way: [
            [G, TOP],
            [G, WRITE],
            [PLUS + RADIUS, WRITE],
          ],
          arrow: true,
        },
        {
          way: [
            [PLUS, WRITE - RADIUS],
            [PLUS, RAIL + RADIUS],
          ],
          state: true,
          gate: "input_gate",
          arrow: true,
        },
        {
          way: [
            [O, RAIL],
            [O, OUT - RADIUS],
          ],
          state: true,
          arrow: true,
        },
        {
          way: [
            [O, TOP],
            [O, OUT + RADIUS],
          ],
          arrow: true,
        },
        {
          way: [
            [O + RADIUS, OUT],
            [WIDTH, OUT],
          ],
          state: true,
          gate: "output_gate",
          arrow: true,
        },
        {
          way: [
            [0, H],
            [O + 5, H],
          ],
        },
        {
          way: [
            [0, X],
            [O - 5, X],
          ],
        },
        ...feeds([F, I, G, O], FOOT, H, X),
      ],
      dots: [[O, RAIL]],
      marks: [
        { at: [F, RAIL], text: "\u00d7" },
        { at: [PLUS, RAIL], text: "+" },
        { at: [PLUS, WRITE], text: "\u00d7" },
        { at: [O, 58], text: shortly(activation) },
        { at: [O, OUT], text: "\u00d7" },
      ],
      labels: [
        { at: [0, RAIL - 9], anchor: "start", value: "previous cell_state", of: "cell_state" },
        { at: [(F + PLUS) / 2, RAIL - 9], anchor: "middle", value: "kept", of: "cell_state" },
        { at: [PLUS + 7, 65], anchor: "start", value: "written", of: "cell_state" },
        {
          at: [O + widthOf(shortly(activation)) / 2 + 4, 62],
          anchor: "start",
          value: "activated c",
          of: "hidden_state",
        },
        { at: [0, H - 6], anchor: "start", value: "previous hidden_state", of: "hidden_state" },
      ],
      words: [{ at: [0, X - 5], anchor: "start", text: "x" }],
      gates: gates.map(([name, x]): [string, Point] => [name, [x, GATE]]),
      states: [
        ["cell_state", [WIDTH, RAIL - 14]],
        ["hidden_state", [WIDTH, OUT - 14]],
      ],
    },
    equations: {
      input_gate: sum("input_gate", gate),
      forget_gate: sum("forget_gate", gate),
      cell_candidate: sum("cell_candidate", activation),
      output_gate: sum("output_gate", gate),
      cell_state: {
        terms: [
          { before: "", value: "forget_gate" },
          { before: "\u00d7", value: "previous cell_state" },
          { before: "+", value: "input_gate" },
          { before: "\u00d7", value: "cell_candidate" },
        ],
        close: "",
      },
      hidden_state: {
        terms: [
          { before: "", value: "output_gate" },
          { before: `\u00d7 ${activation}(`, value: "cell_state" },
        ],
        close: ")",
      },
    },
    between: (v) => ({
      kept: times(v.forget_gate, v["previous cell_state"]),
      written: times(v.input_gate, v.cell_candidate),
      "activated c": activated(activation, v.cell_state, v.output_gate, v.hidden_state),
    }),
  };
}

/** act(c): of the usual activation itself, of any other what h was before o; unknown where o is shut. */
function activated(activation: string, c?: number, o?: number, h?: number): number | undefined {
  if (c !== undefined && activation === "tanh") return Math.tanh(c);
  return o && h !== undefined ? h / o : undefined;
}
