/** The map as pixels: pure functions from rows of numbers to a buffer, so that they can be tested without a canvas. */

import { place, type Table } from "./colour.ts";
import type { Sheet } from "./data/decode.ts";
import type { Span } from "./protocol.ts";

export interface Scale {
  table: Table;
  low: number;
  high: number;
  /** What stands for NaN. */
  nan: number;
  /** A notch on cells beyond the limits of the scale. */
  clipped: number;
  /** Numbers are shares, and shown as log(p / (1 - p)), held inside the limits. */
  logit?: boolean;
}

/** Where the numbers of one unit come from. */
export interface Source {
  sheet: Sheet | null;
  quantity: string;
  unit: number;
  columns: Int32Array;
  /** What is taken off: of a merged stretch only the means, its extremes need not fall on the same timestep. */
  minus?: { sheet: Sheet | null; columns: Int32Array };
}

/** For each pixel of a line, the column of a sheet that it shows, or -1. */
export function columnsOf(sheet: Sheet, [start, stop]: Span, width: number): Int32Array {
  return Int32Array.from({ length: width }, (_, x) => {
    const column = sheet.column(start + Math.floor((x * (stop - start)) / width));
    return column >= 0 && column < sheet.columns ? column : -1;
  });
}

/** The pixels of one unit, to be painted over by the next. */
export interface Line {
  /** The value itself, or the mean of a merged stretch. */
  body: Uint32Array;
  /** As the body, with notches where cells are clipped. */
  head: Uint32Array;
  /** As the body, with ticks where a merged stretch hides a spike. */
  foot: Uint32Array;
}

export function createLine(width: number): Line {
  return { body: new Uint32Array(width), head: new Uint32Array(width), foot: new Uint32Array(width) };
}

/** A mean that is further than this part of the scale from an extreme hides something worth a tick. */
const SPIKE = 0.3;

/** The smallest and largest number of a unit that are on screen; round zero where its sign counts. */
export function limitsOf({ sheet, quantity, unit, columns, minus }: Source, signed: boolean): [number, number] {
  const means = sheet?.row(quantity, unit);
  const others = minus?.sheet?.row(quantity, unit);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [x, column] of columns.entries()) {
    const other = minus ? (others?.[minus.columns[x] ?? -1] ?? Number.NaN) : 0;
    const value = (means?.[column] ?? Number.NaN) - other;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [signed ? -1 : 0, 1];
  const far = Math.max(-low, high) || 1;
  return signed ? [-far, far] : [low, high];
}

function paintLine(line: Line, source: Source, scale: Scale): void {
  const { table, low, high, nan, clipped, logit } = scale;
  const { sheet, quantity, unit, columns, minus } = source;
  const means = sheet?.row(quantity, unit);
  const merged = sheet && !sheet.exact && !minus;
  const minima = merged ? sheet.row(quantity, unit, "minimum") : null;
  const maxima = merged ? sheet.row(quantity, unit, "maximum") : null;
  const others = minus?.sheet?.row(quantity, unit);
  const hold = (p: number) => (logit ? Math.min(Math.max(Math.log(p / (1 - p)), low), high) : p);
  for (let x = 0; x < columns.length; x++) {
    const column = columns[x] ?? -1;
    const other = minus?.columns[x] ?? -1;
    // Neighbours in one column look alike; most pixels are such where the window is short.
    if (x && column === columns[x - 1] && other === (minus?.columns[x - 1] ?? -1)) {
      for (const part of [line.body, line.head, line.foot]) part[x] = part[x - 1] ?? 0;
      continue;
    }
    let body = 0;
    let head = 0;
    let foot = 0;
    if (means && column >= 0 && (!minus || (others && other >= 0))) {
      const value = hold(means[column] ?? Number.NaN) - (others?.[other] ?? 0);
      body = Number.isNaN(value) ? nan : (table[place(value, low, high)] ?? nan);
      const least = minima ? hold(minima[column] ?? value) : value;
      const most = maxima ? hold(maxima[column] ?? value) : value;
      head = least < low || most > high ? clipped : body;
      const [down, up] = [value - least, most - value];
      const spike = Math.max(down, up) > SPIKE * (high - low);
      foot = spike ? (table[place(down > up ? least : most, low, high)] ?? body) : body;
    }
    line.body[x] = body;
    line.head[x] = head;
    line.foot[x] = foot;
  }
}

/** One unit's band of the map, `height` pixels high, the last `gap` of them empty. */
export function paintUnit(
  pixels: Uint32Array,
  width: number,
  top: number,
  height: number,
  gap: number,
  source: Source,
  scale: Scale,
  line = createLine(width),
): void {
  if (!source.sheet) return;
  const filled = height - gap;
  const row = (y: number) => pixels.subarray((top + y) * width, (top + y + 1) * width);
  paintLine(line, source, scale);
  for (let y = 0; y < filled; y++) row(y).set(line.body);
  // Notch and tick leave at least half of the cell to its own colour.
  const mark = Math.max(1, Math.floor(filled / 6));
  for (let y = 0; y < mark && filled > 2; y++) {
    row(y).set(line.head);
    row(filled - 1 - y).set(line.foot);
  }
}

/** Takes the NaN colour off masked steps, where NaN is what should be there. */
export function clearMasked(pixels: Uint32Array, wide: number, masked: Span[], [start, stop]: Span, nan: number): void {
  for (const [from, to] of masked) {
    const left = Math.max(0, Math.ceil(((from - start) / (stop - start)) * wide));
    const right = Math.min(wide, Math.ceil(((to - start) / (stop - start)) * wide));
    for (let y = 0; left < right && y < pixels.length; y += wide)
      for (let i = y + left; i < y + right; i++) if (pixels[i] === nan) pixels[i] = 0;
  }
}
