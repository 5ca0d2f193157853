import { signal } from "@preact/signals-core";
import type { Loader } from "./data/loader.ts";
import { add, make } from "./dom.ts";
import { attachKeys } from "./keyboard.ts";
import { attachPlay } from "./play.ts";
import type { Store } from "./store.ts";
import { watchTheme } from "./theme.ts";
import { onFrame, type View } from "./view.ts";
import { caption } from "./views/caption.ts";
import { compare } from "./views/compare.ts";
import { diagram } from "./views/diagram.ts";
import { head } from "./views/head.ts";
import { inputSeries } from "./views/input.ts";
import { map } from "./views/map.ts";
import { minimap } from "./views/minimap.ts";
import { numbers } from "./views/numbers.ts";
import { output } from "./views/output.ts";
import type { Room } from "./views/room.ts";
import { slider } from "./views/slider.ts";
import { steps } from "./views/steps.ts";
import { text } from "./views/text.ts";
import { tracks } from "./views/tracks.ts";

/** Left of the time axis stand names, right of it the map's scroll bar. */
const GUTTER = 124;
const MARGIN = 14;
/** From here on the numbers stand beside the plots, else below. */
const WIDE = 900;

/** One view of the widget, in `element`, until `stop` aborts. */
export function createFrame(element: HTMLElement, id: string, store: Store, loader: Loader, stop: AbortSignal): void {
  // The root takes the focus of presses on canvases, which have none: keys work where one has just clicked.
  const root = add(element, make("div", "lw-root", { role: "group", "aria-label": "LSTM widget", tabindex: "-1" }));
  stop.addEventListener("abort", () => root.remove());
  const view: View = {
    id,
    store,
    loader,
    root,
    stop,
    theme: watchTheme(root, stop),
    width: signal(480),
    density: signal(1),
    hover: signal(null),
    playing: signal(false),
    training: signal(false),
    keys: new Map(),
  };
  head(view, root);
  const body = add(root, make("div", "lw-body"));
  const stack = add(body, make("div", "lw-stack"));
  const side = add(body, make("div", "lw-side"));
  steps(view, stack);
  inputSeries(view, stack);
  text(view, stack);
  output(view, stack);
  minimap(view, stack);
  slider(view, stack);
  tracks(view, stack);
  compare(view);
  const room = map(view, stack);
  numbers(view, side);
  diagram(view, side);
  caption(view, root);
  attachKeys(view);
  attachPlay(view);
  divide(view, { body, stack, side, room });
}

interface Parts {
  body: HTMLElement;
  stack: HTMLElement;
  side: HTMLElement;
  room: Room;
}

/** Divides the room: the time axis takes the width, the map the height that the others leave. */
function divide(view: View, { body, stack, side, room }: Parts): void {
  const { root } = view;
  const size = signal(0);
  const measure = () => {
    const width = root.clientWidth;
    // Hosts that scroll an output out of sight report zero: keep what was.
    if (!width) return;
    root.toggleAttribute("data-lw-wide", width >= WIDE);
    view.density.value = window.devicePixelRatio || 1;
    view.width.value = Math.max(120, Math.floor(stack.clientWidth) - GUTTER - MARGIN);
    stack.style.setProperty("--lw-plot", `${view.width.value}px`);
    size.value = width;
  };
  // In the next frame: measured at once, a change of layout would change the size within its own notification.
  let frame = 0;
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(measure);
  });
  observer.observe(root);
  view.stop.addEventListener("abort", () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
  });
  measure();
  onFrame(view, () => {
    size.value;
    view.store.shown.value;
    room.rows.value;
    const scroller = stack.querySelector<HTMLElement>(".lw-scroller");
    if (!scroller || !root.offsetHeight) return;
    const besides = stack.offsetHeight - scroller.offsetHeight;
    const stacked = root.hasAttribute("data-lw-wide") ? 0 : side.offsetHeight;
    const around = root.offsetHeight - body.offsetHeight;
    room.available.value = view.store.height.value - around - besides - stacked;
  });
}
