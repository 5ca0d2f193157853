/** The simplest of all requests, where it does not matter which: for one line of the list of samples. */

import type { Body } from "../src/data/requests.ts";

export function line(start: number): Body {
  return { kind: "samples", layer: "encoder", step: 0, text: "", among: "all", by: "index", start, stop: start + 1 };
}
