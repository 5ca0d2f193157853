import { add, make, say, span } from "../dom.ts";
import { createPlot, hatch } from "../plot.ts";
import { onFrame, type View } from "../view.ts";
import { type Band, drawLine, points } from "./lines.ts";

const HEIGHT = 40;
/** More lines than this are a grey mass. */
const MOST = 48;

/** The model's own input: one faint line a feature. */
export function inputSeries(view: View, parent: Element): void {
  const row = add(parent, make("div", "lw-row"));
  const gutter = add(row, make("div", "lw-gutter lw-input-name"));
  span(gutter, "", "input");
  const names = span(gutter, "lw-quiet lw-ellipsis");
  const plot = createPlot(view, row, "lw-input");

  onFrame(view, () => {
    const shown = view.store.shown.value;
    row.hidden = !shown?.input;
    if (!shown?.input) return;
    const zoom = view.store.zoom.value;
    const width = view.width.value;
    const theme = view.theme.value;
    const context = plot.begin(HEIGHT);
    const features = shown.input.block.quantities;
    const drawn = features.slice(0, MOST);
    say(names, features.length === 1 ? (features[0] ?? "") : `${drawn.length} of ${features.length} features`);
    if (drawn.length === features.length && features.length > 1) say(names, `${features.length} features`);
    names.title = features.slice(0, MOST).join(", ");
    plot.canvas.setAttribute("aria-label", `The model's input, ${names.textContent}, over time`);
    if (!context) return;

    hatch(context, shown.scene.masked, zoom, width, HEIGHT, theme);
    // Of the whole sample, not of the window: zooming must not change what a height means.
    const [low, high] = shown.input.extent();
    const band: Band = { top: 3, height: HEIGHT - 6, low, high, zoom, width };
    context.strokeStyle = theme.ink;
    context.globalAlpha = drawn.length === 1 ? 0.75 : Math.max(0.14, 0.6 / Math.sqrt(drawn.length));
    for (const feature of drawn) drawLine(context, points(shown.input, feature, 0, band));
    context.globalAlpha = 1;
  });
}
