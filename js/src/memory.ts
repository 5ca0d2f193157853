/** How a cell keeps and writes its memory: which quantity is the state, which gate keeps it, which writes. */

import type { Sheet } from "./data/decode.ts";
import type { Scene } from "./protocol.ts";

export type Get = (quantity: string) => number;

export interface Memory {
  state: string;
  keep: string;
  writer: string;
  /** NaN where a gate is missing. */
  written(get: Get): number;
}

const LSTM: Memory = {
  state: "cell_state",
  keep: "forget_gate",
  writer: "input_gate",
  written: (get) => get("input_gate") * get("cell_candidate"),
};
const GRU: Memory = {
  state: "hidden_state",
  keep: "update_gate",
  writer: "candidate",
  written: (get) => (1 - get("update_gate")) * get("candidate"),
};

/** Null for a simple cell, which has no gate, and so nothing is kept or written by itself; and where these were not kept. */
export function memoryOf({ quantities }: Scene): Memory | null {
  return [LSTM, GRU].find(({ state, keep }) => quantities.includes(state) && quantities.includes(keep)) ?? null;
}

export interface Change {
  timestep: number;
  written: number;
  /** At most what was there: `(keep - 1) x previous`. */
  erased: number;
}

/** What was written and erased at each timestep of an exact sheet; their sum is the change of the state. */
export function changes(scene: Scene, sheet: Sheet, unit: number, memory: Memory): Change[] {
  const rows = new Map(scene.quantities.map((quantity) => [quantity, sheet.row(quantity, unit)]));
  const { start, stop } = sheet.block;
  const towards = scene.direction === "backward" ? 1 : -1;
  const found: Change[] = [];
  for (let timestep = start; timestep < stop; timestep++) {
    const at = timestep - start;
    const get: Get = (quantity) => rows.get(quantity)?.[at] ?? Number.NaN;
    const before = rows.get(memory.state)?.[at + towards];
    const keep = get(memory.keep);
    const product = memory.written(get);
    // Without what wrote it, all that the memory holds beyond what its keeper left of it.
    const written = Number.isNaN(product) ? get(memory.state) - keep * (before ?? Number.NaN) : product;
    // At the layer's first step what was there is the initial state, which the equation gives back.
    const previous = before ?? (get(memory.state) - written) / (keep || 1);
    if (!Number.isNaN(written)) found.push({ timestep, written, erased: (keep - 1) * previous });
  }
  return found;
}

/**
 * How much of what was written at each timestep is still there at `now`: the product of all that kept it since.
 * Goes back, in the order in which the layer reads, until less than `least` is left or numbers end; steps that were
 * masked keep everything.
 */
export function remains(
  now: number,
  backward: boolean,
  keep: (timestep: number) => number | undefined,
  least = 0.01,
): Map<number, number> {
  const found = new Map<number, number>();
  const by = backward ? 1 : -1;
  let share = 1;
  for (let timestep = now; share >= least; timestep += by) {
    const gate = keep(timestep);
    if (gate === undefined) break;
    found.set(timestep, share);
    if (!Number.isNaN(gate)) share *= gate;
  }
  return found;
}

/** Timesteps at which a row is on the other side of a threshold than at the timestep before. */
export function crossings(values: ArrayLike<number>, start: number, threshold: number): number[] {
  const found: number[] = [];
  for (let i = 1; i < values.length; i++) {
    const [a, b] = [values[i - 1] ?? Number.NaN, values[i] ?? Number.NaN];
    if ((a < threshold && b >= threshold) || (a >= threshold && b < threshold)) found.push(start + i);
  }
  return found;
}
