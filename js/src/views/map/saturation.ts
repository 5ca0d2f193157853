/** How often each unit's gates are shut and open, and where that puts them on screen. */

import { floats } from "../../data/decode.ts";
import type { Body } from "../../data/requests.ts";
import type { SaturationAnswer } from "../../protocol.ts";
import type { View } from "../../view.ts";
import { sourcesOf } from "./compare.ts";

export interface Shares {
  gate: string;
  /** Of the timesteps, a unit each. */
  shut: Float32Array;
  open: Float32Array;
}

/** What is known; what is not yet is asked for. */
export function sharesOf(view: View): Shares[] {
  const { store, loader } = view;
  loader.version.value;
  const shown = store.shown.value;
  if (!shown) return [];
  const { layer, sample, step } = sourcesOf(store, shown).from.scene;
  const body: Body = { kind: "saturation", layer, sample, step };
  loader.want(`${view.id} saturation`, [body]);
  const answer = loader.get(body) as (SaturationAnswer & { buffers: unknown[] }) | undefined;
  const { units } = shown.scene;
  return (answer?.gates ?? []).flatMap((gate, i) => {
    const numbers = floats(answer?.buffers[0], 8 * units * i, 2 * units);
    return numbers ? [{ gate, shut: numbers.subarray(0, units), open: numbers.subarray(units) }] : [];
  });
}

export interface Point {
  x: number;
  y: number;
}

/** The squares of the gates, side by side. */
export interface Squares {
  size: number;
  left(square: number): number;
  top: number;
}

const LEFT = 46;
const TOP = 20;
const BOTTOM = 34;
const APART = 18;

export function squaresOf(count: number, width: number, height: number): Squares {
  const size = Math.floor(
    Math.min(height - TOP - BOTTOM, (width - LEFT - 8 - (count - 1) * APART) / Math.max(1, count)),
  );
  return { size: Math.max(24, size), left: (square) => LEFT + square * (Math.max(24, size) + APART), top: TOP };
}

export function placeOf({ shut, open }: Shares, unit: number, square: number, { size, left, top }: Squares): Point {
  const share = (of: Float32Array) => of[unit] ?? Number.NaN;
  return { x: left(square) + share(shut) * size, y: top + (1 - share(open)) * size };
}

/** Which square a place is in, the nearest one from between. */
export function squareAt(x: number, count: number, { size, left }: Squares): number {
  const at = Math.floor((x - left(0) + APART / 2) / (size + APART));
  return Math.min(Math.max(at, 0), count - 1);
}

/** Is a place inside a line that is closed from its end to its start? */
export function inside({ x, y }: Point, line: Point[]): boolean {
  let is = false;
  for (const [i, a] of line.entries()) {
    const b = line[i ? i - 1 : line.length - 1] as Point;
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) is = !is;
  }
  return is;
}

const percent = (share: number) => `${Math.round(100 * share)}\u202f%`;

/** "unit 12: forget gate shut 3 %, open 71 % of the time" */
export function shareWords(view: View, { gate, shut, open }: Shares, unit: number): string {
  const label = view.store.catalogue.quantities[gate]?.label ?? gate;
  const [low, high] = [shut[unit] ?? Number.NaN, open[unit] ?? Number.NaN];
  if (Number.isNaN(low)) return `unit ${unit}: ${label} never computed`;
  return `unit ${unit}: ${label} shut ${percent(low)}, open ${percent(high)} of the time`;
}
