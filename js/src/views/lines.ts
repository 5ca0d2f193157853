/** Lines and areas of one track. */

import { middle } from "../axis.ts";
import type { Sheet, Statistic } from "../data/decode.ts";
import type { Span } from "../protocol.ts";

/** Half the width of the only timestep there is, in pixels: past either end of any plot. */
const LONE = 4096;

/** Where a track stands and what its height means. */
export interface Band {
  top: number;
  height: number;
  low: number;
  high: number;
  zoom: Span;
  width: number;
}

/** `y` is NaN where there is no number; `clipped` where the value is beyond the limits. */
export interface Point {
  x: number;
  y: number;
  clipped: boolean;
}

/** Where a value stands, held inside the track. */
export function heightOf(value: number, { top, height, low, high }: Band): number {
  const part = (value - low) / (high - low || 1);
  return top + height * (1 - Math.min(Math.max(part, 0), 1));
}

export function points(
  sheet: Sheet,
  quantity: string,
  unit: number,
  band: Band,
  statistic: Statistic = "mean",
): Point[] {
  const values = sheet.row(quantity, unit, statistic);
  if (!values) return [];
  const { start, stride } = sheet.block;
  const { low, high, zoom, width } = band;
  // One column beyond the window on either side, so that lines run to its edges.
  const first = Math.max(0, sheet.column(zoom[0]) - 1);
  const last = Math.min(values.length - 1, sheet.column(zoom[1]) + 1);
  const found: Point[] = [];
  for (let column = first; column <= last; column++) {
    const value = values[column] ?? Number.NaN;
    found.push({
      x: middle(start + column * stride + (stride - 1) / 2, zoom, width),
      y: heightOf(value, band),
      clipped: value < low || value > high,
    });
  }
  return found;
}

/**
 * Runs without NaN: a line must not bridge what was never computed. Each holds its ends for half a column, so
 * that a track fills the same place on the axis as the map's cells, and a single timestep can be seen.
 */
export function runs(line: Point[]): Point[][] {
  const [first, second] = line;
  const half = first && second ? (second.x - first.x) / 2 : LONE;
  const found: Point[][] = [];
  let run: Point[] = [];
  for (const point of [...line, null]) {
    if (point && !Number.isNaN(point.y)) {
      if (!run.length) run.push({ ...point, x: point.x - half });
      run.push(point);
    } else if (run.length) {
      const last = run[run.length - 1] as Point;
      found.push([...run, { ...last, x: last.x + half }]);
      run = [];
    }
  }
  return found;
}

export function drawLine(context: CanvasRenderingContext2D, line: Point[]): void {
  context.lineJoin = "round";
  for (const run of runs(line)) {
    context.beginPath();
    for (const { x, y } of run) context.lineTo(x, y);
    context.stroke();
  }
}

/** A tick where the line would leave the track. */
export function drawClipped(context: CanvasRenderingContext2D, line: Point[], band: Band): void {
  for (const { x, y, clipped } of line) {
    if (!clipped || Number.isNaN(y)) continue;
    context.fillRect(x - 0.5, y > band.top + 1 ? y : y - 3, 1, 3);
  }
}

export function drawArea(context: CanvasRenderingContext2D, line: Point[], band: Band): void {
  const floor = band.top + band.height;
  for (const run of runs(line)) {
    const [first, last] = [run[0], run[run.length - 1]];
    if (!first || !last) continue;
    context.beginPath();
    context.moveTo(first.x, floor);
    for (const { x, y } of run) context.lineTo(x, y);
    context.lineTo(last.x, floor);
    context.fill();
  }
}

/** From the minimum to the maximum of each merged stretch. */
export function drawBand(context: CanvasRenderingContext2D, sheet: Sheet, quantity: string, unit: number, band: Band) {
  const least = points(sheet, quantity, unit, band, "minimum");
  const most = points(sheet, quantity, unit, band, "maximum");
  const stretch = Math.max(1, (sheet.block.stride / (band.zoom[1] - band.zoom[0])) * band.width);
  for (const [i, { x, y }] of least.entries()) {
    const top = most[i]?.y ?? y;
    if (!Number.isNaN(y) && !Number.isNaN(top)) context.fillRect(x - stretch / 2, top, stretch, y - top);
  }
}
