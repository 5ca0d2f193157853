/** The weights of a gate, a row a unit, and how those of all gates are spread along the steps. */

import type { DriftAnswer, Scene, WeightsAnswer } from "../protocol.ts";
import type { View } from "../view.ts";
import { sourcesOf } from "../views/map/compare.ts";
import { panelOf } from "../views/map/panel.ts";
import { floats } from "./decode.ts";
import type { Body } from "./requests.ts";

/** The parts of a gate's weights. */
export const PARTS = ["W", "U", "b"];
/** Rows that come together: with all their columns half a megabyte at most. */
const ROWS = 64;
/** Norm, median, minimum, maximum, lower and upper quartile. */
const STATISTICS = 6;

type With<Answer> = (Answer & { buffers: unknown[] }) | undefined;

/** How the weights of all gates are spread. */
export interface Drift {
  /** Whose weights are shown, */
  scene: Scene;
  /** less those of this step, where their difference is. */
  minus: number | null;
  gates: string[];
  /** The selected one of them; nothing as long as none are known. */
  gate: string;
  /** How many steps, and the place of the one on screen among them. */
  count: number;
  at: number;
  /** Some statistics of a part, from the first, a number a step. */
  rows(gate: string, part: number, first: number, few: number): Float32Array;
  /** Of each part 0, the smallest and the largest weight of all gates and steps: what heights and colours mean; or NaN. */
  extents: [low: number, high: number][];
}

/** What is known; what is not yet is asked for. Nothing where something else is on screen. */
export function driftOf(view: View): Drift | null {
  const { store, loader } = view;
  const owner = `${view.id} drift`;
  const shown = store.shown.value;
  if (panelOf(store) !== "weights" || !shown) {
    loader.want(owner, []);
    return null;
  }
  loader.version.value;
  const { from, minus } = sourcesOf(store, shown);
  const { scene } = from;
  const body: Body = { kind: "drift", layer: scene.layer, step: store.steps.value.numbers.at(-1) ?? 0 };
  loader.want(owner, [body]);
  const { steps = [], gates = [], buffers = [] } = (loader.get(body) as With<DriftAnswer>) ?? {};
  const count = steps.length;
  const numbers = floats(buffers[0], 0, gates.length * PARTS.length * STATISTICS * count);
  const rows: Drift["rows"] = (gate, part, first, few) => {
    const from = ((gates.indexOf(gate) * PARTS.length + part) * STATISTICS + first) * count;
    return numbers?.subarray(from, from + few * count) ?? new Float32Array();
  };
  const wanted = store.selected.quantity.value;
  return {
    scene,
    // Two samples have the same weights.
    minus: minus && (minus.scene.step !== scene.step || minus.scene.sample === scene.sample) ? minus.scene.step : null,
    gates,
    gate: gates.includes(wanted) ? wanted : (gates[0] ?? ""),
    count,
    // The last of those looked at that is not past the one on screen.
    at: Math.max(0, steps.filter((step) => step <= scene.step).length - 1),
    rows,
    extents: PARTS.map((_, part) => {
      const ends = gates.flatMap((gate) => [...rows(gate, part, 2, 2)]).filter(Number.isFinite);
      return ends.length ? [Math.min(0, ...ends), Math.max(0, ...ends)] : [Number.NaN, Number.NaN];
    }),
  };
}

/** What is asked for some rows. By their places in the whole order: scrolling asks for each row once. */
export function rowBodies({ scene, gate }: Drift, step: number, units: number[]) {
  const { layer, order } = scene;
  const first = new Set(units.map((unit) => Math.floor(order.indexOf(unit) / ROWS) * ROWS));
  return [...first].map((from) => {
    return { kind: "weights" as const, layer, step, gate, units: order.slice(from, from + ROWS) };
  });
}

export type Row = Pick<WeightsAnswer, "features" | "strides" | "biases"> & { values: Float32Array };

/** The row of a unit at the step on screen, or how it differs from that of the other step, where it is here. */
export function rowOf(view: View, drift: Drift, unit: number): Row | null {
  const row = rowAt(view, drift, drift.scene.step, unit);
  if (!row || drift.minus === null) return row;
  const other = rowAt(view, drift, drift.minus, unit)?.values;
  return other ? { ...row, values: row.values.map((value, k) => value - (other[k] ?? Number.NaN)) } : null;
}

function rowAt({ loader }: View, drift: Drift, step: number, unit: number): Row | null {
  const [body] = rowBodies(drift, step, [unit]);
  const answer = body && (loader.get(body) as With<WeightsAnswer>);
  if (!answer) return null;
  const { features, strides, biases, buffers } = answer;
  const columns = features.length + Math.ceil(drift.scene.units / strides[1]) + biases;
  const values = floats(buffers[0], 4 * columns * body.units.indexOf(unit), columns);
  return values && { features, strides, biases, values };
}
