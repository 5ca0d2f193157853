/** What a person can do to the selection; keys, pointers and buttons all end here. */

import type { Span } from "./protocol.ts";
import { type Store, select } from "./store.ts";

export function goTo(store: Store, timestep: number): void {
  const timesteps = store.shown.peek()?.scene.timesteps ?? 1;
  const t = Math.min(Math.max(timestep, 0), timesteps - 1);
  const [start, stop] = store.zoom.peek();
  // The window follows: what is selected is always on screen.
  const shift = t < start ? t - start : t >= stop ? t - stop + 1 : 0;
  select(store, shift ? { timestep: t, zoom: [start + shift, stop + shift] } : { timestep: t });
}

export function step(store: Store, by: number): void {
  goTo(store, store.timestep.peek() + by);
}

/** The first or last timestep of the window, then of the sequence. */
export function goToEnd(store: Store, end: "first" | "last"): void {
  const [start, stop] = store.zoom.peek();
  const timesteps = store.shown.peek()?.scene.timesteps ?? 1;
  const edge = end === "first" ? start : stop - 1;
  const far = end === "first" ? 0 : timesteps - 1;
  goTo(store, store.timestep.peek() === edge ? far : edge);
}

/** The unit `by` rows further down the map. */
export function stepUnit(store: Store, by: number): void {
  const order = store.order.peek();
  const row = order.indexOf(store.unit.peek());
  const unit = order[Math.min(Math.max(row + by, 0), order.length - 1)];
  if (unit !== undefined) select(store, { unit });
}

export function togglePin(store: Store, unit: number): void {
  const pinned = store.pinned.peek();
  select(store, { pinned: pinned.includes(unit) ? pinned.filter((other) => other !== unit) : [...pinned, unit] });
}

/** The `index`-th quantity of the layer, from 0. */
export function pickQuantity(store: Store, index: number): void {
  const quantity = store.shown.peek()?.scene.quantities[index];
  if (quantity) select(store, { quantity });
}

export function zoomTo(store: Store, zoom: Span): void {
  const [start, stop] = zoom;
  const t = Math.min(Math.max(store.timestep.peek(), start), stop - 1);
  select(store, { zoom: [start, stop], timestep: t });
}

export function zoomOut(store: Store): void {
  select(store, { zoom: [0, store.shown.peek()?.scene.timesteps ?? 1] });
}

/** First here alone, then from there to here, then nothing. */
export function mark(store: Store): void {
  const [range, t] = [store.range.peek(), store.timestep.peek()];
  if (!range) select(store, { range: [t, t + 1] });
  else if (range[1] - range[0] > 1) select(store, { range: null });
  else select(store, { range: t === range[0] ? null : [Math.min(t, range[0]), Math.max(t, range[0]) + 1] });
}
