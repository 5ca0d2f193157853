import { goTo, zoomOut } from "./actions.ts";
import { edge, middle, timestepAt } from "./axis.ts";
import { add, make } from "./dom.ts";
import type { Span } from "./protocol.ts";
import { select } from "./store.ts";
import type { Theme } from "./theme.ts";
import { onFrame, type View } from "./view.ts";

/** A canvas as wide as the time axis. */
export interface Canvas {
  canvas: HTMLCanvasElement;
  /** Sizes and clears the canvas and gives CSS pixels; null while there is no room. */
  begin(height: number): CanvasRenderingContext2D | null;
}

/** One on the shared time axis, with the crosshair over it; dragging on it moves the time. */
export interface Plot extends Canvas {
  box: HTMLElement;
}

export function createPlot(view: View, parent: Element, name: string): Plot {
  const box = add(parent, make("div", `lw-plot ${name}`));
  const canvas = createCanvas(view, box);
  rangeBand(view, box);
  crosshair(view, box);
  scrub(view, box);
  return { box, ...canvas };
}

export function createCanvas(view: View, box: Element): Canvas {
  const canvas = add(box, make("canvas", "lw-canvas", { role: "img" }));
  return {
    canvas,
    begin(height) {
      const width = view.width.value;
      const density = view.density.value;
      const [wide, high] = [Math.round(width * density), Math.round(height * density)];
      if (wide < 1 || high < 1) return null;
      // Setting a size clears and re-allocates, also when it is the same one.
      if (canvas.width !== wide) canvas.width = wide;
      if (canvas.height !== high) canvas.height = high;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      const context = canvas.getContext("2d");
      context?.setTransform(1, 0, 0, 1, 0, 0);
      context?.clearRect(0, 0, wide, high);
      context?.scale(density, density);
      return context;
    },
  };
}

function crosshair(view: View, box: HTMLElement): void {
  const line = add(box, make("div", "lw-crosshair"));
  onFrame(view, () => {
    const zoom = view.store.zoom.value;
    const t = view.store.timestep.value;
    line.hidden = t < zoom[0] || t >= zoom[1];
    line.style.transform = `translateX(${Math.round(middle(t, zoom, view.width.value) - 0.5)}px)`;
  });
}

/** The stretch of time that is asked about. */
function rangeBand(view: View, box: HTMLElement): void {
  const band = add(box, make("div", "lw-range-band"));
  onFrame(view, () => {
    const [range, zoom, width] = [view.store.range.value, view.store.zoom.value, view.width.value];
    const [left, right] = range ? range.map((t) => Math.min(Math.max(edge(t, zoom, width), 0), width)) : [];
    band.hidden = left === undefined || right === undefined || right <= left;
    if (left === undefined || right === undefined) return;
    band.style.transform = `translateX(${left}px)`;
    band.style.width = `${right - left}px`;
  });
}

/** Where on the time axis a pointer is. */
export function timestepOf(view: View, box: Element, event: MouseEvent): number {
  const x = event.clientX - box.getBoundingClientRect().left;
  return timestepAt(x, view.store.zoom.peek(), view.width.peek());
}

function scrub(view: View, box: HTMLElement): void {
  /** Where a drag with Shift began: it marks a stretch instead of moving. */
  let marked = -1;
  const drag = (event: PointerEvent) => {
    const t = timestepOf(view, box, event);
    if (event.type === "pointerdown") {
      view.playing.value = false;
      marked = event.shiftKey ? t : -1;
      if (marked >= 0) return;
    }
    if (marked < 0) goTo(view.store, t);
    else select(view.store, { range: [Math.min(t, marked), Math.max(t, marked) + 1] });
  };
  onDrag(view, box, drag, (event) => {
    // A press with Shift that went nowhere takes the stretch off.
    if (marked >= 0 && timestepOf(view, box, event) === marked) select(view.store, { range: null });
  });
  box.addEventListener("dblclick", () => zoomOut(view.store), { signal: view.stop });
}

/** Follows a pointer that was pressed on `box` until it is let go: `drag` hears of the press and of each move. */
export function onDrag(
  view: View,
  box: HTMLElement,
  drag: (event: PointerEvent) => void,
  drop: (event: PointerEvent) => void = () => {},
): void {
  let dragging = -1;
  const on = (
    name: "pointerdown" | "pointermove" | "pointerup" | "pointercancel",
    act: (event: PointerEvent) => void,
  ) => box.addEventListener(name, act, { signal: view.stop });
  on("pointerdown", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey) return;
    dragging = event.pointerId;
    capture(box, dragging);
    drag(event);
  });
  on("pointermove", (event) => {
    if (event.pointerId === dragging) drag(event);
  });
  on("pointerup", (event) => {
    if (event.pointerId === dragging) drop(event);
    dragging = -1;
  });
  on("pointercancel", () => {
    dragging = -1;
  });
}

function capture(box: HTMLElement, pointer: number): void {
  try {
    box.setPointerCapture(pointer);
  } catch {
    // The pointer is already gone, or a script made the event: the drag then ends at the edge.
  }
}

/** A word on a canvas, with a halo where it stands over something. */
export function write(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  text: string,
  colour: string,
  align: CanvasTextAlign = "left",
  halo = "",
): void {
  context.textAlign = align;
  if (halo) {
    context.save();
    context.strokeStyle = halo;
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeText(text, x, y);
    context.restore();
  }
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

/** Diagonal hatching over steps that were masked: the layer computed nothing there. */
export function hatch(
  context: CanvasRenderingContext2D,
  masked: Span[],
  zoom: Span,
  width: number,
  height: number,
  theme: Theme,
): void {
  for (const [start, stop] of masked) {
    const left = Math.max(0, edge(start, zoom, width));
    const right = Math.min(width, edge(stop, zoom, width));
    if (right <= left) continue;
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left, height);
    context.clip();
    // On the map this fades the states that were carried, which are not new numbers.
    context.fillStyle = theme.paper;
    context.globalAlpha = 0.5;
    context.fillRect(left, 0, right - left, height);
    context.globalAlpha = 1;
    context.fillStyle = theme.veil;
    context.fillRect(left, 0, right - left, height);
    context.strokeStyle = theme.rule;
    context.lineWidth = 1;
    context.beginPath();
    // Lines start at multiples of their distance, so that the bands of all views continue each other.
    for (let x = Math.floor((left - height) / 7) * 7; x < right; x += 7) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
    }
    context.stroke();
    context.restore();
  }
}
