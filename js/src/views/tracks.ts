import { signal } from "@preact/signals-core";
import { hue } from "../colour.ts";
import type { Sheet } from "../data/decode.ts";
import { bestSheet, toAsk, unitTile } from "../data/tiles.ts";
import { add, make } from "../dom.ts";
import { changes, memoryOf } from "../memory.ts";
import { createPlot, hatch } from "../plot.ts";
import type { Quantity, Scene } from "../protocol.ts";
import { onFrame, type View } from "../view.ts";
import { type Band, drawArea, drawBand, drawClipped, drawLine, heightOf, points } from "./lines.ts";
import { besideWords } from "./map/compare.ts";
import { bandOf, heightOfTracks } from "./tracks/bands.ts";
import { drawBars, magnification } from "./tracks/bars.ts";
import { dots } from "./tracks/dots.ts";
import { names } from "./tracks/names.ts";
import { shade } from "./tracks/shade.ts";
import { threshold } from "./tracks/threshold.ts";

/** Of the pinned, so many are drawn: more cannot be told apart. */
const PINNED = 6;

/** The selected unit's quantities, one above the other. */
export function tracks(view: View, parent: Element): void {
  const { store, loader } = view;
  const row = add(parent, make("div", "lw-row lw-tracks"));
  const gutter = add(row, make("div", "lw-gutter", { role: "group", "aria-label": "quantity of the map" }));
  const plot = createPlot(view, row, "lw-track-plot");
  /** How much the bars are magnified; 0 where there are none. */
  const bars = signal(0);

  onFrame(view, () => names(view, gutter, bars.value));
  onFrame(view, () => dots(view, plot.box));
  shade(view, plot.box);
  threshold(view, plot.box);

  onFrame(view, () => {
    loader.version.value;
    const shown = store.shown.value;
    if (!shown) return;
    const { scene } = shown;
    const [zoom, width, theme, unit] = [store.zoom.value, view.width.value, view.theme.value, store.unit.value];
    const height = heightOfTracks(scene);
    const units = [unit, ...store.pinned.value.filter((other) => other !== unit).slice(-PINNED)];
    const bodies = units.map((each) => unitTile(scene, each, zoom, width));
    const beside = store.beside.value;
    const other = beside && unitTile(beside.scene, unit, zoom, width);
    loader.want(`${view.id} tracks`, [...toAsk(shown, bodies), ...(beside && other ? toAsk(beside, [other]) : [])]);
    plot.canvas.setAttribute("aria-label", describe(scene, unit, besideWords(store), store.catalogue.quantities));
    const context = plot.begin(height);
    if (!context) return;

    const memory = memoryOf(scene);
    hatch(context, scene.masked, zoom, width, height, theme);
    const source = bodies[0] ? bestSheet(loader, shown, bodies[0]) : null;
    const pinned = bodies.slice(1).map((body) => bestSheet(loader, shown, body));
    const dashed = beside && other && bestSheet(loader, beside, other);
    // Bars as the gates that write and keep.
    const colour = (quantity: string) => hue(store.catalogue, scene.layer, quantity, theme.dark);
    let times = 0;
    for (const [i, quantity] of scene.quantities.entries()) {
      const gate = store.catalogue.quantities[quantity]?.kind === "gate";
      const band = bandOf(scene, i, zoom, width);
      rules(context, band, gate, theme.rule);
      if (memory && quantity === memory.state) {
        const found = source?.exact ? changes(scene, source, unit, memory) : [];
        times = found.length && magnification(found, band.high / 2);
        const colours = [memory.writer, memory.keep].map(colour) as [string, string];
        drawBars(context, found, times, colours, band);
      }
      context.strokeStyle = theme.quiet;
      context.lineWidth = 1;
      context.globalAlpha = 0.75;
      for (const [k, sheet] of pinned.entries())
        if (sheet) drawLine(context, points(sheet, quantity, units[k + 1] ?? 0, band));
      context.globalAlpha = 1;
      context.strokeStyle = context.fillStyle = colour(quantity);
      if (source) drawQuantity(context, source, quantity, unit, band, gate);
      if (!dashed) continue;
      context.setLineDash([4, 3]);
      context.lineWidth = 1.5;
      drawLine(context, points(dashed, quantity, unit, band));
      context.setLineDash([]);
    }
    bars.value = times;
  });
}

function drawQuantity(
  context: CanvasRenderingContext2D,
  source: Sheet,
  quantity: string,
  unit: number,
  band: Band,
  gate: boolean,
): void {
  const line = points(source, quantity, unit, band);
  context.globalAlpha = 0.22;
  if (gate) drawArea(context, line, band);
  if (!source.exact) drawBand(context, source, quantity, unit, band);
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  drawLine(context, line);
  drawClipped(context, line, band);
}

/** For a gate its floor and its middle, else the zero. */
function rules(context: CanvasRenderingContext2D, band: Band, gate: boolean, colour: string): void {
  const y = (value: number) => Math.round(heightOf(value, band)) + 0.5;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  for (const value of gate ? [0, 0.5] : [0]) {
    context.setLineDash(gate && value === 0.5 ? [2, 3] : []);
    context.beginPath();
    context.moveTo(0, y(value));
    context.lineTo(band.width, y(value));
    context.stroke();
  }
  context.setLineDash([]);
}

function describe(scene: Scene, unit: number, other: string, known: Record<string, Quantity>): string {
  const labels = scene.quantities.map((quantity) => known[quantity]?.label ?? quantity);
  const beside = other && `; dashed, the same unit in ${other}`;
  return `Unit ${unit} of ${scene.layer} over time: ${labels.join(", ")}${beside}`;
}
