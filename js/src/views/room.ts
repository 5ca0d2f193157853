import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { always, type View } from "../view.ts";

const SMALLEST = 4;
const LARGEST = 16;
/** The map never becomes smaller than this, whatever stands round it. */
const LEAST = 88;

export interface Rows {
  units: number;
  /** Of one row, in CSS pixels. */
  height: number;
  visible: number;
}

/** How many rows of the map there are, how high, and which are on screen. */
export interface Room {
  /** Pixels that the rest of the widget leaves. */
  available: Signal<number>;
  rows: ReadonlySignal<Rows>;
  /** The row at the top. */
  first: ReadonlySignal<number>;
  unitAt(y: number): number | undefined;
}

/** Rows are whole: scrolling moves by rows, so that no unit is ever shown half. */
export function createRoom(view: View, scroller: HTMLElement): Room {
  const { store } = view;
  const available = signal(300);
  const scrolled = signal(0);
  const rows = computed<Rows>(() => {
    const units = store.shown.value?.scene.order.length ?? 0;
    const room = Math.max(LEAST, available.value);
    const height = Math.min(LARGEST, Math.max(SMALLEST, Math.floor(room / Math.max(1, units))));
    return { units, height, visible: Math.min(units, Math.floor(room / height)) };
  });
  const first = computed(() => {
    const { units, height, visible } = rows.value;
    return Math.max(0, Math.min(Math.round(scrolled.value / height), units - visible));
  });
  scroller.addEventListener(
    "scroll",
    () => {
      scrolled.value = scroller.scrollTop;
    },
    { signal: view.stop },
  );

  // The selected unit comes into view when it changes or moves, but scrolling away from it is allowed.
  always(view, () => {
    const row = store.shown.value?.scene.order.indexOf(store.unit.value) ?? -1;
    const { height, visible } = rows.value;
    const top = first.peek();
    const wanted = row < top ? row : row >= top + visible ? row - visible + 1 : top;
    if (row < 0 || wanted === top) return;
    // The spacer takes its new height in the next frame; before that the scroller cannot go so far.
    requestAnimationFrame(() => {
      if (view.stop.aborted) return;
      scroller.scrollTop = wanted * height;
      scrolled.value = scroller.scrollTop;
    });
  });

  return {
    available,
    rows,
    first,
    unitAt(y) {
      const { height, visible } = rows.peek();
      const row = Math.floor(y / height);
      if (row < 0 || row >= visible) return undefined;
      return store.shown.peek()?.scene.order[first.peek() + row];
    },
  };
}
