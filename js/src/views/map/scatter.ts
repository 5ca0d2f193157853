import { type Signal, signal } from "@preact/signals-core";
import { hue } from "../../colour.ts";
import { add, make } from "../../dom.ts";
import { write } from "../../plot.ts";
import { select } from "../../store.ts";
import { onFrame, type View } from "../../view.ts";
import type { Room } from "../room.ts";
import { panelOf } from "./panel.ts";
import { inside, type Point, placeOf, type Shares, sharesOf, shareWords, squareAt, squaresOf } from "./saturation.ts";

/** A pointer takes the nearest unit within so many pixels; one that moved less than `STILL` drew no line. */
const REACH = 14;
const STILL = 5;
/** More pinned units than this are marked, but their numbers would cover each other. */
const NAMED = 12;
const MOST = 64;

/** A point a unit, a square a gate: how often it is shut against how often it is open. */
export function scatter(view: View, parent: Element, room: Room, note: Signal<string>): HTMLElement {
  const { store } = view;
  const box = add(parent, make("div", "lw-plot lw-scatter"));
  const canvas = add(box, make("canvas", "lw-canvas", { role: "img" }));
  const lasso = signal<Point[]>([]);

  onFrame(view, () => {
    const panel = panelOf(store);
    if (panel !== "saturation") {
      if (panel !== "weights") note.value = "";
      return;
    }
    const shares = sharesOf(view);
    const [width, height, density] = [view.width.value, room.rows.value.frame, view.density.value];
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.setAttribute("aria-label", describe(view, shares));
    const context = canvas.getContext("2d");
    context?.scale(density, density);
    if (context)
      for (const [square, each] of shares.entries()) paint(view, context, shares.length, square, each, height);
    if (context) paintLasso(context, lasso.value, view.theme.value.accent);
  });
  attachPointer(view, room, box, lasso, note);
  return box;
}

/** In text what the marks say. */
function describe(view: View, shares: Shares[]): string {
  const words = shares.map((each) => shareWords(view, each, view.store.unit.value)).join("; ");
  return `How often the gates of ${view.store.order.value.length} units are shut and open. ${words}`;
}

function paint(
  view: View,
  context: CanvasRenderingContext2D,
  count: number,
  square: number,
  shares: Shares,
  height: number,
): void {
  const { store } = view;
  const theme = view.theme.value;
  const squares = squaresOf(count, view.width.value, height);
  const { size, top } = squares;
  const left = squares.left(square);
  context.font = `11px ${getComputedStyle(view.root).fontFamily}`;
  context.strokeStyle = theme.rule;
  context.beginPath();
  // No unit is beyond the diagonal: it cannot be shut and open at once.
  context.moveTo(left + 0.5, top + 0.5);
  context.lineTo(left + 0.5, top + size + 0.5);
  context.lineTo(left + size + 0.5, top + size + 0.5);
  context.closePath();
  context.stroke();
  write(context, left, top - 7, store.catalogue.quantities[shares.gate]?.label ?? shares.gate, theme.ink);
  write(context, left, top + size + 15, "0", theme.quiet);
  write(context, left + size, top + size + 15, "100\u202f%", theme.quiet, "right");
  write(context, left, top + size + 29, size < 150 ? "shut \u2192" : "timesteps shut (below 0.1) \u2192", theme.quiet);
  if (!square) {
    write(context, left - 5, top + size + 1, "0", theme.quiet, "right");
    write(context, left - 5, top + 9, "100\u202f%", theme.quiet, "right");
    context.save();
    context.translate(left - 16, top + size - 12);
    context.rotate(-Math.PI / 2);
    write(context, 0, 0, size < 190 ? "open \u2192" : "timesteps open (above 0.9) \u2192", theme.quiet);
    context.restore();
  }

  context.fillStyle = hue(store.catalogue, store.shown.value?.scene.layer ?? "", shares.gate, theme.dark);
  context.globalAlpha = 0.5;
  const order = store.order.value;
  for (const unit of order) {
    const { x, y } = placeOf(shares, unit, square, squares);
    if (!Number.isNaN(x)) dot(context, x, y, 2.5);
  }
  context.globalAlpha = 1;
  const pinned = store.pinned.value;
  const marks: [unit: number, shape: typeof dot, colour: string, named: boolean][] = [
    ...pinned.map((unit) => [unit, diamond, theme.ink, pinned.length <= NAMED] as (typeof marks)[0]),
    [view.hover.value?.unit ?? -1, dot, theme.ink, true],
    [store.unit.value, dot, theme.accent, true],
  ];
  for (const [unit, shape, colour, named] of marks) {
    const { x, y } = placeOf(shares, unit, square, squares);
    if (Number.isNaN(x)) continue;
    context.fillStyle = colour;
    shape(context, x, y, 4);
    const end = x > left + size - 24;
    if (named) write(context, x + (end ? -7 : 7), y - 4, String(unit), colour, end ? "right" : "left", theme.paper);
  }
}

