/** The input's words: asked for by window, like labels. */

import type { Scene, Span, WordsAnswer } from "../protocol.ts";
import type { Shown } from "./decode.ts";
import type { Loader } from "./loader.ts";
import type { Body } from "./requests.ts";

const WINDOW = 256;

function wordsBody(scene: Scene, timestep: number): Body {
  const start = Math.floor(timestep / WINDOW) * WINDOW;
  const stop = Math.min(start + WINDOW, scene.timesteps);
  return { kind: "words", layer: scene.layer, sample: scene.sample, step: scene.input_step, start, stop };
}

/** Requests for the words of a stretch. */
export function wordWindows(scene: Scene, [start, stop]: Span): Body[] {
  const first = Math.floor(start / WINDOW);
  const count = Math.ceil(stop / WINDOW) - first;
  return Array.from({ length: count }, (_, i) => wordsBody(scene, (first + i) * WINDOW));
}

/** A timestep's word; the number that stands for it until the word is here. */
export function wordOf(loader: Loader, { scene, input }: Shown, timestep: number): string {
  const answer = loader.get(wordsBody(scene, timestep)) as WordsAnswer | undefined;
  const word = answer?.words?.[timestep - answer.start];
  if (word !== undefined) return visible(String(word));
  const id = input?.exact ? input.value(input.block.quantities[0] ?? "", 0, timestep) : undefined;
  return id === undefined ? "\u2026" : String(id);
}

/** What would leave no trace on the screen: nothing at all, and white space. */
export function visible(word: string): string {
  if (word === "") return "\u2205";
  if (word.trim() !== "") return word;
  return word.replace(/\n/g, "\u23ce").replace(/\t/g, "\u21e5").replace(/\s/g, "\u2423");
}
