/** Units by the likeness of their memories to one of them: `analysis/similarity.py`. */

import { type Numbers, unitsOf } from "./numbers.ts";

/** Most alike first: itself, and last those that cannot be compared. */
export function similarUnits(numbers: Numbers, unit: number): number[] {
  const { units, timesteps, quantities } = numbers.scene;
  const memory = quantities.includes("cell_state") ? "cell_state" : "hidden_state";
  const times = unitsOf([0, timesteps]).filter((t) => !numbers.isMasked(t));
  const moves = unitsOf([0, units]).map((each) => moved(numbers.row(memory, each), times));
  const own = moves[unit] ?? [];
  const alike = moves.map((each, other) => {
    const product = each.reduce((sum, value, i) => sum + value * (own[i] ?? Number.NaN), 0);
    const correlation = product / (length(each) * length(own));
    return other === unit ? 2 : Number.isNaN(correlation) ? -2 : correlation;
  });
  return unitsOf([0, units]).sort((a, b) => (alike[b] ?? 0) - (alike[a] ?? 0));
}

/** Scaled to 1, so that the squares of the largest numbers do not overflow. */
function moved(row: Float32Array, times: number[]): number[] {
  const first = row[times[0] ?? 0] ?? Number.NaN;
  const halves = times.map((t) => (row[t] ?? Number.NaN) / 2 - first / 2);
  const largest = halves.reduce((most, value) => (Math.abs(value) <= most ? most : Math.abs(value)), 0);
  const scaled = halves.map((value) => value / largest);
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  return scaled.map((value) => value - mean);
}

function length(values: number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