function dot(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  for (const [dx, dy] of [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ] as const)
    context.lineTo(x + dx * radius, y + dy * radius);
  context.fill();
}

function paintLasso(context: CanvasRenderingContext2D, line: Point[], colour: string): void {
  context.strokeStyle = context.fillStyle = colour;
  context.beginPath();
  for (const { x, y } of line) context.lineTo(x, y);
  context.stroke();
  context.globalAlpha = 0.1;
  context.fill();
}

function attachPointer(view: View, room: Room, box: HTMLElement, lasso: Signal<Point[]>, note: Signal<string>): void {
  const { store } = view;
  const options = { signal: view.stop };
  let from: Point | null = null;
  const here = (event: PointerEvent): Point => {
    const { left, top } = box.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  /** The units of the square at a place, and where they are. */
  const around = (at: Point) => {
    const all = sharesOf(view);
    const squares = squaresOf(all.length, view.width.peek(), room.rows.peek().frame);
    const square = squareAt(at.x, all.length, squares);
    const shares = all[square];
    const units = shares ? store.order.peek().map((unit) => ({ unit, ...placeOf(shares, unit, square, squares) })) : [];
    return { shares, units };
  };
  const nearest = (at: Point) => {
    const { shares, units } = around(at);
    const far = (unit: Point) => Math.hypot(unit.x - at.x, unit.y - at.y);
    const best = units.reduce<(typeof units)[0] | null>((a, b) => (far(b) < (a ? far(a) : REACH) ? b : a), null);
    return shares && best ? { shares, unit: best.unit } : null;
  };
  const hover = (at: Point | null) => {
    const found = at && nearest(at);
    view.hover.value = found ? { unit: found.unit, timestep: store.timestep.peek() } : null;
    note.value = found ? shareWords(view, found.shares, found.unit) : "";
  };
  box.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button === 0) from = here(event);
    },
    options,
  );
  box.addEventListener(
    "pointermove",
    (event) => {
      const at = here(event);
      if (!from) return hover(at);
      if (lasso.peek().length || Math.hypot(at.x - from.x, at.y - from.y) >= STILL)
        lasso.value = [...(lasso.peek().length ? lasso.peek() : [from]), at];
    },
    options,
  );
  const end = (event: PointerEvent) => {
    const [start, line] = [from, lasso.peek()];
    from = null;
    lasso.value = [];
    if (!start || event.type === "pointercancel") return;
    if (!line.length) {
      const found = nearest(start);
      if (found) select(store, { unit: found.unit });
      return;
    }
    const picked = around(start)
      .units.filter((unit) => inside(unit, line))
      .map(({ unit }) => unit);
    if (picked.length) select(store, { pinned: picked.slice(0, MOST) });
    view.hover.value = null;
    note.value =
      picked.length > MOST ? `${picked.length} units; the first ${MOST} are pinned` : `${picked.length} units pinned`;
  };
  // On the window: a line may end beside the plot.
  window.addEventListener("pointerup", end, options);
  window.addEventListener("pointercancel", end, options);
  box.addEventListener(
    "pointerleave",
    () => {
      if (!from) hover(null);
    },
    options,
  );
}
