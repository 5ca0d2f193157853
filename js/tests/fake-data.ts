/** Synthetic recurrent layers: arrays `[quantity][unit][timestep]` that obey the LSTM's equations. */

import { type Catalogue, type Scene, type Span, VERSION } from "../src/protocol.ts";

export interface Fake {
  catalogue: Catalogue;
  scene: Scene;
  /** The numbers of one quantity and unit, all timesteps. */
  row(quantity: string, unit: number): Float32Array;
  input: Float32Array[];
}

export interface Options {
  timesteps?: number;
  units?: number;
  features?: number;
  samples?: number;
  masked?: Span[];
  direction?: "forward" | "backward";
  cell?: "lstm" | "gru" | "simple_rnn";
  /** What was kept of it. */
  kept?: string[];
  weights?: boolean;
}

const QUANTITIES: Catalogue["quantities"] = {
  input_gate: { symbol: "i", label: "input gate", kind: "gate" },
  forget_gate: { symbol: "f", label: "forget gate", kind: "gate" },
  cell_candidate: { symbol: "g", label: "cell candidate", kind: "signed" },
  output_gate: { symbol: "o", label: "output gate", kind: "gate" },
  cell_state: { symbol: "c", label: "cell state", kind: "signed" },
  hidden_state: { symbol: "h", label: "hidden state", kind: "signed" },
  update_gate: { symbol: "z", label: "update gate", kind: "gate" },
  reset_gate: { symbol: "r", label: "reset gate", kind: "gate" },
  candidate: { symbol: "g", label: "candidate", kind: "signed" },
};
const ACTIVATIONS = { activation: "tanh", gate_activation: "sigmoid", reset_after: true };
const OF = {
  lstm: ["input_gate", "forget_gate", "cell_candidate", "output_gate", "cell_state", "hidden_state"],
  gru: ["update_gate", "reset_gate", "candidate", "hidden_state"],
  simple_rnn: ["hidden_state"],
};

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** A cheap deterministic noise, so that pictures and tests repeat. */
function random(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296 - 0.5;
  };
}

function hex(of: (at: number) => number[]): string {
  return Array.from({ length: 256 }, (_, i) =>
    of(i / 255)
      .map((x) => Math.round(x).toString(16).padStart(2, "0"))
      .join(""),
  ).join("");
}

const blend = (a: number[], b: number[], t: number) => a.map((x, k) => x + ((b[k] ?? 0) - x) * t);
const diverging = (low: number[], mid: number[], high: number[]) => (t: number) =>
  t < 0.5 ? blend(low, mid, 2 * t) : blend(mid, high, 2 * t - 1);

const COLOURS = {
  "gate-light": hex((t) => blend([255, 255, 255], [16, 24, 40], t)),
  "gate-dark": hex((t) => blend([20, 20, 22], [245, 245, 240], t)),
  "signed-light": hex(diverging([33, 102, 172], [247, 247, 247], [178, 24, 43])),
  "signed-dark": hex(diverging([106, 176, 243], [24, 24, 26], [244, 131, 95])),
};

