/** The window of time that the plots show, moved and resized: pure functions that never leave the sequence. */

import type { Span } from "./protocol.ts";

/** Fewer timesteps than this are no window but a spot. */
const LEAST = 8;

/** As long as before, moved by whole timesteps. */
export function moved([start, stop]: Span, by: number, timesteps: number): Span {
  const shift = Math.min(Math.max(Math.round(by), -start), timesteps - stop);
  return [start + shift, stop + shift];
}

/** From one place to another, in either order, and no shorter than a window may be. */
export function between(a: number, b: number, timesteps: number): Span {
  const length = Math.min(timesteps, Math.max(LEAST, Math.round(Math.abs(a - b))));
  // Too short a stretch grows away from where it was begun.
  return moved([0, length], a <= b ? a : a - length, timesteps);
}

/** `factor` times as long, round a timestep that stays where it stands on the screen. */
export function zoomed([start, stop]: Span, timestep: number, factor: number, timesteps: number): Span {
  const length = Math.min(timesteps, Math.max(LEAST, Math.round((stop - start) * factor)));
  const part = (timestep + 0.5 - start) / (stop - start);
  return moved([0, length], timestep + 0.5 - part * length, timesteps);
}
