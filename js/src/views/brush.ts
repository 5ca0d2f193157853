/** The window of the minimap under the hand: its ends resize, its middle moves, beside it a new one begins. */

import { goTo, zoomOut, zoomTo } from "../actions.ts";
import { edge, timestepAt } from "../axis.ts";
import { onDrag } from "../plot.ts";
import type { Scene, Span } from "../protocol.ts";
import { KEY } from "../relay.ts";
import type { View } from "../view.ts";
import { between, moved } from "../window.ts";

/** Narrower, the window could not be seen, nor taken by its ends. */
const NARROW = 8;
/** How near its end a pointer must be to take it. */
const REACH = 5;

/** Where the window stands in the whole: left and width, in pixels. */
export function placeOf(view: View, scene: Scene): [left: number, width: number] {
  const [start, stop] = view.store.zoom.value;
  const width = view.width.value;
  const [left, right] = [start, stop].map((t) => edge(t, [0, scene.timesteps], width)) as Span;
  const wide = Math.max(NARROW, right - left);
  return [Math.min(Math.max(0, (left + right - wide) / 2), width - wide), wide];
}

export function attachBrush(view: View, box: HTMLElement, brush: HTMLElement): void {
  attachPointer(view, box);
  attachKeys(view, brush);
}

/** What a drag does with the window, given where it began and where it is, in timesteps. */
type Drag = (from: number, to: number) => Span;

function attachPointer(view: View, box: HTMLElement): void {
  const { store } = view;
  const options = { signal: view.stop };
  let drag: { x: number; isMoving: boolean; change: Drag } | null = null;
  const scene = () => store.shown.peek()?.scene;
  const xOf = (event: PointerEvent) => event.clientX - box.getBoundingClientRect().left;
  const at = (x: number) => (x / view.width.peek()) * (scene()?.timesteps ?? 1);

  /** The ends are taken before the middle, and reach out of the window, where a small one has room for them. */
  const grip = (x: number): "start" | "stop" | "body" | "outside" => {
    const known = scene();
    if (!known) return "outside";
    const [left, wide] = placeOf(view, known);
    if (wide >= view.width.peek()) return "outside";
    const inwards = Math.min(REACH, wide / 4);
    if (x > left - REACH && x < left + inwards) return "start";
    if (x > left + wide - inwards && x < left + wide + REACH) return "stop";
    return x > left && x < left + wide ? "body" : "outside";
  };
  const changes = (part: ReturnType<typeof grip>, [start, stop]: Span, timesteps: number): Drag => {
    if (part === "start") return (from, to) => between(stop, Math.max(0, Math.min(stop, start + to - from)), timesteps);
    if (part === "stop") return (from, to) => between(start, Math.max(start, stop + to - from), timesteps);
    if (part === "body") return (from, to) => moved([start, stop], to - from, timesteps);
    return (from, to) => between(from, Math.min(Math.max(to, 0), timesteps), timesteps);
  };

  const follow = (event: PointerEvent) => {
    const [x, known] = [xOf(event), scene()];
    if (event.type === "pointerdown") {
      view.playing.value = false;
      drag = known ? { x, isMoving: false, change: changes(grip(x), store.zoom.peek(), known.timesteps) } : null;
    }
    if (!drag) return;
    // A hand that clicks is never quite still.
    drag.isMoving ||= Math.abs(x - drag.x) > 3;
    if (drag.isMoving) zoomTo(store, drag.change(at(drag.x), at(x)));
  };
  onDrag(view, box, follow, (event) => {
    const known = scene();
    if (known && drag && !drag.isMoving) jump(view, timestepAt(xOf(event), [0, known.timesteps], view.width.peek()));
  });
  box.addEventListener(
    "pointermove",
    (event) => {
      // While one drags, the hand stays what it was.
      if (event.buttons) return;
      const part = grip(xOf(event));
      box.style.cursor = part === "body" ? "grab" : part === "outside" ? "crosshair" : "ew-resize";
    },
    options,
  );
  box.addEventListener("dblclick", () => zoomOut(store), options);
}

/** To a timestep; where it lies outside the window, the window goes round it. */
function jump({ store }: View, timestep: number): void {
  const [start, stop] = store.zoom.peek();
  const timesteps = store.shown.peek()?.scene.timesteps ?? 1;
  if (timestep < start || timestep >= stop) {
    const zoom = moved([start, stop], timestep - (start + stop) / 2, timesteps);
    zoomTo(store, zoom);
  }
  goTo(store, timestep);
}

/** On the window itself the arrows move it, by a tenth of its length; with Shift its end. */
function attachKeys(view: View, brush: HTMLElement): void {
  brush.addEventListener(
    KEY,
    (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const timesteps = view.store.shown.peek()?.scene.timesteps;
      if (!by || !timesteps || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      const [start, stop] = view.store.zoom.peek();
      const tenth = by * Math.max(1, Math.round((stop - start) / 10));
      const longer = between(start, Math.min(timesteps, stop + tenth), timesteps);
      zoomTo(view.store, event.shiftKey ? longer : moved([start, stop], tenth, timesteps));
    },
    { signal: view.stop },
  );
}
