import { pixel, table } from "../colour.ts";
import type { Sheet, Shown } from "../data/decode.ts";
import { bestSheet, mapTiles, toAsk } from "../data/tiles.ts";
import { add, make } from "../dom.ts";
import { createPlot, hatch, timestepOf } from "../plot.ts";
import { columnsOf, paintUnit, type Scale } from "../raster.ts";
import { select } from "../store.ts";
import { onFrame, type View } from "../view.ts";
import { mapHead } from "./maphead.ts";
import { createRoom, type Room } from "./room.ts";
import { unitList } from "./units.ts";

/** All units of the layer for one quantity; its labels are the unit selector. */
export function map(view: View, parent: Element): Room {
  const { store } = view;
  const section = add(parent, make("div", "lw-map"));
  const headRow = add(section, make("div", "lw-map-head"));
  const scroller = add(section, make("div", "lw-scroller", { tabindex: "-1" }));
  const spacer = add(scroller, make("div", "lw-spacer"));
  const window = add(spacer, make("div", "lw-row lw-window"));
  const room = createRoom(view, scroller);
  unitList(view, window, room);
  const plot = createPlot(view, window, "lw-map-plot");
  const chosen = add(plot.box, make("div", "lw-chosen"));
  mapHead(view, headRow, room);

  onFrame(view, () => {
    const { units, height, visible } = room.rows.value;
    scroller.style.height = window.style.height = `${visible * height}px`;
    spacer.style.height = `${units * height}px`;
  });
  onFrame(view, () => {
    const { height, visible } = room.rows.value;
    const row = (store.shown.value?.scene.order.indexOf(store.unit.value) ?? 0) - room.first.value;
    chosen.hidden = row < 0 || row >= visible;
    chosen.style.height = `${height}px`;
    chosen.style.transform = `translateY(${row * height}px)`;
  });
  onFrame(view, () => paint(view, room, plot));
  attachPointer(view, room, plot.box);
  return room;
}

function paint(view: View, room: Room, plot: ReturnType<typeof createPlot>): void {
  const { store, loader } = view;
  loader.version.value;
  const shown = store.shown.value;
  if (!shown) return;
  const { scene } = shown;
  const [quantity, zoom, width, theme] = [store.quantity.value, store.zoom.value, view.width.value, view.theme.value];
  const { height, visible } = room.rows.value;
  const units = scene.order.slice(room.first.value, room.first.value + visible);
  const bodies = mapTiles(scene, quantity, units, zoom, width);
  loader.want(`${view.id} map`, toAsk(shown, bodies));

  const known = store.catalogue.quantities[quantity];
  plot.canvas.setAttribute(
    "aria-label",
    `Map of the ${known?.label ?? quantity} of ${units.length} of ${scene.units} units of ${scene.layer} over time`,
  );
  const context = plot.begin(visible * height);
  const { width: wide, height: high } = plot.canvas;
  if (!context || !wide || !high) return;

  const [low, top] = scene.ranges[quantity] ?? [0, 1];
  const scale: Scale = {
    table: table(store.catalogue, known?.kind ?? "signed", theme.dark),
    low,
    high: top,
    // Masked steps stay open for the hatching below; any other NaN is a flat grey that no table holds.
    nan: theme.dark ? pixel(92, 80, 70) : pixel(214, 204, 190),
    clipped: theme.dark ? pixel(255, 214, 10) : pixel(0, 0, 0),
  };
  const image = context.createImageData(wide, high);
  const pixels = new Uint32Array(image.data.buffer);
  const line = high / Math.max(1, visible);
  const gap = height >= 8 ? 1 : 0;
  const columns = new Map<Sheet, Int32Array>();
  const sources = sheetsOf(view, shown, bodies);
  for (const [row, unit] of units.entries()) {
    const sheet = sources(unit);
    if (sheet && !columns.has(sheet)) columns.set(sheet, columnsOf(sheet, zoom, wide));
    const source = { sheet, quantity, unit, columns: (sheet && columns.get(sheet)) ?? new Int32Array() };
    const [from, to] = [Math.round(row * line), Math.round((row + 1) * line)];
    paintUnit(pixels, wide, from, to - from, gap, source, scale);
  }
  clearMasked(pixels, wide, scene.masked, zoom, scale.nan);
  context.putImageData(image, 0, 0);
  hatch(context, scene.masked, zoom, width, visible * height, theme);
}

/** For each unit the tile that holds it. */
function sheetsOf(view: View, shown: Shown, bodies: ReturnType<typeof mapTiles>): (unit: number) => Sheet | null {
  return (unit) => {
    const body = bodies.find((each) => each.kind === "tile" && each.units[0] <= unit && unit < each.units[1]);
    return body ? bestSheet(view.loader, shown, body) : shown.overview;
  };
}

/** Takes the NaN colour off masked steps, where NaN is what should be there. */
function clearMasked(
  pixels: Uint32Array,
  wide: number,
  masked: [number, number][],
  [start, stop]: [number, number],
  nan: number,
): void {
  for (const [from, to] of masked) {
    const left = Math.max(0, Math.ceil(((from - start) / (stop - start)) * wide));
    const right = Math.min(wide, Math.ceil(((to - start) / (stop - start)) * wide));
    for (let y = 0; left < right && y < pixels.length; y += wide)
      for (let i = y + left; i < y + right; i++) if (pixels[i] === nan) pixels[i] = 0;
  }
}

function attachPointer(view: View, room: Room, box: HTMLElement): void {
  const options = { signal: view.stop };
  const unitAt = (event: MouseEvent) => room.unitAt(event.clientY - box.getBoundingClientRect().top);
  box.addEventListener(
    "pointerdown",
    (event) => {
      const unit = unitAt(event);
      if (event.button === 0 && unit !== undefined) select(view.store, { unit });
    },
    options,
  );
  box.addEventListener(
    "pointermove",
    (event) => {
      const unit = unitAt(event);
      view.hover.value = unit === undefined ? null : { unit, timestep: timestepOf(view, box, event) };
    },
    options,
  );
  box.addEventListener(
    "pointerleave",
    () => {
      view.hover.value = null;
    },
    options,
  );
}
