/** Scenes that have been here: going back to one, or through the steps of a training, shows it at once. */

import { type Signal, signal } from "@preact/signals-core";
import type { Scene } from "../protocol.ts";
import type { Shown } from "./decode.ts";

/** Bytes of overviews that are kept; the least recently used go first. */
const ROOM = 32_000_000;

/** Which scene. */
export interface Place extends Pick<Scene, "layer" | "sample" | "step"> {
  sort: string;
}

export interface Scenes {
  /** Rises with every change: read it to hear of them. */
  readonly version: Signal<number>;
  keep(place: Place, shown: Shown): void;
  find(place: Place): Shown | undefined;
  forget(): void;
}

const key = ({ layer, sample, step, sort }: Place) => JSON.stringify([layer, sample, step, sort]);
const sizeOf = (shown: Shown) => shown.overview?.data.byteLength ?? 0;

export function createScenes(): Scenes {
  const version = signal(0);
  const kept = new Map<string, Shown>();
  let used = 0;

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
      const { generation, layer, ranges } = shown.scene;
      // The model was trained on, and all that was here is of before.
      for (const [other, { scene }] of [...kept]) if (scene.generation !== generation) drop(other);
      // While a training goes on, numbers outgrow the colours: their limits are those of the newest scene for all.
      for (const [other, { scene, ...rest }] of kept)
        if (scene.layer === layer && JSON.stringify(scene.ranges) !== JSON.stringify(ranges))
          kept.set(other, { ...rest, scene: { ...scene, ranges } });
      kept.set(name, shown);
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
    forget() {
      kept.clear();
      used = 0;
      version.value++;
    },
  };
}
