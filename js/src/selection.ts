import type { Span } from "./protocol.ts";

/** The traits that either side may set. */
export interface Selection {
  layer: string;
  /** Of a training, or which of several traces: a place among them. */
  step: number;
  sample: number;
  timestep: number;
  unit: number;
  pinned: number[];
  quantity: string;
  zoom: Span;
  sort: string;
  /** Where the map stands: that of one quantity, of all, units by how saturated their gates are, or a gate's weights. */
  panel: "map" | "all" | "saturation" | "weights";
  /** How numbers of the map become colours: alike for all units, each unit by itself, or gates as logits. */
  scale: "shared" | "unit" | "logit";
  /** Of the map's quantity, in its own track. */
  threshold: number | null;
  /** A stretch of time, to ask what is special in it. */
  range: Span | null;
  /** The sample that is drawn dashed beside the selected one. */
  compared: number | null;
  /** The step of which it is; the selected sample's own, of that step, where no other sample is. */
  compared_step: number | null;
  /** Which of the two the map shows. */
  comparison: "a" | "b" | "difference";
  /** The quantity whose equation is open; empty for none. */
  equation: string;
  diagram: boolean;
  veiled: boolean;
  text: "line" | "rows";
  among: "all" | "wrong" | "right";
}

/** As the traits begin. */
export const START: Selection = {
  layer: "",
  step: 0,
  sample: 0,
  timestep: 0,
  unit: 0,
  pinned: [],
  quantity: "",
  zoom: [0, 0],
  sort: "change",
  panel: "map",
  scale: "shared",
  threshold: null,
  range: null,
  compared: null,
  compared_step: null,
  comparison: "a",
  equation: "",
  diagram: true,
  veiled: false,
  text: "line",
  among: "all",
};
