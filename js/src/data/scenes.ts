/** Scenes that have been here: going back to one, or through the steps of a training, shows it at once. */

import { type Signal, signal } from "@preact/signals-core";
import type { Scene } from "../protocol.ts";
import type { Shown } from "./decode.ts";

/** Bytes of overviews that are kept; the least recently used go first. */
const ROOM = 32_000_000;

/** Which scene. */
export type Place = Pick<Scene, "layer" | "sample" | "step" | "sort">;

export interface Scenes {
  /** Rises with every change: read it to hear of them. */
  readonly version: Signal<number>;
  keep(place: Place, shown: Shown): void;
  find(place: Place): Shown | undefined;
}

const key = ({ layer, sample, step, sort }: Place) => JSON.stringify([layer, sample, step, sort]);
const sizeOf = (shown: Shown) => shown.overview?.data.byteLength ?? 0;

export function createScenes(): Scenes {
  const version = signal(0);
  const kept = new Map<string, Shown & { place: Place }>();
  let used = 0;

  /** As a training goes on, numbers outgrow the colours, and units change their order: the newest scene says for all. */
  function agree(name: "ranges" | "order", of: Scene, others: [string, Shown & { place: Place }][]): void {
    // They agreed so far, so one tells.
    const [, first] = others[0] ?? [];
    if (!first || JSON.stringify(first.scene[name]) === JSON.stringify(of[name])) return;
    for (const [other, entry] of others) kept.set(other, { ...entry, scene: { ...entry.scene, [name]: of[name] } });
  }

  function drop(name: string): void {
    used -= sizeOf(kept.get(name) as Shown);
    kept.delete(name);
  }

  return {
    version,
    keep(place, shown) {
      const name = key(place);
      const known = kept.get(name);
      if (known) drop(name);
      const { scene } = shown;
      // The model was trained on, and all that was here is of before.
      for (const [other, old] of [...kept]) if (old.scene.generation !== scene.generation) drop(other);
      const those = (isAlike: (at: Place) => boolean) => [...kept].filter(([, old]) => isAlike(old.place));
      const { layer, sample, sort } = place;
      agree(
        "ranges",
        scene,
        those((at) => at.layer === layer),
      );
      agree(
        "order",
        scene,
        those((at) => at.layer === layer && at.sample === sample && at.sort === sort),
      );
      kept.set(name, { ...shown, place });
      used += sizeOf(shown);
      for (const oldest of kept.keys()) {
        if (used <= ROOM || oldest === name) break;
        drop(oldest);
      }
      version.value++;
    },
    find(place) {
      const name = key(place);
      const found = kept.get(name);
      if (found) {
        // A map keeps the order of insertion: the end is the most recently used.
        kept.delete(name);
        kept.set(name, found);
      }
      return found;
    },
  };
}
