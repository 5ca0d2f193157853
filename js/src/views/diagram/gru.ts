import { BOX, type Cell, type Equation, feeds, RADIUS, sum, times, WIDTH } from "./cell.ts";

const [Z, R, G] = [82, 142, 214];
/** Where r's gate meets h_prev on its way into g. */
const RESET = 178;
const [RAIL, WRITE, GATE, H, X] = [30, 92, 146, 189, 205];
const [TOP, FOOT] = [GATE - BOX[1] / 2, GATE + BOX[1] / 2];

/** `h = z h_prev + (1 - z) g`. */
export function gru(activation: string, gate: string, resetAfter: boolean): Cell {
  return {
    name: "GRU",
    keeper: "update_gate",
    drawing: {
      height: 211,
      wires: [
        {
          way: [
            [0, RAIL],
            [Z - RADIUS, RAIL],
          ],
          state: true,
        },
        {
          way: [
            [Z + RADIUS, RAIL],
            [G - RADIUS, RAIL],
          ],
          state: true,
          gate: "update_gate",
          arrow: true,
        },
        {
          way: [
            [G + RADIUS, RAIL],
            [WIDTH, RAIL],
          ],
          state: true,
          arrow: true,
        },
        {
          way: [
            [Z, TOP],
            [Z, RAIL + RADIUS],
          ],
          arrow: true,
        },
        {
          way: [
            [Z, WRITE],
            [G - RADIUS, WRITE],
          ],
          arrow: true,
        },
        {
          way: [
            [G, TOP],
            [G, WRITE + RADIUS],
          ],
          arrow: true,
        },
        {
          way: [
            [G, WRITE - RADIUS],
            [G, RAIL + RADIUS],
          ],
          state: true,
          gate: "1 \u2212 z",
          arrow: true,
        },
        {
          way: [
            [R + BOX[0] / 2, GATE],
            [RESET, GATE],
            [RESET, H - RADIUS],
          ],
          arrow: true,
        },
        {
          way: [
            [0, H],
            [RESET - RADIUS, H],
          ],
        },
        {
          way: [
            [RESET + RADIUS, H],
            [G + 5, H],
            [G + 5, FOOT],
          ],
          gate: "reset_gate",
          arrow: true,
        },
        {
          way: [
            [0, X],
            [G - 5, X],
            [G - 5, FOOT],
          ],
          arrow: true,
        },
        ...feeds([Z, R], FOOT, H, X),
      ],
      dots: [[Z, WRITE]],
      marks: [
        { at: [Z, RAIL], text: "\u00d7" },
        { at: [G, RAIL], text: "+" },
        { at: [G, WRITE], text: "\u00d7" },
        { at: [118, WRITE], text: "1 \u2212" },
        { at: [RESET, H], text: "\u00d7" },
      ],
      labels: [
        { at: [0, RAIL - 9], anchor: "start", value: "previous hidden_state", of: "hidden_state" },
        { at: [(Z + G) / 2, RAIL - 9], anchor: "middle", value: "kept", of: "hidden_state" },
        { at: [168, WRITE - 7], anchor: "middle", value: "1 \u2212 z", of: "update_gate" },
        { at: [G - 7, 65], anchor: "end", value: "written", of: "hidden_state" },
        { at: [0, H - 6], anchor: "start", value: "previous hidden_state", of: "hidden_state" },
      ],
      words: [{ at: [0, X - 5], anchor: "start", text: "x" }],
      gates: [
        ["update_gate", [Z, GATE]],
        ["reset_gate", [R, GATE]],
        ["candidate", [G, GATE]],
      ],
      states: [["hidden_state", [WIDTH, RAIL - 14]]],
    },
    equations: {
      update_gate: sum("update_gate", gate),
      reset_gate: sum("reset_gate", gate),
      candidate: candidate(activation, resetAfter),
      hidden_state: {
        terms: [
          { before: "", value: "update_gate" },
          { before: "\u00d7", value: "previous hidden_state" },
          { before: "+", value: "1 \u2212 z", under: "1 \u2212 z" },
          { before: "\u00d7", value: "candidate" },
        ],
        close: "",
      },
    },
    between(v) {
      const open = v.update_gate === undefined ? undefined : 1 - v.update_gate;
      return {
        "1 \u2212 z": open,
        kept: times(v.update_gate, v["previous hidden_state"]),
        written: times(open, v.candidate),
      };
    },
  };
}

/** The reset gate multiplies what h_prev adds; without `reset_after` it did so before the weights, and is in there. */
function candidate(activation: string, resetAfter: boolean): Equation {
  const { terms, close } = sum("candidate", activation);
  const [input, recurrent, bias] = terms;
  if (!resetAfter || !input || !recurrent || !bias) return { terms, close };
  return { terms: [input, { before: "+", value: "reset_gate" }, { ...recurrent, before: "\u00d7" }, bias], close };
}
