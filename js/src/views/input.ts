import type { Shown } from "../data/decode.ts";
import { timeWords } from "../data/names.ts";
import { add, make, say, span } from "../dom.ts";
import { brief } from "../format.ts";
import { createPlot, hatch, timestepOf } from "../plot.ts";
import { onFrame, type View } from "../view.ts";
import { type Band, drawLine, points } from "./lines.ts";
import { hatchPadding } from "./padding.ts";

const HEIGHT = 40;
/** More lines than this are a grey mass. */
const MOST = 48;
/** So many can be named, and read one by one. */
const FEW = 6;

/** The model's own input: one faint line a feature. Where it is words, they stand here instead. */
export function inputSeries(view: View, parent: Element): void {
  const row = add(parent, make("div", "lw-row"));
  const gutter = add(row, make("div", "lw-gutter lw-input-name"));
  span(gutter, "", "input");
  const names = span(gutter, "lw-quiet lw-ellipsis");
  const plot = createPlot(view, row, "lw-input");
  attachReading(view, plot.box);

  onFrame(view, () => {
    const shown = view.store.shown.value;
    row.hidden = !shown?.input || shown.scene.tokens;
    if (!shown?.input || shown.scene.tokens) return;
    const zoom = view.store.zoom.value;
    const width = view.width.value;
    const theme = view.theme.value;
    const context = plot.begin(HEIGHT);
    const features = shown.input.block.quantities;
    const drawn = features.slice(0, MOST);
    plot.canvas.setAttribute("aria-label", `The model's input, ${drawnWords(features)}, over time`);
    if (!context) return;

    hatch(context, shown.scene.masked, zoom, width, HEIGHT, theme);
    hatchPadding(context, shown.scene.padding, zoom, width, HEIGHT, theme);
    // Of the whole sample, not of the window: zooming must not change what a height means.
    const [low, high] = shown.input.extent();
    const band: Band = { top: 3, height: HEIGHT - 6, low, high, zoom, width };
    context.strokeStyle = theme.ink;
    context.globalAlpha = drawn.length === 1 ? 0.75 : Math.max(0.14, 0.6 / Math.sqrt(drawn.length));
    for (const feature of drawn) drawLine(context, points(shown.input, feature, 0, band));
    context.globalAlpha = 1;
  });
  onFrame(view, () => {
    const shown = view.store.shown.value;
    if (!shown?.input) return;
    const features = shown.input.block.quantities;
    say(names, features.length === 1 ? valuesAt(shown, view.store.timestep.value) : drawnWords(features));
    names.title = features.slice(0, MOST).join(", ");
  });
}

function drawnWords(features: string[]): string {
  if (features.length <= FEW) return features.join(", ");
  return features.length <= MOST ? `${features.length} features` : `${MOST} of ${features.length} features`;
}

/** Every feature and its value, as far as a person would read on. */
function valuesAt({ input }: Shown, timestep: number): string {
  const features = input?.block.quantities.slice(0, 2 * FEW) ?? [];
  const about = input?.exact ? "" : "~";
  const words = features.map(
    (feature) => `${feature} ${about}${brief(input?.value(feature, 0, timestep) ?? Number.NaN)}`,
  );
  return words.join(", ") + ((input?.block.quantities.length ?? 0) > features.length ? " \u2026" : "");
}

function attachReading(view: View, box: HTMLElement): void {
  box.addEventListener(
    "pointermove",
    (event) => {
      const shown = view.store.shown.peek();
      if (!shown) return;
      const t = timestepOf(view, box, event);
      box.title = `${timeWords(view.loader, shown.scene, t)}: ${valuesAt(shown, t)}`;
    },
    { signal: view.stop },
  );
}
