/** What the gates of one unit are made of, and the states that each timestep was handed. */

import type { PartsAnswer, Scene } from "../protocol.ts";
import { floats } from "./decode.ts";
import type { Loader } from "./loader.ts";
import type { Body } from "./requests.ts";

/** Fetched in stretches, so that the next step of the slider is already here. */
const STRETCH = 256;
/** The rows of a gate, in this order. */
export const PARTS = ["input", "recurrent", "bias"] as const;

export function partsBody(scene: Scene, unit: number, timestep: number): Body {
  const start = Math.floor(timestep / STRETCH) * STRETCH;
  const stop = Math.min(start + STRETCH, scene.timesteps);
  return { kind: "parts", layer: scene.layer, sample: scene.sample, step: scene.step, unit, start, stop };
}

/** One timestep's parts: `"forget_gate input"`, `"previous cell_state"` and so on; nothing until they are here, and never what was not kept. */
export function partsAt(loader: Loader, scene: Scene, unit: number, timestep: number): Record<string, number> {
  const answer = loader.get(partsBody(scene, unit, timestep)) as (PartsAnswer & { buffers: unknown[] }) | undefined;
  if (!answer) return {};
  const { gates, states, start, stop, buffers } = answer;
  const names = [
    ...gates.flatMap((gate) => PARTS.map((part) => `${gate} ${part}`)),
    ...states.map((state) => `previous ${state}`),
  ];
  const rows = floats(buffers[0], 0, names.length * (stop - start));
  if (!rows) return {};
  const at = (row: number) => rows[row * (stop - start) + timestep - start] ?? Number.NaN;
  return Object.fromEntries(names.map((name, row) => [name, at(row)]));
}
