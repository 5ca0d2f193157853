/** The selected units between the two ends of the window, as comma-separated values. */

import { type Sheet, type Shown, sheet } from "../../data/decode.ts";
import { labelWindows } from "../../data/names.ts";
import type { Body } from "../../data/requests.ts";
import { overviewSuffices } from "../../data/tiles.ts";
import { type LabelsAnswer, MAX_BYTES, type Span, type TileAnswer } from "../../protocol.ts";
import type { Store } from "../../store.ts";
import type { View } from "../../view.ts";

export function unitsOf(store: Store): number[] {
  return [...new Set([store.unit.value, ...store.pinned.value])];
}

export function spanWords(store: Store): string {
  const [start, stop] = store.zoom.value;
  return stop - start > 1 ? `${start}\u2013${stop - 1}` : String(start);
}

/** Exact or not at all: what is not here is asked for. */
export async function table(view: View): Promise<Blob> {
  const { store } = view;
  const shown = store.shown.peek();
  if (!shown) throw new Error("There is nothing to save yet.");
  const { layer, quantities } = shown.scene;
  const sample = store.origin.sample(layer, shown.scene.sample);
  const zoom = store.zoom.peek();
  const lines = [["layer", "sample", "timestep", "label", "unit", ...quantities].join(",")];
  const nameOf = await labels(view, shown, zoom);
  for (const unit of unitsOf(store))
    for (const part of stretches(zoom, quantities.length)) {
      const exact = await exactSheet(view, shown, unit, part);
      for (let t = part[0]; t < part[1]; t++) {
        const values = quantities.map((quantity) => plain(exact.value(quantity, unit, t) ?? Number.NaN));
        lines.push([quoted(layer), sample, store.origin.timestep(t), quoted(nameOf(t)), unit, ...values].join(","));
      }
    }
  return new Blob([lines.join("\n"), "\n"], { type: "text/csv" });
}

/** No answer is larger than a message may be. */
function* stretches([start, stop]: Span, quantities: number): Generator<Span> {
  const most = Math.floor(MAX_BYTES / (4 * quantities));
  for (let from = start; from < stop; from += most) yield [from, Math.min(from + most, stop)];
}

async function exactSheet(view: View, shown: Shown, unit: number, [start, stop]: Span): Promise<Sheet> {
  const { layer, sample, step, quantities } = shown.scene;
  const body: Body = { kind: "tile", layer, sample, step, quantities, units: [unit], start, stop, stride: 1 };
  if (shown.overview && overviewSuffices(shown, body)) return shown.overview;
  const { answer, buffers } = await view.loader.ask(body);
  const found = sheet((answer as TileAnswer).block, buffers[0]);
  if (!found) throw new Error("The numbers did not come whole; nothing was saved.");
  return found;
}

/** What timesteps are called; by number where nobody answers. */
async function labels({ loader }: View, { scene }: Shown, [start, stop]: Span): Promise<(timestep: number) => string> {
  const times = Array.from({ length: stop - start }, (_, i) => start + i);
  const named = new Map<number, string>();
  const windows = labelWindows(scene, times).map(async (body) => {
    const answer = (loader.get(body) ?? (await loader.ask(body)).answer) as LabelsAnswer;
    for (const [i, label] of answer.labels.entries()) named.set(answer.start + i, label);
  });
  await Promise.allSettled(windows);
  return (timestep) => named.get(timestep) ?? String(timestep);
}

/** The shortest digits that read back as this float32; empty for NaN, as tables have it. */
export function plain(value: number): string {
  if (Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
