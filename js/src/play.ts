import { effect } from "@preact/signals-core";
import { goTo } from "./actions.ts";
import { timestepsAPixel } from "./axis.ts";
import type { View } from "./view.ts";

/** Milliseconds a step: fast enough to see movement, slow enough to follow a gate. */
const PACE = 83;
/** For people who asked for less motion. */
const CALM = 500;

/**
 * Plays through the window the way the layer reads it, and stops at its end; a timestep at a time, or a pixel
 * where a timestep is less.
 */
export function attachPlay(view: View): void {
  const { store } = view;
  const route = () => {
    const [start, stop] = store.zoom.peek();
    const by = timestepsAPixel([start, stop], view.width.peek());
    const backward = store.shown.peek()?.scene.direction === "backward";
    return backward ? { from: stop - 1, to: start, by: -by } : { from: start, to: stop - 1, by };
  };
  const dispose = effect(() => {
    if (!view.playing.value) return;
    const { from, to } = route();
    const now = store.timestep.peek();
    if (now === to || (now - from) * (now - to) > 0) goTo(store, from);
    const pace = matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM : PACE;
    const timer = setInterval(() => {
      const { to: end, by } = route();
      const t = store.timestep.peek();
      if (t === end) view.playing.value = false;
      else goTo(store, Math.abs(end - t) < Math.abs(by) ? end : t + by);
    }, pace);
    return () => clearInterval(timer);
  });
  view.stop.addEventListener("abort", () => dispose());
}
