/** Where the numbers of an exported page stand in what it is a part of: it counts its samples and timesteps anew. */

import type { Model } from "./model.ts";

/** As the page carries it; a widget with a kernel is no part of anything. */
export interface Part {
  start: number;
  /** By layer. */
  samples: Record<string, number[]>;
}

export interface Origin {
  /** This is a page, which carries no weights and has no kernel to ask for them. */
  isPage: boolean;
  sample(layer: string, sample: number): number;
  timestep(timestep: number): number;
}

export function originOf(model: Model): Origin {
  const part = model.get("_part") as Part | undefined;
  return {
    isPage: part !== undefined,
    sample: (layer, sample) => part?.samples[layer]?.[sample] ?? sample,
    timestep: (timestep) => timestep + (part?.start ?? 0),
  };
}
