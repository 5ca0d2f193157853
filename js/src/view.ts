import { effect, type ReadonlySignal, type Signal } from "@preact/signals-core";
import type { Loader } from "./data/loader.ts";
import type { Store } from "./store.ts";
import type { Theme } from "./theme.ts";

export interface Cell {
  unit: number;
  timestep: number;
  /** Where several are on screen; else the map's. */
  quantity?: string;
  /** Where the pointer is, in pixels of the plot. */
  x?: number;
}

/** What every part of one view shares: the store of the model, and the room this view has. */
export interface View {
  /** Tells this view's wants from those of another view of the same model. */
  id: string;
  store: Store;
  loader: Loader;
  root: HTMLElement;
  stop: AbortSignal;
  theme: ReadonlySignal<Theme>;
  /** The shared time axis, in CSS pixels. */
  width: Signal<number>;
  /** Device pixels in a CSS pixel. */
  density: Signal<number>;
  /** The cell of the map under the pointer. */
  hover: Signal<Cell | null>;
  playing: Signal<boolean>;
  /** The same for the steps of a training; one of both at a time. */
  training: Signal<boolean>;
  /** What the widget's own keys do, by `event.key`, `Shift+` before it where it is held. */
  keys: Map<string, Key>;
}

export interface Key {
  /** For the list of keys; keys with the same words share a line. */
  words: string;
  /** Some keys are the widget's only at times; at others they are the host's. */
  when(): boolean;
  act(): void;
}

/** Gives a key its meaning in this view. */
export function addKey(view: View, key: string, words: string, act: () => void, when = () => true): void {
  view.keys.set(key, { words, act, when });
}

/**
 * Runs `work` now and again in the next frame after anything that it read has changed: ten changes in
 * a frame are one painting.
 */
export function onFrame(view: View, work: () => void): void {
  let frame = 0;
  let dispose = () => {};
  const run = () => {
    frame = 0;
    dispose();
    let first = true;
    dispose = effect(() => {
      if (first) {
        first = false;
        work();
      } else if (!frame) frame = requestAnimationFrame(run);
    });
  };
  run();
  view.stop.addEventListener("abort", () => {
    cancelAnimationFrame(frame);
    dispose();
  });
}

/** Runs `work` now and at once after each change of what it read. */
export function always(view: View, work: Parameters<typeof effect>[0]): void {
  const dispose = effect(work);
  view.stop.addEventListener("abort", () => dispose());
}
