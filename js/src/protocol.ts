/**
 * The messages between kernel and browser; the twin of `lstm_widget/protocol.py`.
 *
 * Selection and scene travel as traits, everything else is asked for: the browser sends a `Request`,
 * the kernel answers it exactly once, with the same `id`.
 * `tests/fixtures/protocol.json` holds one of each and is read by the tests of both sides.
 */

export const VERSION = 1;
/** No buffer on the wire is larger: Colab refuses 1 MiB and more. */
export const MAX_BYTES = 1_000_000;
/** No answer carries more labels. */
export const MAX_LABELS = 4096;

/** `[start, stop]`, half-open, as in Python. */
export type Span = [start: number, stop: number];

/** One row of the table in `quantities.py`. */
export interface Quantity {
  symbol: string;
  label: string;
  kind: "gate" | "signed";
}

/** A layer one can pick. */
export interface Layer {
  name: string;
  cell: string;
  units: number;
  /** A TimeDistributed makes several of one input row, a stateful layer one of several. */
  samples: number;
  direction: "forward" | "backward";
}

/** What never changes while a widget lives: trait `_catalogue`. */
export interface Catalogue {
  version: number;
  quantities: Record<string, Quantity>;
  layers: Layer[];
  /** Table name -> 256 RGB triples as one string of hexadecimal digits. */
  colours: Record<string, string>;
}

/**
 * Where the numbers of a buffer belong.
 *
 * The buffer is little-endian float32, C order `[statistic][quantity][unit][column]`.
 * With `stride` 1 there is one statistic, the value itself; else there are three: mean, minimum
 * and maximum of `stride` timesteps, NaN steps left out (the last column may cover fewer).
 */
export interface Block {
  quantities: string[];
  units: Span;
  start: number;
  stop: number;
  stride: number;
}

/** The model's own input, as a `Block` without units: `[statistic][feature][column]`. */
export interface InputBlock {
  features: string[];
  start: number;
  stop: number;
  stride: number;
  /** Where it begins in the overview, in bytes. */
  offset: number;
}

/** The certificate, as the badge shows it. */
export interface Proof {
  max_abs_error: number;
  tolerance: number;
  compared: string;
  run: string;
}

/** What the selected layer and sample look like: trait `_scene`, with the bytes in `_overview`. */
export interface Scene {
  layer: string;
  sample: number;
  timesteps: number;
  units: number;
  direction: "forward" | "backward";
  quantities: string[];
  /** Colour limits of each quantity, frozen for the layer. */
  ranges: Record<string, [low: number, high: number]>;
  /** Units from the top row of the map to the last. */
  order: number[];
  /** The smallest window that holds every unmasked timestep. */
  unmasked: Span;
  masked: Span[];
  proof: Proof;
  title: string;
  prediction: string | null;
  target: string | null;
  block: Block;
  input: InputBlock | null;
}

/** Ask for numbers; the answer is a `TileAnswer` and one buffer. */
export interface TileRequest {
  id: string;
  kind: "tile";
  layer: string;
  sample: number;
  quantities: string[];
  units: Span;
  start: number;
  stop: number;
  stride: number;
}

/** The block in the buffer beside it. */
export interface TileAnswer {
  id: string;
  kind: "tile";
  layer: string;
  sample: number;
  block: Block;
}

/** Ask what timesteps are called. */
export interface LabelsRequest {
  id: string;
  kind: "labels";
  layer: string;
  sample: number;
  start: number;
  stop: number;
}

/** One string a timestep. */
export interface LabelsAnswer {
  id: string;
  kind: "labels";
  start: number;
  labels: string[];
}

/** A sample in the picker. */
export interface SampleLine {
  label: string;
  prediction?: string;
  target?: string;
}

/** Ask what samples are called. */
export interface SamplesRequest {
  id: string;
  kind: "samples";
  start: number;
  stop: number;
}

/** One line a sample. */
export interface SamplesAnswer {
  id: string;
  kind: "samples";
  start: number;
  samples: SampleLine[];
}

/** Why there is no other answer. `id` is empty where the request had none that can be read. */
export interface ErrorAnswer {
  id: string;
  kind: "error";
  error: string;
}

export type Request = TileRequest | LabelsRequest | SamplesRequest;
export type Answer = TileAnswer | LabelsAnswer | SamplesAnswer | ErrorAnswer;
