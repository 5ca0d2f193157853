/** What a page carries; the twin of `lstm_widget/export/page/embedded.py`. Numbers are float32 in base64. */

import type { Part } from "../origin.ts";
import type { Catalogue, SampleLine, Scene } from "../protocol.ts";
import type { Selection } from "../selection.ts";

/** One layer and sample. */
export interface EmbeddedScene {
  /** By total change; `orders` has the others. */
  scene: Scene;
  orders: Record<string, number[]>;
  /** A place in `Embedded.texts`; null where timesteps are called by their number. */
  labels: number | null;
  /** Likewise; null where the input is no words. */
  words: number | null;
  /** `[quantity][unit][timestep]` */
  values: string;
  /** The end of the overview: input, answers, errors. */
  behind: string;
  /** `[gate][unit]`: the same at every timestep. */
  bias: string;
  /** `[gate][input, recurrent][unit][timestep]`, then what was handed on as `[state][unit][timestep]`. */
  parts: string;
}

export interface EmbeddedLayer {
  gates: string[];
  states: string[];
  lines: SampleLine[];
  /** Why there is no list by loss, and none of the wrong or right; what there is, is left out. */
  refused: { loss?: string; class?: string };
  /** A sample each, or why there is none. */
  nearest: (number | string)[];
  scenes: EmbeddedScene[];
}

export interface Embedded {
  catalogue: Catalogue;
  /** As the page opens. */
  selection: Selection;
  height: number;
  part: Part;
  texts: string[][];
  layers: Record<string, EmbeddedLayer>;
}

/** Bytes out of base64. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
