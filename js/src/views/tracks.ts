import { middle } from "../axis.ts";
import { hue } from "../colour.ts";
import { bestSheet, reader, toAsk, unitTile } from "../data/tiles.ts";
import { add, make, say, span } from "../dom.ts";
import { limit } from "../format.ts";
import { createPlot, hatch } from "../plot.ts";
import type { Quantity, Scene, Span } from "../protocol.ts";
import { select } from "../store.ts";
import { onFrame, type View } from "../view.ts";
import { type Band, drawArea, drawBand, drawClipped, drawLine, heightOf, points } from "./lines.ts";

/** Pixels from one track to the next, and what of it stays empty. */
const TRACK = 31;
const GAP = 4;
/** Of the pinned, so many are drawn: more cannot be told apart. */
const PINNED = 6;

/** The selected unit's quantities, one above the other. */
export function tracks(view: View, parent: Element): void {
  const { store, loader } = view;
  const row = add(parent, make("div", "lw-row lw-tracks"));
  const gutter = add(row, make("div", "lw-gutter", { role: "group", "aria-label": "quantity of the map" }));
  const plot = createPlot(view, row, "lw-track-plot");

  onFrame(view, () => names(view, gutter));
  onFrame(view, () => dots(view, plot.box));

  onFrame(view, () => {
    loader.version.value;
    const shown = store.shown.value;
    if (!shown) return;
    const { scene } = shown;
    const [zoom, width, theme, unit] = [store.zoom.value, view.width.value, view.theme.value, store.unit.value];
    const height = TRACK * scene.quantities.length;
    const units = [unit, ...store.pinned.value.filter((other) => other !== unit).slice(-PINNED)];
    const bodies = units.map((each) => unitTile(scene, each, zoom, width));
    loader.want(`${view.id} tracks`, toAsk(shown, bodies));
    plot.canvas.setAttribute("aria-label", describe(scene, unit, store.catalogue.quantities));
    const context = plot.begin(height);
    if (!context) return;

    hatch(context, scene.masked, zoom, width, height, theme);
    for (const [i, quantity] of scene.quantities.entries()) {
      const gate = store.catalogue.quantities[quantity]?.kind === "gate";
      const band = bandOf(scene, i, zoom, width);
      rules(context, band, gate, theme.rule);
      for (const [k, other] of units.entries()) {
        const body = bodies[k];
        const source = k > 0 && body ? bestSheet(loader, shown, body) : null;
        if (!source) continue;
        context.strokeStyle = theme.quiet;
        context.lineWidth = 1;
        context.setLineDash(k % 2 ? [] : [4, 2]);
        context.globalAlpha = 0.75;
        drawLine(context, points(source, quantity, other, band));
        context.setLineDash([]);
        context.globalAlpha = 1;
      }
      const source = bodies[0] && bestSheet(loader, shown, bodies[0]);
      if (!source) continue;
      const line = points(source, quantity, unit, band);
      context.strokeStyle = context.fillStyle = hue(i, theme.dark);
      context.globalAlpha = 0.22;
      if (gate) drawArea(context, line, band);
      if (!source.exact) drawBand(context, source, quantity, unit, band);
      context.globalAlpha = 1;
      context.lineWidth = 1.5;
      drawLine(context, line);
      drawClipped(context, line, band);
    }
  });
}

/** Where the crosshair meets each line. Elements, so that a step of the slider paints no canvas. */
function dots(view: View, box: HTMLElement): void {
  const { store, loader } = view;
  loader.version.value;
  const shown = store.shown.value;
  if (!shown) return;
  const { scene } = shown;
  const [t, unit, zoom, width] = [store.timestep.value, store.unit.value, store.zoom.value, view.width.value];
  const read = reader(loader, shown, unit, t);
  const known = [...box.querySelectorAll<HTMLElement>(".lw-dot")];
  while (known.length < scene.quantities.length) known.push(add(box, make("div", "lw-dot")));
  for (const [i, dot] of known.entries()) {
    const quantity = scene.quantities[i];
    const reading = quantity === undefined ? undefined : read(quantity, t);
    dot.hidden =
      store.selected.veiled.value ||
      !quantity ||
      !reading ||
      !Number.isFinite(reading.value) ||
      t < zoom[0] ||
      t >= zoom[1];
    if (dot.hidden || !quantity || !reading) continue;
    const y = heightOf(reading.value, bandOf(scene, i, zoom, width));
    dot.style.background = hue(i, view.theme.value.dark);
    dot.style.transform = `translate(${middle(t, zoom, width)}px, ${y}px)`;
  }
}

function bandOf(scene: Scene, index: number, zoom: Span, width: number): Band {
  const [low, high] = scene.ranges[scene.quantities[index] ?? ""] ?? [-1, 1];
  return { top: index * TRACK + GAP / 2, height: TRACK - GAP, low, high, zoom, width };
}

/** The names in the gutter: also the switch for the map's quantity. */
function names(view: View, gutter: HTMLElement): void {
  const { store } = view;
  const scene = store.shown.value?.scene;
  const dark = view.theme.value.dark;
  const quantities = scene?.quantities ?? [];
  while (gutter.childElementCount > quantities.length) gutter.lastElementChild?.remove();
  for (const [i, quantity] of quantities.entries()) {
    const button = (gutter.children[i] as HTMLButtonElement | undefined) ?? nameButton(view, gutter, i);
    const { symbol, label } = store.catalogue.quantities[quantity] ?? { symbol: "", label: quantity };
    const [low, high] = scene?.ranges[quantity] ?? [0, 1];
    const chosen = quantity === store.quantity.value;
    const [mark, name] = button.children;
    if (mark) say(mark, symbol);
    if (name) say(name, label);
    (mark as HTMLElement).style.color = hue(i, dark);
    button.setAttribute("aria-pressed", String(chosen));
    button.title = `${label}, ${limit(low)} to ${limit(high)}: show it in the map (key ${i + 1})`;
  }
}

function nameButton(view: View, gutter: HTMLElement, index: number): HTMLButtonElement {
  const button = add(gutter, make("button", "lw-track-name", { type: "button" }));
  button.style.height = `${TRACK - 3}px`;
  button.style.marginBottom = "3px";
  span(button, "lw-symbol");
  span(button, "lw-ellipsis");
  const pick = () => {
    const quantity = view.store.shown.peek()?.scene.quantities[index];
    if (quantity) select(view.store, { quantity });
  };
  button.addEventListener("click", pick, { signal: view.stop });
  return button;
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

function describe(scene: Scene, unit: number, known: Record<string, Quantity>): string {
  const labels = scene.quantities.map((quantity) => known[quantity]?.label ?? quantity);
  return `Unit ${unit} of ${scene.layer} over time: ${labels.join(", ")}`;
}
