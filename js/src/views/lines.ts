/** Lines and areas of one track. */

import { middle } from "../axis.ts";
import type { Sheet, Statistic } from "../data/decode.ts";
import type { Span } from "../protocol.ts";

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
  const { top, height, low, high, zoom, width } = band;
  // One column beyond the window on either side, so that lines run to its edges.
  const first = Math.max(0, sheet.column(zoom[0]) - 1);
  const last = Math.min(values.length - 1, sheet.column(zoom[1]) + 1);
  const found: Point[] = [];
  for (let column = first; column <= last; column++) {
    const value = values[column] ?? Number.NaN;
    const part = (value - low) / (high - low || 1);
    found.push({
      x: middle(start + column * stride + (stride - 1) / 2, zoom, width),
      y: top + height * (1 - Math.min(Math.max(part, 0), 1)),
      clipped: value < low || value > high,
    });
  }
  return found;
}

/** Runs without NaN: a line must not bridge what was never computed. */
function runs(line: Point[]): Point[][] {
  const found: Point[][] = [];
  let run: Point[] = [];
  for (const point of line) {
    if (!Number.isNaN(point.y)) run.push(point);
    else if (run.length) {
      found.push(run);
      run = [];
    }
  }
  if (run.length) found.push(run);
  return found;
}

export function drawLine(context: CanvasRenderingContext2D, line: Point[]): void {
  context.lineJoin = "round";
  for (const run of runs(line)) {
    context.beginPath();
    // A run of one timestep is still something to see.
    if (run.length === 1 && run[0]) context.moveTo(run[0].x - 1.5, run[0].y);
    for (const { x, y } of run) context.lineTo(x, y);
    if (run.length === 1 && run[0]) context.lineTo(run[0].x + 1.5, run[0].y);
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
