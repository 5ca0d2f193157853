import { middle } from "../axis.ts";
import type { Shown } from "../data/decode.ts";
import { add, make, say, span } from "../dom.ts";
import { createPlot, hatch } from "../plot.ts";
import type { Span } from "../protocol.ts";
import type { Theme } from "../theme.ts";
import { onFrame, type View } from "../view.ts";
import {
  answerLines,
  answerWords,
  checkWords,
  hasClasses,
  type Line,
  lastOf,
  limitsOf,
  linesBeside,
  linesOf,
  outputName,
} from "./answers.ts";
import { type Band, drawBand, drawLine, heightOf, type Point, points } from "./lines.ts";
import { besideWords } from "./map/compare.ts";

const HEIGHT = 40;
/** Two names closer than this would cover each other. */
const APART = 12;
const DASH = [5, 3];
/** Of another sample or step: what was expected is dashed already. */
const DOTS = [1.75, 3];

/** What the model answers along time, and what was expected. */
export function output(view: View, parent: Element): void {
  const { store } = view;
  const row = add(parent, make("div", "lw-row"));
  const gutter = add(row, make("div", "lw-gutter lw-input-name lw-answer"));
  const name = span(gutter, "lw-ellipsis");
  const lines = [0, 1].map(() => span(gutter, "lw-quiet lw-ellipsis"));
  const plot = createPlot(view, row, "lw-input");
  const marks = add(plot.box, make("div", "", { "aria-hidden": "true" }));

  onFrame(view, () => {
    const shown = store.shown.value;
    const answer = shown?.scene.output;
    row.hidden = !answer || !shown?.output;
    if (!answer || !shown?.output) return;
    say(name, outputName(answer));
    row.title = checkWords(answer);
    const ends = answerWords(shown, lastOf(shown));
    plot.canvas.setAttribute("aria-label", `The ${outputName(answer)} over time; at the end ${ends}. ${row.title}`);
    const [zoom, width, theme] = [store.zoom.value, view.width.value, view.theme.value];
    const context = plot.begin(HEIGHT);
    if (!context) return;
    hatch(context, shown.scene.masked, zoom, width, HEIGHT, theme);
    const other = store.beside.value;
    const lines = linesOf(shown);
    const beside = other ? linesBeside(lines, other, besideWords(store)) : [];
    const [low, high] = limitsOf(shown, ...(other && beside.length ? [other] : []));
    const band: Band = { top: 3, height: HEIGHT - 6, low, high, zoom, width };
    const drawn = [...beside, ...lines];
    for (const line of drawn) draw(context, line, band, theme);
    if (answer.target !== null && !hasClasses(shown)) rule(context, answer.target, shown, band, theme);
    labels(marks, drawn, band);
  });
  onFrame(view, () => {
    const shown = store.shown.value;
    if (!shown?.output) return;
    const t = store.timestep.value;
    for (const [i, words] of answerLines(shown, t).entries()) say(lines[i] as Element, words);
    gutter.title = answerWords(shown, t);
  });
}

function draw(context: CanvasRenderingContext2D, { sheet, feature, look }: Line, band: Band, theme: Theme): void {
  context.strokeStyle = context.fillStyle = look === "other" ? theme.quiet : theme.ink;
  context.lineWidth = look === "said" || look === "beside" ? 1.75 : 1;
  context.setLineDash(look === "expected" ? DASH : look === "beside" ? DOTS : []);
  context.globalAlpha = look === "other" ? 0.5 : 0.9;
  drawLine(context, points(sheet, feature, 0, band));
  context.setLineDash([]);
  context.globalAlpha = 0.15;
  if (!sheet.exact && look === "said") drawBand(context, sheet, feature, 0, band);
  context.globalAlpha = 1;
}

/** A value that was expected at the end: a short rule there. */
function rule(context: CanvasRenderingContext2D, target: number, shown: Shown, band: Band, theme: Theme): void {
  const x = Math.min(band.width, middle(lastOf(shown) + 0.5, band.zoom, band.width));
  const y = Math.round(heightOf(target, band)) + 0.5;
  context.strokeStyle = theme.ink;
  context.setLineDash(DASH);
  context.beginPath();
  context.moveTo(x - 48, y);
  context.lineTo(x, y);
  context.stroke();
  context.setLineDash([]);
}

/** Names of the lines that stand out, near their ends and in their order, where fewest lines run through them. */
function labels(marks: HTMLElement, lines: Line[], band: Band): void {
  const all = lines.map(({ sheet, feature }) => points(sheet, feature, 0, band));
  const ends = all.map((line) => line.filter(({ x, y }) => x <= band.width && !Number.isNaN(y)).pop());
  const named = lines.flatMap(({ label }, i) => (label && ends[i] ? [{ label, end: ends[i] }] : []));
  named.sort((one, other) => one.end.y - other.end.y);
  while (marks.childElementCount > named.length) marks.lastElementChild?.remove();
  let free = 0;
  for (const [i, { label, end }] of named.entries()) {
    const mark = (marks.children[i] as HTMLElement | undefined) ?? span(marks, "lw-line-name");
    say(mark, label);
    const across: Span = [end.x - mark.offsetWidth, end.x];
    // What is far away need not be looked at for each place.
    const near = all.map((each) => each.filter((_, k) => inReach(each[k - 1], each[k + 1], across)));
    const cost = (top: number) =>
      HEIGHT * near.filter((each) => runsThrough(each, across, [top + 1, top + APART + 1])).length +
      Math.abs(top + APART / 2 - end.y);
    // Those below need their room, too.
    const last = Math.max(free, HEIGHT - APART * (named.length - i));
    const places = Array.from({ length: last - free + 1 }, (_, k) => free + k);
    const top = places.reduce((best, place) => (cost(place) < cost(best) ? place : best));
    free = top + APART;
    mark.style.top = `${top}px`;
    mark.style.right = `${Math.max(0, band.width - end.x)}px`;
  }
}

function inReach(before: Point | undefined, after: Point | undefined, [left, right]: Span): boolean {
  return (!before || before.x <= right) && (!after || after.x >= left);
}

/** Whether a line is anywhere between two heights on its way from the left to the right. */
export function runsThrough(line: Point[], [left, right]: Span, [top, bottom]: Span): boolean {
  return line.some((from, i) => {
    const to = line[i + 1] ?? from;
    if (to.x < left || from.x > right) return false;
    const at = (x: number) => from.y + (to.x > from.x ? ((x - from.x) / (to.x - from.x)) * (to.y - from.y) : 0);
    const ends = [at(Math.max(left, from.x)), at(Math.min(right, to.x))];
    return Math.min(...ends) < bottom && Math.max(...ends) > top;
  });
}
