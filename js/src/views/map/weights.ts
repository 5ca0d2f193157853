/** The weights of one gate: a row a unit, as in the map; columns for what it is given, for h of all units, for its bias. */

import type { Signal } from "@preact/signals-core";
import { table } from "../../colour.ts";
import { Sheet } from "../../data/decode.ts";
import { driftOf, PARTS, type Row, rowBodies, rowOf } from "../../data/weights.ts";
import { add, make } from "../../dom.ts";
import { limit, number } from "../../format.ts";
import { createCanvas, write } from "../../plot.ts";
import { createLine, paintUnit } from "../../raster.ts";
import { onFrame, type View } from "../../view.ts";
import type { Room } from "../room.ts";
import { scaleOf } from "./scale.ts";

/** Between the parts; the widest cell; all biases, with room for what their colours reach to; the names above. */
const GAP = 12;
const WIDEST = 64;
const BIASES = 44;
const HEADS = 27;
/** Narrower columns are not named, not even those whose names are short. */
const NAMED = 18;

/** A column: what it belongs to, its place in the row, where it stands. */
export interface Cell {
  part: number;
  name: string;
  column: number;
  left: number;
  width: number;
}

export function cellsOf({ features, strides, biases }: Row, order: number[], width: number): Cell[] {
  // In the order of the rows, so that what a unit does to itself is the diagonal.
  const units = order.filter((unit) => unit % strides[1] === 0);
  const room = width - BIASES - 2 * GAP;
  // Each cell as wide as any other, but few features beside many units need some room, too.
  const fair = (room * features.length) / (features.length + units.length);
  const first = Math.min(features.length * WIDEST, Math.max(fair, room / 4));
  const parts: [names: (string | number)[], width: number][] = [
    [features, first],
    [units, Math.min(units.length * WIDEST, room - first)],
    [["b", "b\u2032"].slice(0, biases), (biases * BIASES) / 2],
  ];
  let [from, column] = [0, 0];
  return parts.flatMap(([names, wide], part) => {
    const [left, before, each] = [from, column, wide / names.length];
    from += wide + GAP;
    column += names.length;
    return names.map((name, k) => {
      const place = typeof name === "number" ? name / strides[1] : k;
      return { part, name: String(name), column: before + place, left: left + k * each, width: each };
    });
  });
}

export function weights(view: View, above: HTMLElement, parent: Element, room: Room, note: Signal<string>) {
  const { store, loader } = view;
  add(above, make("div"));
  const heads = createCanvas(view, above);
  // What is drawn there is said below.
  above.ariaHidden = "true";
  const box = add(parent, make("div", "lw-plot"));
  const { canvas, begin } = createCanvas(view, box);

  onFrame(view, () => {
    const drift = driftOf(view);
    above.hidden = box.hidden = !drift;
    const { height, frame, visible } = room.rows.value;
    const units = store.order.value.slice(room.first.value, room.first.value + visible);
    const { numbers } = store.steps.value;
    // First what is on screen, then what the next step of the training needs.
    const around = [0, 1, -1].flatMap((by) => numbers[numbers.indexOf(drift?.scene.step ?? 0) + by] ?? []);
    const steps = [...new Set([...around.slice(0, 1), ...[drift?.minus ?? []].flat(), ...around])];
    const all = [...units, store.unit.value];
    loader.want(`${view.id} weights`, drift?.gate ? steps.flatMap((step) => rowBodies(drift, step, all)) : []);
    const [context, top] = [begin(frame), heads.begin(HEADS)];
    const { width: wide, height: high } = canvas;
    const row = drift && rowOf(view, drift, units[0] ?? 0);
    if (!context || !top || !row) return;
    const cells = cellsOf(row, drift.scene.order, view.width.value);
    const limits = drift.extents.map((ends) => Math.max(...ends.map(Math.abs)) || 1);
    const { dark, quiet, accent } = view.theme.value;
    top.font = `10px ${getComputedStyle(view.root).fontFamily}`;
    for (const [k, { part, name, left, width }] of cells.entries()) {
      const every = row.strides[part] ?? 1;
      const reach = Number.isNaN(drift.extents[part]?.[0]) ? "NaN" : `\u00b1${limit(limits[part] ?? 1)}`;
      const words = `${PARTS[part]} ${reach}${every > 1 ? `, 1 in ${every}` : ""}`;
      if (part !== cells[k - 1]?.part) {
        const room = cells.filter((cell) => cell.part === part).length * width + GAP;
        write(top, left, 11, top.measureText(words).width < room ? words : (PARTS[part] ?? ""), quiet);
      }
      if (width > NAMED && 6 * name.length < width) write(top, left + width / 2, 23, name, quiet, "center");
    }

    const image = context.createImageData(wide, high);
    const pixels = new Uint32Array(image.data.buffer);
    const density = high / frame;
    const columns = new Int32Array(wide).fill(-1);
    for (const { left, width, column } of cells)
      columns.fill(column, Math.round(left * density), Math.round((left + width) * density));
    const colours = { ...scaleOf(view, ""), table: table(store.catalogue, "signed", dark), low: -1, high: 1 };
    const line = createLine(wide);
    for (const [place, unit] of units.entries()) {
      const data = rowOf(view, drift, unit)?.values.slice();
      if (!data) continue;
      // Each part has its own scale, over all steps. Half of the dark table is nearly paper, and most weights are there.
      for (const { part, column } of cells) {
        const share = (data[column] ?? 0) / (limits[part] ?? 1);
        data[column] = dark ? Math.sign(share) * Math.sqrt(Math.abs(share)) : share;
      }
      const sheet = new Sheet({ quantities: [""], units: [unit], start: 0, stop: data.length, stride: 1 }, data);
      const [from, to] = [place, place + 1].map((at) => Math.round(at * height * density)) as [number, number];
      paintUnit(pixels, wide, from, to - from, +(height > 7), { sheet, quantity: "", unit, columns }, colours, line);
    }
    context.putImageData(image, 0, 0);
    context.strokeStyle = accent;
    const [at, last] = [units.indexOf(store.unit.value), cells.at(-1)];
    if (at >= 0 && last) context.strokeRect(0.5, at * height + 0.5, last.left + last.width - 1, height - 1);
  });
  onFrame(view, () => {
    const drift = driftOf(view);
    if (!drift) return;
    const { unit, x = -1 } = view.hover.value ?? { unit: store.unit.value };
    const row = rowOf(view, drift, unit);
    const cells = row ? cellsOf(row, drift.scene.order, view.width.value) : [];
    const value = ({ column }: Cell) => row?.values[column] ?? Number.NaN;
    const cell = cells.find(({ left, width }) => left <= x && x < left + width);
    // Where nobody points, the largest weight of each part.
    const largest = PARTS.flatMap((_, part) => {
      const of = cells.filter((each) => each.part === part);
      return of.sort((a, b) => Math.abs(value(b)) - Math.abs(value(a)))[0] ?? [];
    });
    const said = (cell ? [cell] : largest).map(
      (each) => `${["W of ", "U of h ", ""][each.part]}${each.name} = ${number(value(each))}`,
    );
    const which = drift.minus === null ? "" : "A \u2212 B, ";
    const [body] = drift.gate ? rowBodies(drift, drift.scene.step, [unit]) : [];
    const none = body ? loader.refusal(body) : "";
    note.value = said.length ? `unit ${unit}: ${which}${cell ? "" : "most by "}${said.join(", ")}` : none;
    canvas.setAttribute("aria-label", `Weights of the ${store.catalogue.quantities[drift.gate]?.label}. ${note.value}`);
  });
  return box;
}
