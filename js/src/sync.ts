/** The selection as traits of the model, both ways. */

import { effect, type Signal } from "@preact/signals-core";
import { afterPaint } from "./after.ts";
import { listen, type Model } from "./model.ts";
import { type Selection, START } from "./selection.ts";

export const KEYS = Object.keys(START) as (keyof Selection)[];

export type Selected = { [K in keyof Selection]: Signal<Selection[K]> };

export function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

export function syncFromModel(model: Model, selected: Selected, signalToStop: AbortSignal): void {
  for (const key of KEYS) {
    const target = selected[key] as Signal<unknown>;
    const read = () => {
      const value = model.get(key);
      if (!same(value, target.peek())) target.value = value;
    };
    listen(model, `change:${key}`, read, signalToStop);
  }
}

/** At most one message a frame, however fast the slider is dragged. */
export function syncToModel(model: Model, selected: Selected, signalToStop: AbortSignal): void {
  let callOff: (() => void) | undefined;
  const flush = () => {
    callOff = undefined;
    let changed = false;
    for (const key of KEYS) {
      const value = selected[key].peek();
      if (same(model.get(key), value)) continue;
      model.set(key, value);
      changed = true;
    }
    try {
      if (changed) model.save_changes();
    } catch {
      // The comm is gone. What is selected here still holds; a new scene, should one be needed, will be missed aloud.
    }
  };
  const stop = effect(() => {
    for (const key of KEYS) selected[key].value;
    callOff ??= afterPaint(flush);
  });
  signalToStop.addEventListener("abort", () => {
    callOff?.();
    stop();
  });
}
