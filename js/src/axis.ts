/** The one time axis: every view that shows time asks here where a timestep stands. */

import type { Span } from "./protocol.ts";

/** The middle of a timestep, in pixels from the left. */
export function middle(timestep: number, [start, stop]: Span, width: number): number {
  return ((timestep + 0.5 - start) / (stop - start)) * width;
}

/** The left edge of a timestep. */
export function edge(timestep: number, [start, stop]: Span, width: number): number {
  return ((timestep - start) / (stop - start)) * width;
}

/** The timestep at a place, held inside the window. */
export function timestepAt(x: number, [start, stop]: Span, width: number): number {
  const t = start + Math.floor((x / Math.max(1, width)) * (stop - start));
  return Math.min(Math.max(t, start), stop - 1);
}

/** Round timesteps for the axis, at least `apart` pixels from each other. */
export function ticks([start, stop]: Span, width: number, apart: number): number[] {
  const most = Math.max(1, Math.floor(width / apart));
  let step = 1;
  for (const factors = [2, 2.5, 2]; (stop - start) / step > most; ) {
    const factor = factors.shift() ?? 2;
    factors.push(factor);
    step *= factor;
  }
  const first = Math.ceil(start / step) * step;
  return Array.from({ length: Math.max(0, Math.ceil((stop - first) / step)) }, (_, i) => first + i * step);
}

/** How far one pixel moves: at least to the next timestep. */
export function timestepsAPixel([start, stop]: Span, width: number): number {
  return Math.max(1, Math.round((stop - start) / Math.max(1, width)));
}
