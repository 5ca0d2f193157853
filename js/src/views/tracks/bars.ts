import { edge } from "../../axis.ts";
import type { Change } from "../../memory.ts";
import type { Band } from "../lines.ts";

/** The bars of most timesteps are much smaller than the memory itself: they are magnified, by a power of two. */
const MOST = 64;
/** From here on a bar can be hollow. */
const HOLLOW = 4;

/** How much the bars of a unit may be magnified without leaving the track. */
export function magnification(found: Change[], limit: number): number {
  const largest = Math.max(0, ...found.map(({ written, erased }) => Math.max(Math.abs(written), Math.abs(erased))));
  let times = 1;
  while (times < MOST && largest > 0 && 2 * times * largest <= limit) times *= 2;
  return times;
}

/**
 * What was written into the memory, filled, and what was erased, hollow (or paler where there is no room): both from
 * the zero line, `times` as high as the scale of the track says, one on top of the other where they go the same way.
 */
export function drawBars(
  context: CanvasRenderingContext2D,
  found: Change[],
  times: number,
  [written, erased]: [written: string, erased: string],
  band: Band,
): void {
  const { zoom, width, top, height, low, high } = band;
  const y = (value: number) => top + height * (1 - Math.min(Math.max((value - low) / (high - low), 0), 1));
  const bar = (left: number, right: number, from: number, to: number, hollow: boolean) => {
    const [upper, lower] = [Math.min(y(from), y(to)), Math.max(y(from), y(to))];
    if (lower - upper < 0.25) return;
    if (hollow && right - left >= HOLLOW)
      context.strokeRect(left + 0.5, upper + 0.5, right - left - 1, lower - upper - 1);
    else context.fillRect(left, upper, right - left, lower - upper);
  };
  context.lineWidth = 1;
  for (const change of found) {
    const { timestep } = change;
    if (timestep < zoom[0] || timestep >= zoom[1]) continue;
    const [left, end] = [edge(timestep, zoom, width), edge(timestep + 1, zoom, width)];
    const right = end - left > 3 ? end - 1 : end;
    const [up, down] = [times * change.written, times * change.erased];
    context.fillStyle = written;
    context.globalAlpha = 0.55;
    bar(left, right, 0, up, false);
    context.fillStyle = context.strokeStyle = erased;
    context.globalAlpha = right - left >= HOLLOW ? 0.9 : 0.4;
    const base = Math.sign(up) === Math.sign(down) ? up : 0;
    bar(left, right, base, base + down, true);
  }
  context.globalAlpha = 1;
}
