import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { always, type View } from "../view.ts";
import { bandsOf, panelOf } from "./map/panel.ts";

/** Heights of a row; beside the scatter it is a line of text. */
const LIMITS = { map: [4, 16], all: [2, 16], saturation: [14, 14], weights: [4, 16] } as const;
/** The map never becomes smaller than this, whatever stands round it; under the charts sixteen units can be told apart. */
const LEAST = { map: 88, all: 180, saturation: 180, weights: 176 };
/** Between the maps of several quantities. */
const BETWEEN = 5;

export interface Rows {
  units: number;
  /** Of one row, in CSS pixels. */
  height: number;
  /** Rows on screen, the same in each band. */
  visible: number;
  /** From one band, the map of one quantity, to the next. */
  pitch: number;
  /** Of everything. */
  frame: number;
}

/** How many rows of the map there are, how high, and which are on screen. */
export interface Room {
  /** Pixels that the rest of the widget leaves. */
  available: Signal<number>;
  rows: ReadonlySignal<Rows>;
  /** The row at the top. */
  first: ReadonlySignal<number>;
  at(y: number): { unit: number; quantity: string } | undefined;
}

/** Rows are whole: scrolling moves by rows, so that no unit is ever shown half. */
export function createRoom(view: View, scroller: HTMLElement): Room {
  const { store } = view;
  const available = signal(300);
  const scrolled = signal(0);
  const rows = computed<Rows>(() => {
    const panel = panelOf(store);
    const bands = panel === "all" ? bandsOf(store).length : 1;
    const units = store.order.value.length;
    const room = Math.max(LEAST[panel], available.value);
    const band = Math.floor((room + BETWEEN) / bands) - BETWEEN;
    const [smallest, largest] = LIMITS[panel];
    const height = Math.min(largest, Math.max(smallest, Math.floor(band / Math.max(1, units))));
    const visible = Math.min(units, Math.floor(band / height));
    const pitch = visible * height + BETWEEN;
    // The scatter takes its room however few units there are.
    return { units, height, visible, pitch, frame: panel === "saturation" ? room : bands * pitch - BETWEEN };
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
    const row = store.order.value.indexOf(store.unit.value);
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
    at(y) {
      const { height, visible, pitch } = rows.peek();
      const quantity = bandsOf(store)[Math.floor(y / pitch)];
      const row = Math.floor((y % pitch) / height);
      const unit = store.order.peek()[first.peek() + row];
      return y < 0 || row >= visible || unit === undefined || !quantity ? undefined : { unit, quantity };
    },
  };
}
