/** The numbers of one layer and sample, decoded once they are looked at, and thinned as the kernel thins them. */

import type { Scene, Span } from "../protocol.ts";
import { bytesOf, type EmbeddedLayer, type EmbeddedScene } from "./embedded.ts";

export interface Numbers {
  scene: Scene;
  row(quantity: string, unit: number): Float32Array;
  /** What a gate is made of: `input` or `recurrent` at each timestep. */
  part(gate: string, kind: "input" | "recurrent", unit: number): Float32Array;
  bias(gate: string, unit: number): number;
  previous(state: string, unit: number): Float32Array;
  isMasked(timestep: number): boolean;
}

export function numbersOf({ gates, states }: EmbeddedLayer, embedded: EmbeddedScene): Numbers {
  const { scene } = embedded;
  const { timesteps, units, quantities, masked } = scene;
  const floats = (text: string) => new Float32Array(bytesOf(text).buffer);
  const values = floats(embedded.values);
  const parts = floats(embedded.parts);
  const bias = floats(embedded.bias);
  const cut = (all: Float32Array, block: number, unit: number) =>
    all.subarray((block * units + unit) * timesteps, (block * units + unit + 1) * timesteps);
  return {
    scene,
    row: (quantity, unit) => cut(values, quantities.indexOf(quantity), unit),
    part: (gate, kind, unit) => cut(parts, 2 * gates.indexOf(gate) + (kind === "input" ? 0 : 1), unit),
    bias: (gate, unit) => bias[gates.indexOf(gate) * units + unit] ?? Number.NaN,
    previous: (state, unit) => cut(parts, 2 * gates.length + states.indexOf(state), unit),
    isMasked: (timestep) => masked.some(([start, stop]) => start <= timestep && timestep < stop),
  };
}

/** `[statistic][row][column]`: the values, or mean, minimum and maximum of `stride` timesteps, NaN left out. */
export function thinned(rows: Float32Array[], [start, stop]: Span, stride: number): Float32Array<ArrayBuffer> {
  const columns = Math.ceil((stop - start) / stride);
  const plane = rows.length * columns;
  const data = new Float32Array(stride === 1 ? plane : 3 * plane);
  for (const [i, row] of rows.entries()) {
    if (stride === 1) {
      data.set(row.subarray(start, stop), i * columns);
      continue;
    }
    for (let column = 0; column < columns; column++) {
      const from = start + column * stride;
      const [mean, low, high] = statistics(row.subarray(from, Math.min(from + stride, stop)));
      const at = i * columns + column;
      data[at] = mean;
      data[at + plane] = low;
      data[at + 2 * plane] = high;
    }
  }
  return data;
}

function statistics(values: Float32Array): [mean: number, low: number, high: number] {
  let [count, sum, low, high] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return count ? [sum / count, low, high] : [Number.NaN, Number.NaN, Number.NaN];
}

/** The bytes of a scene's overview: its block, and behind it what the kernel put there. */
export function overviewOf(numbers: Numbers, behind: string): Uint8Array {
  const { block } = numbers.scene;
  const rows = block.quantities.flatMap((quantity) => block.units.map((unit) => numbers.row(quantity, unit)));
  const packed = new Uint8Array(thinned(rows, [block.start, block.stop], block.stride).buffer);
  const rest = bytesOf(behind);
  const bytes = new Uint8Array(packed.length + rest.length);
  bytes.set(packed);
  bytes.set(rest, packed.length);
  return bytes;
}

export function unitsOf([start, stop]: Span): number[] {
  return Array.from({ length: stop - start }, (_, i) => start + i);
}
