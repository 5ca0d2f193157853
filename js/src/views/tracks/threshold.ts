import { goTo } from "../../actions.ts";
import { middle } from "../../axis.ts";
import { bestSheet, exactTile, unitTile } from "../../data/tiles.ts";
import { add, make } from "../../dom.ts";
import { brief } from "../../format.ts";
import { crossings } from "../../memory.ts";
import { select } from "../../store.ts";
import { addKey, onFrame, type View } from "../../view.ts";
import { type Band, heightOf } from "../lines.ts";
import { bandOf } from "./bands.ts";

/** Part of the track by which a key moves the threshold. */
const STEP = 0.05;

/** A line across the track of the map's quantity: dragged by its handle, with a tick at each crossing. */
export function threshold(view: View, box: HTMLElement): void {
  const { store } = view;
  const line = add(box, make("div", "lw-threshold"));
  const handle = add(box, make("div", "lw-handle"));
  const ticks = add(box, make("canvas", "lw-crossings", { "aria-hidden": "true" }));
  const text = add(handle, make("span", "lw-handle-text"));

  onFrame(view, () => {
    view.loader.version.value;
    const band = trackOf(view);
    line.hidden = handle.hidden = ticks.hidden = !band;
    if (!band) return;
    const value = store.selected.threshold.value;
    const y = Math.round(heightOf(value ?? (band.low + band.high) / 2, band));
    handle.toggleAttribute("data-lw-set", value !== null);
    handle.style.transform = `translate(${band.width}px, ${y}px)`;
    handle.title = value === null ? "drag for a threshold (keys , and .)" : "drag; double click takes it off";
    text.textContent = value === null ? "" : brief(value);
    line.hidden = ticks.hidden = value === null;
    line.style.transform = `translateY(${y}px)`;
    if (value !== null) drawTicks(view, ticks, band, y, value);
  });
  drag(view, box, handle);
  addKeys(view);
}

function trackOf(view: View): Band | null {
  const { store } = view;
  const scene = store.shown.value?.scene;
  const index = scene?.quantities.indexOf(store.quantity.value) ?? -1;
  return scene && index >= 0 ? bandOf(scene, index, store.zoom.value, view.width.value) : null;
}

/** Exact crossings where each timestep is here; else one at each merged stretch that holds one. */
function found(view: View, value: number): number[] {
  const { store, loader } = view;
  const shown = store.shown.peek();
  if (!shown) return [];
  const [unit, quantity] = [store.unit.peek(), store.quantity.peek()];
  const sheet = bestSheet(loader, shown, unitTile(shown.scene, unit, store.zoom.peek(), view.width.peek()));
  const values = sheet?.row(quantity, unit);
  if (!sheet || !values) return [];
  const { start, stride } = sheet.block;
  if (sheet.exact) return crossings(values, start, value);
  const [least, most] = [sheet.row(quantity, unit, "minimum"), sheet.row(quantity, unit, "maximum")];
  const inside = Array.from(values, (_, i) => i).filter((i) => (least?.[i] ?? 0) < value && value <= (most?.[i] ?? 0));
  const between = crossings(values, 0, value);
  return [...new Set([...inside, ...between])].sort((a, b) => a - b).map((column) => start + column * stride);
}

function drawTicks(view: View, canvas: HTMLCanvasElement, band: Band, y: number, value: number): void {
  const { store } = view;
  // Read, so that they are drawn again: the list itself only peeks.
  store.shown.value;
  store.unit.value;
  const width = Math.max(1, Math.round(band.width));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== 7) canvas.height = 7;
  canvas.style.transform = `translateY(${y - 3}px)`;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.clearRect(0, 0, width, 7);
  context.fillStyle = view.theme.value.accent;
  for (const timestep of found(view, value)) {
    const x = Math.round(middle(timestep, band.zoom, band.width) - 0.5);
    context.fillRect(x, 0, 1, 7);
  }
}

function drag(view: View, box: HTMLElement, handle: HTMLElement): void {
  const options = { signal: view.stop };
  const at = (event: PointerEvent) => {
    const band = trackOf(view);
    if (!band) return;
    const part = (event.clientY - box.getBoundingClientRect().top - band.top) / band.height;
    set(view, band.high - Math.min(Math.max(part, 0), 1) * (band.high - band.low));
  };
  handle.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      handle.setPointerCapture(event.pointerId);
    },
    options,
  );
  handle.addEventListener("pointermove", (event) => handle.hasPointerCapture(event.pointerId) && at(event), options);
  handle.addEventListener(
    "dblclick",
    (event) => {
      event.stopPropagation();
      select(view.store, { threshold: null });
    },
    options,
  );
}

function set(view: View, value: number): void {
  select(view.store, { threshold: Number(value.toPrecision(3)) });
}

function addKeys(view: View): void {
  const { store } = view;
  const move = (by: number) => {
    const band = trackOf(view);
    if (!band) return;
    const [range, now] = [band.high - band.low, store.selected.threshold.peek()];
    const next = now === null ? (band.low + band.high) / 2 : now + by * STEP * range;
    set(view, Math.min(Math.max(next, band.low), band.high));
  };
  const isSet = () => store.selected.threshold.peek() !== null;
  addKey(view, ",", "threshold lower, higher", () => move(-1));
  addKey(view, ".", "threshold lower, higher", () => move(1));
  addKey(view, "Delete", "no threshold", () => select(store, { threshold: null }), isSet);
  addKey(view, "[", "previous, next crossing", () => jump(view, -1), isSet);
  addKey(view, "]", "previous, next crossing", () => jump(view, 1), isSet);
}

/** To the next crossing in that direction: first among the numbers that are exact and near, else in the window's. */
function jump(view: View, by: -1 | 1): void {
  const { store, loader } = view;
  const shown = store.shown.peek();
  const value = store.selected.threshold.peek();
  if (!shown || value === null) return;
  const now = store.timestep.peek();
  const [unit, quantity] = [store.unit.peek(), store.quantity.peek()];
  const near = bestSheet(loader, shown, exactTile(shown.scene, unit, now));
  const row = near?.exact ? near.row(quantity, unit) : null;
  const exact = near && row ? crossings(row, near.block.start, value) : [];
  const beyond = (list: number[]) => (by > 0 ? list.find((t) => t > now) : list.filter((t) => t < now).pop());
  const next = beyond(exact) ?? beyond(found(view, value));
  if (next !== undefined) goTo(store, next);
}
