/**
 * The selection as traits of the model, both ways.
 *
 * A kernel that is busy goes on to send what it selects, and has not read yet what was chosen here: while a training runs,
 * minutes ago. So what is told has a count, and what the kernel sends says how far it has read (`_heard`). What was chosen
 * here and not read there stands, whatever comes, and is told again.
 */

import { batch, effect, type Signal } from "@preact/signals-core";
import { afterPaint } from "./after.ts";
import { placeNow, readSteps } from "./data/steps.ts";
import { type Model, onNews } from "./model.ts";
import type { Steps } from "./protocol.ts";
import { type Selection, START } from "./selection.ts";

export const KEYS = Object.keys(START) as (keyof Selection)[];
/** These are places among the steps, which move as steps come and go. */
const PLACES: (keyof Selection)[] = ["step", "compared_step"];

export type Selected = { [K in keyof Selection]: Signal<Selection[K]> };

export function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

export function keepInSync(model: Model, selected: Selected, steps: Signal<Steps>, signalToStop: AbortSignal): void {
  const get = (key: keyof Selection) => model.get(key) ?? START[key];
  /** What both sides had last. */
  const agreed = new Map<string, unknown>(KEYS.map((key) => [key, get(key)]));
  /** The count of the message that told it last. */
  const told = new Map<string, number>();
  // Of several pages the one that was opened last has the largest: the others do as if all were read.
  let count = Math.max(Date.now(), Number(model.get("_heard")) || 0);
  let callOff: (() => void) | undefined;

  /** Who is at the newest step goes on with it; who is elsewhere stays there. */
  function moved(place: unknown, key: keyof Selection, before: number[], now: number[]): unknown {
    if (typeof place !== "number") return place;
    return key === "step" && place >= before.length - 1 ? now.length - 1 : placeNow(place, before, now);
  }

  function take(): void {
    const [before, now] = [steps.peek().numbers, readSteps(model)];
    const heard = Number(model.get("_heard"));
    batch(() => {
      if (!same(now, steps.peek())) steps.value = now;
      for (const key of KEYS) {
        const target = selected[key] as Signal<unknown>;
        const [here, there] = [target.peek(), get(key)];
        const isChosenHere = !same(here, agreed.get(key)) || (told.get(key) ?? 0) > heard;
        if (!isChosenHere) agreed.set(key, there);
        const next = !isChosenHere ? there : PLACES.includes(key) ? moved(here, key, before, now.numbers) : here;
        if (!same(next, here)) target.value = next;
        if (!same(next, there)) tellSoon();
      }
    });
  }

  /** At most one message a frame, however fast the slider is dragged. */
  function tellSoon(): void {
    callOff ??= afterPaint(tell);
  }

  function tell(): void {
    callOff = undefined;
    const changed = KEYS.filter((key) => !same(model.get(key), selected[key].peek()));
    if (!changed.length) return;
    count++;
    for (const key of changed) {
      const value = selected[key].peek();
      agreed.set(key, value);
      told.set(key, count);
      model.set(key, value);
    }
    model.set("_heard", count);
    try {
      model.save_changes();
    } catch {
      // The comm is gone. What is selected here still holds; a new scene, should one be needed, will be missed aloud.
    }
  }

  onNews(model, [...KEYS, "_steps"], take, signalToStop);
  const stop = effect(() => {
    for (const key of KEYS) selected[key].value;
    tellSoon();
  });
  signalToStop.addEventListener("abort", () => {
    callOff?.();
    stop();
  });
}
