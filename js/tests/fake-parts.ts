/** What the gates of a synthetic layer are made of: its numbers taken apart again. */

import type { Fake } from "./fake-data.ts";

const MADE: Record<string, string[]> = {
  lstm: ["input_gate", "forget_gate", "cell_candidate", "output_gate"],
  gru: ["update_gate", "reset_gate", "candidate"],
  simple_rnn: ["hidden_state"],
};

/** Rows as a `PartsAnswer` lays them out. */
export function partsOf({ catalogue, scene, row }: Fake, unit: number) {
  const { timesteps, masked, direction, quantities } = scene;
  const isMasked = (t: number) => masked.some(([start, stop]) => start <= t && t < stop);
  const [layer] = catalogue.layers;
  const gates = layer?.weights ? (MADE[layer.cell] ?? []) : [];
  const states = ["hidden_state", "cell_state"].filter((state) => quantities.includes(state));
  const blank = () => new Float32Array(timesteps).fill(Number.NaN);
  const rows: Float32Array[] = [];
  for (const [k, gate] of gates.entries()) {
    const [input, recurrent, bias] = [blank(), blank(), blank()];
    for (let t = 0; t < timesteps; t++) {
      if (isMasked(t)) continue;
      const value = row(gate, unit)[t] ?? 0;
      const before = catalogue.quantities[gate]?.kind === "gate" ? Math.log(value / (1 - value)) : Math.atanh(value);
      const bend = 0.5 - 0.3 * k;
      bias[t] = bend;
      input[t] = 0.7 * (before - bend);
      // With `reset_after` the reset gate multiplies what stands here.
      const open = gate === "candidate" ? (row("reset_gate", unit)[t] ?? 1) : 1;
      recurrent[t] = (0.3 * (before - bend)) / open;
    }
    rows.push(input, recurrent, bias);
  }
  for (const state of states) {
    const values = row(state, unit);
    const by = direction === "backward" ? 1 : -1;
    rows.push(Float32Array.from(values, (_, t) => (isMasked(t) ? Number.NaN : (values[t + by] ?? 0))));
  }
  return { gates, states, rows };
}
