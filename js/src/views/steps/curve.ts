/** The loss over the steps of a training, with a line at the step on screen and ticks where something was wrong. */

import { middle, timestepAt } from "../../axis.ts";
import { Sheet } from "../../data/decode.ts";
import { add, make, say, span } from "../../dom.ts";
import { createCanvas, onDrag } from "../../plot.ts";
import type { Span } from "../../protocol.ts";
import { select } from "../../store.ts";
import { onFrame, type View } from "../../view.ts";
import { type Band, drawLine, type Point, points } from "../lines.ts";
import { clearAt } from "./clear.ts";
import { drawn, ends } from "./logs.ts";

const HEIGHT = 40;
/** As high as the style sheet says they are. */
const WORDS = 12;
/** A loss that falls further than this is drawn in powers of ten, or its end would be a flat line. */
const FAR = 20;

export function curve(view: View, parent: Element): void {
  const { store } = view;
  const box = add(parent, make("div", "lw-plot lw-input lw-curve"));
  const { canvas, begin } = createCanvas(view, box);
  const [line, other] = [add(box, make("div", "lw-crosshair")), add(box, make("div", "lw-crosshair lw-held"))];
  const [top, bottom] = [span(box, "lw-limit lw-quiet"), span(box, "lw-limit lw-quiet")];
  onDrag(view, box, ({ clientX }) => {
    const x = clientX - box.getBoundingClientRect().left;
    view.training.value = false;
    select(store, { step: timestepAt(x, [0, store.steps.peek().numbers.length], view.width.peek()) });
  });

  onFrame(view, () => {
    const steps = store.steps.value;
    const [width, theme] = [view.width.value, view.theme.value];
    const names = drawn(steps);
    const all: Span = [0, steps.numbers.length];
    const known = names.flatMap((name) => steps.logs[name] ?? []).filter((x): x is number => x !== null);
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const powers = least > 0 && most / least > FAR;
    const place = (x: number | null) => (x === null ? Number.NaN : powers ? Math.log10(x) : x);
    const [low, high] = [place(known.length ? least : 0), place(known.length ? most : 1)];
    const [lowest, highest] = known.length ? ends(least, most) : ["", ""];
    say(top, highest);
    say(bottom, lowest && lowest + (powers ? " (log)" : ""));
    canvas.setAttribute("aria-label", `${names.join(" and ")} over ${all[1]} steps, ${highest} to ${lowest}`);
    const context = begin(HEIGHT);
    if (!context) return;
    const band: Band = { top: 3, height: HEIGHT - 6, low, high, zoom: all, width };
    const lines: Point[][] = [];
    for (const [k, name] of names.entries()) {
      const data = Float32Array.from(steps.logs[name] ?? [], place);
      const sheet = new Sheet({ quantities: [name], units: [0], start: 0, stop: all[1], stride: 1 }, data);
      context.strokeStyle = k ? theme.quiet : theme.ink;
      context.lineWidth = k ? 1 : 1.5;
      context.setLineDash(k ? [4, 3] : []);
      const line = points(sheet, name, 0, band);
      drawLine(context, line);
      lines.push(line);
    }
    // A loss falls: mostly the upper right and the lower left are free. At the last step is where one begins.
    const posts = [middle(all[1] - 1, all, width), ...steps.marks.map(([at]) => middle(at, all, width))];
    for (const [words, corner] of [
      [top, "right"],
      [bottom, "left"],
    ] as const) {
      const size = { width: words.offsetWidth, height: WORDS };
      const [left, down] = clearAt(lines, posts, size, { width, height: HEIGHT }, corner);
      words.style.left = `${left}px`;
      words.style.top = `${down}px`;
    }
    context.setLineDash([]);
    context.fillStyle = theme.accent;
    for (const [at] of steps.marks) {
      const x = Math.round(middle(at, all, width));
      context.beginPath();
      context.moveTo(x - 4, 0);
      context.lineTo(x + 4, 0);
      context.lineTo(x, 6);
      context.fill();
    }
  });
  onFrame(view, () => {
    const count = store.steps.value.numbers.length;
    for (const [element, at] of [
      [line, store.step.value],
      [other, store.selected.compared_step.value],
    ] as const) {
      element.hidden = at === null;
      element.style.transform = `translateX(${Math.round(middle(at ?? 0, [0, count], view.width.value) - 0.5)}px)`;
    }
  });
}
