/** How the weights of each gate are spread, along the steps of a training where there are some. */

import { hue } from "../../colour.ts";
import { Sheet } from "../../data/decode.ts";
import { driftOf, PARTS } from "../../data/weights.ts";
import { add, make, say } from "../../dom.ts";
import { brief, limit } from "../../format.ts";
import { createCanvas, write } from "../../plot.ts";
import { select } from "../../store.ts";
import { onFrame, type View } from "../../view.ts";
import { type Band, drawBand, drawLine, heightOf, points } from "../lines.ts";

const TOP = 21;
const PITCH = 28;
const HIGH = 22;
/** From the end of one gate's charts to the next gate: room for the norm at the step on screen, if charts can spare it. */
const NORM = 44;
const GAP = 8;
const LATER = "Weights come when training is over.";

export function drift(view: View, parent: Element): void {
  const { store } = view;
  const row = add(parent, make("div", "lw-row", { title: "W: of the input, U: of h, b: bias" }));
  const names = add(row, make("div", "lw-gutter lw-drift lw-quiet"));
  // A line each: that is how a picture of the plots finds them.
  const lines = PARTS.map(() => add(names, make("div")));
  const box = add(row, make("div", "lw-plot"));
  const { canvas, begin } = createCanvas(view, box);
  let gates: string[] = [];
  box.addEventListener(
    "click",
    ({ clientX }) => {
      const { left, width } = box.getBoundingClientRect();
      const quantity = gates[Math.floor(((clientX - left) / width) * gates.length)];
      if (quantity) select(store, { quantity });
    },
    { signal: view.stop },
  );

  onFrame(view, () => {
    const found = driftOf(view);
    row.hidden = !found;
    if (!found) return;
    const { scene, gate: chosen, count, at, rows, extents } = found;
    gates = found.gates;
    const { quantities } = store.catalogue;
    // Where there are none, as of a layer without biases, their norm is 0.
    const none = (part: number) => (gates.every((gate) => rows(gate, part, 0, 1)[at] === 0) ? "\u2013" : "NaN");
    for (const [part, line] of lines.entries()) {
      const [low = 0, high = 0] = extents[part] ?? [];
      const reach = Number.isNaN(low) ? none(part) : `${limit(low)} \u2026 ${limit(high)}`;
      say(line, `${PARTS[part]} ${count ? reach : ""}`);
    }
    const norm = (gate: string, part: number) => brief(rows(gate, part, 0, 1)[at] ?? Number.NaN);
    const spoken = gates.map((gate) => `${quantities[gate]?.label} ${PARTS.map((part, k) => [part, norm(gate, k)])}`);
    const isLater = !count && store.steps.value.training;
    canvas.setAttribute("aria-label", isLater ? LATER : `Norms of the weights: ${spoken.join("; ")}`);
    const context = begin(TOP + PARTS.length * PITCH);
    if (!context) return;
    const theme = view.theme.value;
    const each = view.width.value / gates.length;
    const isRoomy = each > 2 * NORM;
    const width = each - (isRoomy ? NORM : GAP);
    context.font = `11px ${getComputedStyle(view.root).fontFamily}`;
    if (isLater) write(context, 0, TOP + PITCH + 15, LATER, theme.quiet);
    for (const [g, gate] of gates.entries()) {
      const { label = gate, symbol = "" } = quantities[gate] ?? {};
      context.save();
      context.translate(Math.round(g * each), 0);
      write(context, 0, 11, width < 80 ? symbol : label, gate === chosen ? theme.ink : theme.quiet);
      if (gate === chosen) context.fillRect(0, 14, width, 1);
      if (isRoomy) {
        write(context, width + 4, 11, "norm", theme.quiet);
        for (const part of PARTS.keys())
          write(context, width + 4, TOP + part * PITCH + 15, norm(gate, part), theme.ink);
      }
      context.beginPath();
      context.rect(0, 0, width, TOP + PARTS.length * PITCH);
      context.clip();
      for (const [part, [low, high]] of extents.entries()) {
        const band: Band = { top: TOP + part * PITCH, height: HIGH, low, high, zoom: [0, 2 * count], width };
        // As if each column were a merged stretch: its mean, minimum and maximum.
        const block = { quantities: [gate], units: [0], start: 0, stop: 2 * count, stride: 2 };
        const [whole, middle] = [1, 3].map((first) => new Sheet(block, rows(gate, part, first, 3))) as [Sheet, Sheet];
        context.fillStyle = theme.rule;
        context.fillRect(0, Math.round(heightOf(0, band)), width, 1);
        context.fillStyle = context.strokeStyle = hue(store.catalogue, scene.layer, gate, theme.dark);
        context.globalAlpha = 0.22;
        drawBand(context, whole, gate, 0, band);
        drawBand(context, middle, gate, 0, band);
        context.globalAlpha = 1;
        drawLine(context, points(whole, gate, 0, band));
        context.fillStyle = theme.accent;
        if (count > 1) context.fillRect(((at + 0.5) / count) * width, band.top, 1, HIGH);
      }
      context.restore();
    }
  });
}
