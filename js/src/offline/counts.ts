/** How often gates are shut or open, and which units are special in a range: `analysis/saturation.py`, `matches.py`. */

import type { MatchesAnswer, Span } from "../protocol.ts";
import { type Numbers, unitsOf } from "./numbers.ts";

const SHUT = 0.1;
const OPEN = 0.9;
const MOST = 64;

/** `[gate][2][unit]`: share of the computed timesteps below 0.1, share above 0.9. */
export function saturationOf(numbers: Numbers, gates: string[]): Float32Array {
  const { units, timesteps } = numbers.scene;
  const counted = Math.max(1, unitsOf([0, timesteps]).filter((t) => !numbers.isMasked(t)).length);
  const share = (gate: string, is: (value: number) => boolean) =>
    unitsOf([0, units]).map((unit) => numbers.row(gate, unit).filter(is).length / counted);
  return Float32Array.from(
    gates.flatMap((gate) => [...share(gate, (value) => value < SHUT), ...share(gate, (value) => value > OPEN)]),
  );
}

export function matchesOf(
  numbers: Numbers,
  quantity: string,
  [start, stop]: Span,
  threshold: number,
): Pick<MatchesAnswer, "units" | "shares" | "exact"> {
  const { units, timesteps } = numbers.scene;
  const times = unitsOf([0, timesteps]).filter((t) => !numbers.isMasked(t));
  const inside = times.filter((t) => start <= t && t < stop);
  const outside = times.filter((t) => t < start || stop <= t);
  const shareOf = (unit: number) => {
    const row = numbers.row(quantity, unit);
    const above = inside.filter((t) => (row[t] ?? Number.NaN) > threshold).length / Math.max(1, inside.length);
    // Not "not above": NaN is on neither side.
    const below = outside.filter((t) => (row[t] ?? Number.NaN) <= threshold).length / outside.length;
    return above > 0 ? (above + (outside.length ? below : above)) / 2 : 0;
  };
  const best = unitsOf([0, units])
    .map((unit) => ({ unit, share: shareOf(unit) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST);
  return {
    units: best.map(({ unit }) => unit),
    shares: best.map(({ share }) => share),
    exact: best.filter(({ share }) => share === 1).length,
  };
}
