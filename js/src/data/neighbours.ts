/** Fetches the scenes of the steps round the slider, nearest first, so that scrubbing shows them at once. */

import { effect } from "@preact/signals-core";
import type { SceneAnswer } from "../protocol.ts";
import type { Store } from "../store.ts";
import { shown } from "./decode.ts";
import type { Loader } from "./loader.ts";
import type { Place } from "./scenes.ts";

/** Steps on either side. */
const REACH = 8;

export function fetchNeighbours(store: Store, loader: Loader, stop: AbortSignal): void {
  /** What the kernel would not give, or not at once. */
  const refused = new Set<string>();
  let isRunning = false;

  function next(): Place | undefined {
    const { numbers, training } = store.steps.peek();
    const [now, other] = [store.step.peek(), store.selected.compared_step.peek()];
    if (training || numbers.length < 2 || !store.shown.peek()) return undefined;
    const near = Array.from({ length: 2 * REACH }, (_, k) => now + (k % 2 ? -1 : 1) * (Math.floor(k / 2) + 1));
    const wanted = [other ?? now, ...near].filter((at) => at >= 0 && at < numbers.length);
    return wanted.map(store.placeOf).find((place) => !store.scenes.find(place) && !refused.has(JSON.stringify(place)));
  }

  async function run(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    // One at a time, and each chosen anew: the slider has moved on meanwhile.
    for (let place = next(); place && !stop.aborted; place = next()) {
      try {
        const { answer, buffers } = await loader.ask({ kind: "scene", ...place });
        store.scenes.keep(place, shown((answer as SceneAnswer).scene, buffers[0]));
      } catch {
        refused.add(JSON.stringify(place));
      }
    }
    isRunning = false;
  }

  const dispose = effect(() => {
    const { layer, sample, sort } = store.selected;
    for (const each of [layer, sample, sort, store.step, store.steps, store.selected.compared_step]) each.value;
    if (store.shown.value) void run();
  });
  stop.addEventListener("abort", () => dispose());
}
