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
}

/** For each pixel of a line, the column of a sheet that it shows, or -1. */
export function columnsOf(sheet: Sheet, [start, stop]: Span, width: number): Int32Array {
  return Int32Array.from({ length: width }, (_, x) => {
    const column = sheet.column(start + Math.floor((x * (stop - start)) / width));
    return column >= 0 && column < sheet.columns ? column : -1;
  });
}

interface Line {
  /** The value itself, or the mean of a merged stretch. */
  body: Uint32Array;
  /** As the body, with notches where cells are clipped. */
  head: Uint32Array;
  /** As the body, with ticks where a merged stretch hides a spike. */
  foot: Uint32Array;
}

/** A mean that is further than this part of the scale from an extreme hides something worth a tick. */
const SPIKE = 0.3;

function paintLine(line: Line, sheet: Sheet, quantity: string, unit: number, columns: Int32Array, scale: Scale): void {
  const { table, low, high, nan, clipped } = scale;
  const means = sheet.row(quantity, unit);
  const minima = sheet.exact ? null : sheet.row(quantity, unit, "minimum");
  const maxima = sheet.exact ? null : sheet.row(quantity, unit, "maximum");
  for (let x = 0; x < columns.length; x++) {
    const column = columns[x] ?? -1;
    const value = means && column >= 0 ? (means[column] ?? Number.NaN) : undefined;
    let body = 0;
    let head = 0;
    let foot = 0;
    if (value !== undefined) {
      body = Number.isNaN(value) ? nan : (table[place(value, low, high)] ?? nan);
      const least = minima?.[column] ?? value;
      const most = maxima?.[column] ?? value;
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
  source: { sheet: Sheet | null; quantity: string; unit: number; columns: Int32Array },
  scale: Scale,
): void {
  if (!source.sheet) return;
  const filled = height - gap;
  const row = (y: number) => pixels.subarray((top + y) * width, (top + y + 1) * width);
  const line: Line = { body: new Uint32Array(width), head: new Uint32Array(width), foot: new Uint32Array(width) };
  paintLine(line, source.sheet, source.quantity, source.unit, source.columns, scale);
  for (let y = 0; y < filled; y++) row(y).set(line.body);
  // Notch and tick leave at least half of the cell to its own colour.
  const mark = Math.max(1, Math.floor(filled / 6));
  for (let y = 0; y < mark && filled > 2; y++) {
    row(y).set(line.head);
    row(filled - 1 - y).set(line.foot);
  }
}
