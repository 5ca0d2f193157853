import type { Shown } from "../../data/decode.ts";
import type { Loader } from "../../data/loader.ts";
import { partsAt } from "../../data/parts.ts";
import { reader } from "../../data/tiles.ts";
import { brief } from "../../format.ts";
import { isMasked } from "../words.ts";
import type { Cell, Values } from "./cell.ts";

/** The numbers of one unit at one timestep. */
export interface State {
  values: Values;
  masked: boolean;
  /** The quantities that are means of several timesteps, until the exact ones come. */
  about: string[];
  /** All that will come is here. */
  settled: boolean;
}

export function stateAt(loader: Loader, shown: Shown, cell: Cell, unit: number, timestep: number): State {
  const { scene } = shown;
  const read = reader(loader, shown, unit, timestep);
  const masked = isMasked(scene, timestep);
  const values: Values = {};
  const about: string[] = [];
  for (const quantity of scene.quantities) {
    const reading = read(quantity, timestep);
    const isState = cell.drawing.states.some(([name]) => name === quantity);
    if (!reading || (masked && !isState)) continue;
    values[quantity] = reading.value;
    if (!reading.exact) about.push(quantity);
    // What a masked timestep was handed is what it hands on.
    if (masked) values[`previous ${quantity}`] = reading.value;
  }
  if (masked) return { values, masked, about, settled: true };
  const parts = partsAt(loader, scene, unit, timestep);
  Object.assign(values, parts);
  // A product of means is no mean of products: wait for the exact numbers.
  if (about.length) return { values, masked, about, settled: false };
  return { values: { ...values, ...cell.between(values) }, masked, about, settled: "previous hidden_state" in parts };
}

/** As it is written in the drawing and in equations. Nothing where nothing is computed, or was kept. */
export function figure({ values, about, settled }: State, value: string): string {
  const known = values[value];
  if (known === undefined) return settled ? "" : "\u2026";
  return (about.includes(value) ? "~" : "") + brief(known);
}
