/** Where each track stands. */

import { memoryOf } from "../../memory.ts";
import type { Scene, Span } from "../../protocol.ts";
import type { Band } from "../lines.ts";

/** Pixels of a track, and what of it stays empty. */
const TRACK = 28;
const GAP = 4;
/** The memory's own track has to show what is written into it and erased. */
const TALL = 50;

export function trackHeight(scene: Scene, index: number): number {
  return scene.quantities[index] === memoryOf(scene)?.state ? TALL : TRACK;
}

/** Of the first `count` tracks. */
export function heightOfTracks(scene: Scene, count = scene.quantities.length): number {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += trackHeight(scene, index);
  return sum;
}

export function bandOf(scene: Scene, index: number, zoom: Span, width: number): Band {
  const [low, high] = scene.ranges[scene.quantities[index] ?? ""] ?? [-1, 1];
  const top = heightOfTracks(scene, index) + GAP / 2;
  return { top, height: trackHeight(scene, index) - GAP, low, high, zoom, width };
}
