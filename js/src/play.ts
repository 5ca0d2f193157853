import { effect } from "@preact/signals-core";
import { goTo } from "./actions.ts";
import type { View } from "./view.ts";

/** Milliseconds a timestep: fast enough to see movement, slow enough to follow a gate. */
const PACE = 83;

/** Plays through the window the way the layer reads it, and stops at its end. */
export function attachPlay(view: View): void {
  const { store } = view;
  const route = () => {
    const [start, stop] = store.zoom.peek();
    const backward = store.shown.peek()?.scene.direction === "backward";
    return backward ? { from: stop - 1, to: start, by: -1 } : { from: start, to: stop - 1, by: 1 };
  };
  const dispose = effect(() => {
    if (!view.playing.value) return;
    const { from, to } = route();
    const now = store.timestep.peek();
    if (now === to || (now - from) * (now - to) > 0) goTo(store, from);
    const timer = setInterval(() => {
      const { to: end, by } = route();
      const t = store.timestep.peek();
      if (t === end) view.playing.value = false;
      else goTo(store, t + by);
    }, PACE);
    return () => clearInterval(timer);
  });
  view.stop.addEventListener("abort", () => dispose());
}
