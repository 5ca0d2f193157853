/** Room for words beside lines. */

import { type Point, runs } from "../lines.ts";

/** In the plot's own corner: above at the right, or below at the left. */
export type Corner = "right" | "left";

/** So much further from the end is as bad as a pixel further from the edge: a flat line runs along it. */
const WORTH = 4;

/**
 * The left and the top of words of this size that stand clear of the lines and of what stands at `posts`: as near to their
 * corner as that goes, and in it where it does not.
 */
export function clearAt(
  lines: Point[][],
  posts: number[],
  words: { width: number; height: number },
  plot: { width: number; height: number },
  corner: Corner,
): [left: number, top: number] {
  const [right, low] = [Math.max(0, plot.width - words.width), plot.height - words.height];
  const best = { cost: Number.POSITIVE_INFINITY, away: 0, down: 0 };
  for (let down = 0; down <= low / 2; down++) {
    const top = corner === "right" ? down : low - down;
    const taken = columns(lines, posts, top, top + words.height);
    const away = clear(taken, words.width, right, corner);
    if (away !== null && away + WORTH * down < best.cost)
      Object.assign(best, { cost: away + WORTH * down, away, down });
  }
  return corner === "right" ? [right - best.away, best.down] : [best.away, low - best.down];
}

/** How far from its end a stretch of this width begins in which nothing is taken. */
function clear(taken: Set<number>, width: number, right: number, end: Corner): number | null {
  for (let away = 0; away <= right; away++) {
    const left = Math.floor(end === "left" ? away : right - away);
    let k = 0;
    while (k <= width && !taken.has(left + k)) k++;
    if (k > width) return away;
  }
  return null;
}

/** The columns of pixels in which something is between two heights. */
function columns(lines: Point[][], posts: number[], top: number, bottom: number): Set<number> {
  const taken = new Set(posts.map(Math.round));
  for (const run of lines.flatMap(runs))
    for (const [k, a] of run.entries()) {
      const b = run[k + 1] ?? a;
      const slope = (b.y - a.y) / (b.x - a.x || 1);
      for (let x = Math.floor(a.x); x <= b.x; x++) {
        const ends = [x, x + 1].map((at) => a.y + slope * (Math.min(Math.max(at, a.x), b.x) - a.x));
        if (Math.max(...ends) >= top && Math.min(...ends) <= bottom) taken.add(x);
      }
    }
  return taken;
}
