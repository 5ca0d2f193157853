import type { Sheet, Shown } from "../../data/decode.ts";
import { bestSheet, mapTiles, toAsk } from "../../data/tiles.ts";
import { hatch, type Plot } from "../../plot.ts";
import { clearMasked, columnsOf, createLine, limitsOf, paintUnit, type Source } from "../../raster.ts";
import type { View } from "../../view.ts";
import type { Room } from "../room.ts";
import { sourcesOf } from "./compare.ts";
import { bandsOf } from "./panel.ts";
import { scaleOf } from "./scale.ts";

/** Paints the units that are on screen; again after new numbers, zoom, order, theme or scroll, never for a timestep. */
export function createPainter(view: View, room: Room, plot: Plot): () => void {
  const { store, loader } = view;
  // Scrolling paints often: it is always the same buffer.
  let image: ImageData | null = null;

  return () => {
    loader.version.value;
    const shown = store.shown.value;
    if (!shown) return;
    const { height, visible, pitch, frame } = room.rows.value;
    const quantities = bandsOf(store);
    const [zoom, width, theme] = [store.zoom.value, view.width.value, view.theme.value];
    const units = store.order.value.slice(room.first.value, room.first.value + visible);
    const { from, minus } = sourcesOf(store, shown);
    const both = minus ? [from, minus] : [from];
    const ask = both.flatMap((each) =>
      quantities.flatMap((quantity) => toAsk(each, mapTiles(each.scene, quantity, units, zoom, width))),
    );
    loader.want(`${view.id} map`, ask);
    plot.canvas.setAttribute("aria-label", describe(view, quantities, units.length));
    const context = plot.begin(frame);
    const { width: wide, height: high } = plot.canvas;
    if (!context || !wide || !high) return;

    if (image?.width !== wide || image.height !== high) image = context.createImageData(wide, high);
    const pixels = new Uint32Array(image.data.buffer);
    pixels.fill(0);
    const line = createLine(wide);
    const density = high / frame;
    const gap = height >= 8 ? 1 : 0;
    for (const [band, quantity] of quantities.entries()) {
      const scale = scaleOf(view, quantity);
      const [source, other] = both.map((each) => sheetsOf(view, each, quantity, units, wide));
      for (const [row, unit] of units.entries()) {
        const top = Math.round((band * pitch + row * height) * density);
        const bottom = Math.round((band * pitch + (row + 1) * height) * density);
        const cells: Source = { quantity, unit, ...(source?.(unit) ?? NOTHING) };
        if (other) cells.minus = other(unit);
        const [low, most] = scale.own ? limitsOf(cells, scale.signed) : [scale.low, scale.high];
        paintUnit(pixels, wide, top, bottom - top, gap, cells, { ...scale, low, high: most }, line);
      }
    }
    clearMasked(pixels, wide, from.scene.masked, zoom, scaleOf(view, store.quantity.value).nan);
    context.putImageData(image, 0, 0);
    for (let band = 0; band < quantities.length; band++) {
      context.save();
      context.translate(0, band * pitch);
      hatch(context, from.scene.masked, zoom, width, visible * height, theme);
      context.restore();
    }
  };
}

type Found = Pick<Source, "sheet" | "columns">;
const NOTHING: Found = { sheet: null, columns: new Int32Array() };

/** For each unit the tile that holds it, and which of its columns each pixel shows. */
function sheetsOf(view: View, shown: Shown, quantity: string, units: number[], wide: number) {
  const zoom = view.store.zoom.value;
  const columns = new Map<Sheet, Int32Array>();
  const found = mapTiles(shown.scene, quantity, units, zoom, view.width.value).map((body) => {
    const sheet = bestSheet(view.loader, shown, body);
    if (sheet && !columns.has(sheet)) columns.set(sheet, columnsOf(sheet, zoom, wide));
    const held = body.kind === "tile" ? body.units : [];
    return { held, sheet, columns: (sheet && columns.get(sheet)) ?? NOTHING.columns };
  });
  return (unit: number): Found => found.find(({ held }) => held.includes(unit)) ?? NOTHING;
}

function describe({ store }: View, quantities: string[], visible: number): string {
  const labels = quantities.map((quantity) => store.catalogue.quantities[quantity]?.label ?? quantity).join(", ");
  const scene = store.shown.value?.scene;
  return `Map of the ${labels} of ${visible} of ${scene?.units} units of ${scene?.layer} over time`;
}
