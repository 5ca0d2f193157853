/** Where the numbers of an exported page stand in what it is a part of: it counts its samples and timesteps anew. */

import type { Model } from "./model.ts";

/** As the page carries it; a widget with a kernel is no part of anything. */
export interface Part {
  start: number;
  /** By layer. */
  samples: Record<string, number[]>;
}

export interface Origin {
  sample(layer: string, sample: number): number;
  timestep(timestep: number): number;
}

export function originOf(model: Model): Origin {
  const part = model.get("_part") as Part | undefined;
  return {
    sample: (layer, sample) => part?.samples[layer]?.[sample] ?? sample,
    timestep: (timestep) => timestep + (part?.start ?? 0),
  };
}
