import { zoomOut, zoomTo } from "../actions.ts";
import { middle } from "../axis.ts";
import { hue } from "../colour.ts";
import type { Sheet, Shown } from "../data/decode.ts";
import { timeWords } from "../data/names.ts";
import { bestSheet, toAsk, unitTile } from "../data/tiles.ts";
import { add, make, say } from "../dom.ts";
import { createCanvas } from "../plot.ts";
import type { Span } from "../protocol.ts";
import { addKey, onFrame, type View } from "../view.ts";
import { zoomed } from "../window.ts";
import { attachBrush, placeOf } from "./brush.ts";
import { type Band, drawBand, drawLine, points } from "./lines.ts";

const HEIGHT = 18;
/** A shorter sequence is known by its labels. */
const SHORT = 64;

/** All timesteps, while the plots show a window of them or more than one can tell apart. */
export function minimap(view: View, parent: Element): void {
  const { store } = view;
  const row = add(parent, make("div", "lw-row lw-minimap-row"));
  const gutter = add(row, make("div", "lw-gutter lw-quiet lw-ellipsis"));
  const box = add(row, make("div", "lw-plot lw-minimap"));
  const canvas = createCanvas(view, box);
  const brush = add(box, make("div", "lw-brush", { role: "slider", tabindex: "0", "aria-label": "window of time" }));
  const line = add(box, make("div", "lw-crosshair"));

  onFrame(view, () => {
    const shown = store.shown.value;
    const [zoom, width] = [store.zoom.value, view.width.value];
    const timesteps = shown?.scene.timesteps ?? 1;
    const whole = zoom[1] - zoom[0] === timesteps;
    row.hidden = timesteps <= 2 * width && (whole || timesteps < SHORT);
    if (!shown || row.hidden) return view.loader.want(`${view.id} minimap`, []);
    say(gutter, `all ${timesteps.toLocaleString("en")}`);
    paint(view, shown, canvas);
  });
  onFrame(view, () => {
    view.loader.version.value;
    const scene = store.shown.value?.scene;
    if (!scene) return;
    const [left, wide] = placeOf(view, scene);
    brush.style.width = `${wide}px`;
    brush.classList.toggle("lw-whole", wide >= view.width.value);
    brush.style.transform = `translateX(${left}px)`;
    const [start, stop] = store.zoom.value;
    brush.setAttribute("aria-valuemin", "0");
    brush.setAttribute("aria-valuemax", String(scene.timesteps - stop + start));
    brush.setAttribute("aria-valuenow", String(start));
    const words = [start, stop - 1].map((t) => timeWords(view.loader, scene, t));
    brush.setAttribute("aria-valuetext", `${words.join(" to ")}, of ${scene.timesteps}`);
  });
  onFrame(view, () => {
    const timesteps = store.shown.value?.scene.timesteps ?? 1;
    const x = middle(store.timestep.value, [0, timesteps], view.width.value);
    line.style.transform = `translateX(${Math.round(x - 0.5)}px)`;
  });
  attachBrush(view, box, brush);
  addZoomKeys(view);
}

/** The memory of the selected unit over everything; the model's input where the layer's is not here yet. */
function paint(view: View, shown: Shown, canvas: ReturnType<typeof createCanvas>): void {
  const { store, loader } = view;
  loader.version.value;
  const { scene } = shown;
  const [unit, width, theme] = [store.unit.value, view.width.value, view.theme.value];
  const whole: Span = [0, scene.timesteps];
  const body = unitTile(scene, unit, whole, width);
  loader.want(`${view.id} minimap`, toAsk(shown, [body]));
  const state = ["cell_state", "hidden_state"].find((name) => scene.quantities.includes(name)) ?? "";
  const label = state ? `${store.catalogue.quantities[state]?.label} of unit ${unit}` : "input";
  canvas.canvas.setAttribute("aria-label", `The ${label} at all ${scene.timesteps} timesteps`);
  const context = canvas.begin(HEIGHT);
  if (!context) return;
  const memory = bestSheet(loader, shown, body);
  const draw = (sheet: Sheet, quantity: string, row: number, [low, high]: Span) => {
    const band: Band = { top: 2, height: HEIGHT - 4, low, high, zoom: whole, width };
    context.globalAlpha = 0.3;
    if (!sheet.exact) drawBand(context, sheet, quantity, row, band);
    context.globalAlpha = 0.85;
    drawLine(context, points(sheet, quantity, row, band));
    context.globalAlpha = 1;
  };
  if (memory?.row(state, unit)) {
    context.strokeStyle = context.fillStyle = hue(store.catalogue, scene.layer, state, theme.dark);
    draw(memory, state, unit, scene.ranges[state] ?? [-1, 1]);
  } else if (shown.input) {
    context.strokeStyle = context.fillStyle = theme.quiet;
    draw(shown.input, shown.input.block.quantities[0] ?? "", 0, shown.input.extent());
  }
}

function addZoomKeys(view: View): void {
  const { store } = view;
  const zoom = (factor: number) => () => {
    const timesteps = store.shown.peek()?.scene.timesteps ?? 1;
    zoomTo(store, zoomed(store.zoom.peek(), store.timestep.peek(), factor, timesteps));
  };
  addKey(view, "+", "zoom in and out, round the timestep", zoom(0.5));
  addKey(view, "-", "zoom in and out, round the timestep", zoom(2));
  addKey(view, "0", "all timesteps", () => zoomOut(store));
}