export function makeFake(options: Options = {}): Fake {
  const { timesteps = 150, units = 32, features = 1, samples = 12, masked = [], direction = "forward" } = options;
  const { weights = true } = options;
  const cell = options.cell ?? "lstm";
  const rows = new Map<string, Float32Array>();
  const isMasked = (t: number) => masked.some(([start, stop]) => start <= t && t < stop);
  const signal = (t: number, k: number) =>
    Math.sin((t / timesteps) * Math.PI * (4 + k)) + (t > timesteps * 0.4 && t < timesteps * 0.55 ? 1.2 : 0);

  const compute = (unit: number) => {
    const noise = random(unit + 1);
    const slow = random(unit + 991);
    const [bias, pace, phase] = [slow() * 5 + 1, 2 + 9 * Math.abs(slow()), slow() * 6];
    const arrays: Record<string, Float32Array> = {};
    for (const name of OF[cell]) arrays[name] = new Float32Array(timesteps);
    let [c, h] = [0, 0];
    for (let k = 0; k < timesteps; k++) {
      const t = direction === "backward" ? timesteps - 1 - k : k;
      const wave = Math.sin((t / timesteps) * Math.PI * pace + phase);
      const i = sigmoid(2.5 * wave + 2 * noise());
      const f = sigmoid(bias + 3 * signal(t, 0) * wave + noise());
      const g = Math.tanh(1.4 * Math.cos((t / timesteps) * Math.PI * pace) + noise());
      const o = sigmoid(2 * signal(t, 1) + noise());
      if (!isMasked(t)) {
        c = f * c + i * g;
        h = cell === "lstm" ? o * Math.tanh(c) : f * h + (1 - f) * g;
      }
      const gates: Record<string, number> = {
        input_gate: i,
        forget_gate: f,
        cell_candidate: g,
        output_gate: o,
        update_gate: f,
        reset_gate: i,
        candidate: g,
      };
      for (const [name, array] of Object.entries(arrays)) {
        const state = name === "cell_state" ? c : name === "hidden_state" ? h : undefined;
        array[t] = state ?? (isMasked(t) ? Number.NaN : (gates[name] ?? 0));
      }
    }
    for (const [name, array] of Object.entries(arrays)) rows.set(`${name} ${unit}`, array);
  };

  const row = (quantity: string, unit: number) => {
    if (!rows.has(`${quantity} ${unit}`)) compute(unit);
    return rows.get(`${quantity} ${unit}`) ?? new Float32Array(timesteps);
  };
  const noise = random(7);
  const input = Array.from({ length: features }, (_, k) =>
    Float32Array.from({ length: timesteps }, (_, t) => signal(t, k) + 0.15 * noise()),
  );

  const used = options.kept ?? OF[cell];
  const stride = Math.max(1, 2 ** Math.ceil(Math.log2((used.length * units * timesteps * 4) / 990_000)));
  const coarse = stride === 1 ? 1 : 2 ** Math.ceil(Math.log2((3 * used.length * units * timesteps * 4) / 900_000));
  const statistics = coarse === 1 ? 1 : 3;
  const bytes = 4 * statistics * used.length * units * Math.ceil(timesteps / coarse);
  const layer = direction === "backward" ? "bidirectional/backward_lstm" : "encoder";
  const change = new Map(
    Array.from({ length: units }, (_, unit) => {
      const state = row(OF[cell].includes("cell_state") ? "cell_state" : "hidden_state", unit);
      return [unit, state.reduce((sum, x, t) => sum + Math.abs(x - (state[t - 1] ?? 0)), 0)];
    }),
  );
  const states = used.includes("cell_state")
    ? Array.from({ length: units }, (_, unit) => [...row("cell_state", unit)].map(Math.abs)).flat()
    : [1];
  const limit = states.sort((a, b) => a - b)[Math.floor(0.995 * (states.length - 1))] ?? 1;
  const all = [0, timesteps] as Span;
  const unmasked: Span = [...all];
  for (const [start, stop] of masked) {
    if (start === 0) unmasked[0] = stop;
    if (stop === timesteps) unmasked[1] = start;
  }
  return {
    row,
    input,
    catalogue: {
      version: VERSION,
      quantities: QUANTITIES,
      layers: [
        { name: layer, cell, units, samples, direction, quantities: OF[cell], weights, ...ACTIVATIONS },
        {
          ...{ name: "decoder", cell: "gru", units: 8, samples: 4, direction: "forward" },
          ...{ quantities: OF.gru, weights, ...ACTIVATIONS },
        },
      ],
      colours: COLOURS,
    } as unknown as Catalogue,
    scene: {
      layer,
      sample: 3,
      step: 0,
      input_step: 0,
      generation: 0,
      timesteps,
      units,
      direction,
      quantities: used,
      ranges: Object.fromEntries(
        used.map((q) => [q, QUANTITIES[q]?.kind === "gate" ? [0, 1] : q === "cell_state" ? [-limit, limit] : [-1, 1]]),
      ),
      sort: "change",
      order: [...change.keys()].sort((a, b) => (change.get(b) ?? 0) - (change.get(a) ?? 0)),
      unmasked,
      masked,
      padding: [],
      proof: {
        max_abs_error: 2.4e-7,
        tolerance: 1.1e-5,
        compared: "h at every step, c at the last",
        run: "tf.function, CPU",
        empty: false,
        odd: "",
        errors: null,
      },
      title: "GunPoint 3",
      prediction: "Gun 0.91",
      target: "Point",
      wrong: true,
      block: {
        quantities: used,
        units: Array.from({ length: units }, (_, unit) => unit),
        start: 0,
        stop: timesteps,
        stride: coarse,
      },
      input: features
        ? {
            features: Array.from({ length: features }, (_, k) => `feature ${k}`),
            start: 0,
            stop: timesteps,
            stride: 1,
            offset: bytes,
          }
        : null,
      tokens: false,
      output: null,
    },
  };
}
