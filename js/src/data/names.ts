/** What timesteps and samples are called: asked for by window, never all at once. */

import type { SampleLine, SamplesAnswer, Scene } from "../protocol.ts";
import type { Store } from "../store.ts";
import type { Loader } from "./loader.ts";
import type { Body } from "./requests.ts";

const WINDOW = 256;

function windowOf(index: number, count: number): [number, number] {
  const start = Math.floor(index / WINDOW) * WINDOW;
  return [start, Math.min(start + WINDOW, count)];
}

function labelsBody(scene: Scene, timestep: number): Body {
  const [start, stop] = windowOf(timestep, scene.timesteps);
  return { kind: "labels", layer: scene.layer, sample: scene.sample, step: scene.input_step, start, stop };
}

/** Requests for the labels of these timesteps, each window once. */
export function labelWindows(scene: Scene, timesteps: number[]): Body[] {
  const bodies = timesteps.map((t) => labelsBody(scene, t));
  return [...new Map(bodies.map((body) => [JSON.stringify(body), body])).values()];
}

/** A timestep's label; its index where there is none, an empty one or none yet. */
export function labelOf(loader: Loader, scene: Scene, timestep: number): string {
  const answer = loader.get(labelsBody(scene, timestep)) as { labels?: unknown[]; start: number } | undefined;
  const label = answer?.labels?.[timestep - answer.start];
  return String(label ?? "").trim() ? String(label) : String(timestep);
}

/** `t = 37`, and after a dot the label where it says more than that. */
export function timeWords(loader: Loader, scene: Scene, timestep: number): string {
  const label = labelOf(loader, scene, timestep);
  return label === String(timestep) ? `t = ${timestep}` : `t = ${timestep} \u00b7 ${label}`;
}

/** Asks what one sample is called, and its neighbours: alike at all steps, so that of the first is asked. */
export function samplesBody({ samples, steps }: Store, layer: string, sample: number): Body {
  const [start, stop] = windowOf(sample, samples.value);
  const step = steps.value.numbers[0] ?? 0;
  return { kind: "samples", layer, step, text: "", among: "all", by: "index", start, stop };
}

export function sampleLine(loader: Loader, store: Store, layer: string, sample: number): SampleLine | undefined {
  const answer = loader.get(samplesBody(store, layer, sample)) as SamplesAnswer | undefined;
  return answer?.samples?.[sample - answer.start];
}
