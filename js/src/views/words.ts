/** The sentences: pure functions from numbers to text. */

import type { Reading } from "../data/tiles.ts";
import { brief, number, signed } from "../format.ts";
import type { Scene } from "../protocol.ts";

export function isMasked(scene: Scene, timestep: number): boolean {
  return scene.masked.some(([start, stop]) => start <= timestep && timestep < stop);
}

/** A number; with a tilde where it is a mean of several timesteps; or why there is none. */
export function valueWords(reading: Reading | undefined, scene: Scene, timestep: number): string {
  if (!reading) return "\u2026";
  if (Number.isNaN(reading.value)) return isMasked(scene, timestep) ? "masked" : "NaN";
  return (reading.exact ? "" : "~") + number(reading.value);
}

type Read = (quantity: string, timestep: number) => Reading | undefined;

/** What happened in one unit at one timestep; null until the numbers are here. */
export function sentence(scene: Scene, read: Read, unit: number, timestep: number, when: string): string | null {
  const at = `Unit ${unit}, ${when}: `;
  // Previous in the order in which the layer reads.
  const before = scene.direction === "backward" ? timestep + 1 : timestep - 1;
  const isStart = before < 0 || before >= scene.timesteps;
  let exact = true;
  const get = (quantity: string, t = timestep): number => {
    const reading = read(quantity, t);
    if (!reading?.exact) exact = false;
    return reading?.value ?? Number.NaN;
  };
  const has = (...names: string[]) => names.every((name) => scene.quantities.includes(name));
  // Of what the unit remembers with, what was kept.
  const state = ["cell_state", "hidden_state"].find((name) => has(name));
  const what = state === "cell_state" ? "c" : "h";
  if (isMasked(scene, timestep)) {
    const carried = state ? get(state) : Number.NaN;
    return `${at}masked; nothing is computed${Number.isFinite(carried) ? `, ${what} = ${brief(carried)} is carried` : ""}.`;
  }
  const previous = isStart || !state ? undefined : get(state, before);
  const writers = has("input_gate", "cell_candidate");
  let words: string;
  if (!state) words = `${scene.quantities.map((name) => `${name.replace(/_/g, " ")} ${brief(get(name))}`).join(", ")}.`;
  else if (has("forget_gate", "cell_state") && (writers || previous !== undefined)) {
    const [forget, cell] = [get("forget_gate"), get("cell_state")];
    const written = writers ? get("input_gate") * get("cell_candidate") : cell - forget * (previous ?? 0);
    words = lstm(forget, written, previous, cell);
  } else if (has("update_gate", "candidate", "hidden_state")) {
    words = gru(get("update_gate"), get("candidate"), previous, get("hidden_state"));
  } else words = simple(what, previous, get(state));
  if (/NaN/.test(words)) return exact ? `${at}not a number.` : null;
  return `${at}${exact ? "" : "about, "}${words}`;
}

/** Fully shut, fully open, or between: the verb for a gate that multiplies the previous state. */
function verb(gate: number, before: number, after: number, symbol: string): string {
  if (Math.abs(before) < 0.005) return `finds ${symbol} empty (${brief(before)})`;
  if (gate < 0.2) return `erases ${symbol} = ${brief(before)} to ${brief(after)}`;
  if (gate < 0.8) return `fades ${symbol} = ${brief(before)} to ${brief(after)}`;
  return `keeps ${symbol} = ${brief(before)} at ${brief(after)}`;
}

function lstm(forget: number, written: number, previous: number | undefined, cell: number): string {
  const end = `writes ${signed(written)}; c is now ${brief(cell)}.`;
  if (previous === undefined) return `the layer's first step ${end}`;
  return `forget gate ${brief(forget)} ${verb(forget, previous, forget * previous, "c")}; ${end}`;
}

function gru(update: number, candidate: number, previous: number | undefined, hidden: number): string {
  const end = `candidate ${signed(candidate)} makes it ${brief(hidden)}.`;
  if (previous === undefined) return `the layer's first step; ${end.replace("it", "h")}`;
  return `update gate ${brief(update)} ${verb(update, previous, update * previous, "h")}; ${end}`;
}

function simple(symbol: string, previous: number | undefined, now: number): string {
  if (previous === undefined) return `the layer's first step makes ${symbol} ${brief(now)}.`;
  return `${symbol} goes from ${brief(previous)} to ${brief(now)}.`;
}
