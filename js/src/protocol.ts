/**
 * The messages between kernel and browser; the twin of `lstm_widget/protocol.py`.
 *
 * Selection and scene travel as traits, everything else is asked for: the browser sends a `Request`,
 * the kernel answers it exactly once, with the same `id`.
 * `tests/fixtures/protocol.json` holds one of each and is read by the tests of both sides.
 */

export const VERSION = 2;
/** No buffer on the wire is larger: Colab refuses 1 MiB and more. */
export const MAX_BYTES = 1_000_000;
/** No answer is thinned out of more numbers: the kernel would be away for seconds. */
export const MAX_READ = 200_000_000;
/** No answer carries more labels. */
export const MAX_LABELS = 4096;
/** No more are listed; of more, every second, third ... one is. */
export const MAX_STEPS = 4096;

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
  /** Names of Keras's `activation` and `recurrent_activation`. */
  activation: string;
  gate_activation: string;
  /** The variant of a GRU. */
  reset_after: boolean;
  /** All that its cell computes, in the order of `quantities.py`: each has its colour, whatever else was kept. */
  quantities: string[];
  /** There are weights, at some step at least. */
  weights: boolean;
}

/** What never changes while a widget lives: trait `_catalogue`. */
export interface Catalogue {
  version: number;
  quantities: Record<string, Quantity>;
  layers: Layer[];
  /** Table name -> 256 RGB triples as one string of hexadecimal digits. */
  colours: Record<string, string>;
}

/** What one may scrub through: trait `_steps`. A trace or a model has one step, without a name. */
export interface Steps {
  /** What requests and scenes call each step; a step keeps its number while others come and go. */
  numbers: number[];
  names: string[];
  /** Loss and metrics, a value a step; null where there is none, or none that is finite. */
  logs: Record<string, (number | null)[]>;
  /** Places in these lists, and what is wrong there: a loss or weights that are NaN, numbers that are not proved. */
  marks: [place: number, text: string][];
  /** How many steps there are; more than are listed where `MAX_STEPS` are not enough. */
  total: number;
  /** A model is being trained: steps come by themselves, and requests are answered when it is over. */
  training: boolean;
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
  units: number[];
  start: number;
  stop: number;
  stride: number;
}

/** Numbers along time that belong to no unit, as a `Block` without units: `[statistic][feature][column]`. */
export interface SeriesBlock {
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
  /** No number of h was compared: all are NaN or infinite, or masked. */
  empty: boolean;
  /** What was not compared as numbers, in words: what is NaN or infinite, what comes after an overflow. */
  odd: string;
  /** Largest distance in h at each timestep; null where it was not kept. */
  errors: SeriesBlock | null;
}

/** What the model answers along time. */
export interface Output {
  /** One answer a timestep, or the *prediction so far*: what the head would say if the sequence ended here. */
  kind: "timestep" | "so far";
  /** A feature an output; of many classes only those that matter, named by `features`. */
  series: SeriesBlock;
  /** What was expected at each timestep: a class (as a place in `series.features`), or a value a feature. */
  expected: SeriesBlock | null;
  /** What was expected at the end: a place in `series.features` under `probabilities`, else a value. */
  target: number | null;
  probabilities: boolean;
  /** Of a prediction so far, at its end: how far it is from the model's own output. */
  error: number | null;
}

/** What the selected layer and sample look like: trait `_scene`, with the bytes in `_overview`. */
export interface Scene {
  layer: string;
  sample: number;
  step: number;
  /** The first step that was given the same input: words and names of timesteps are asked for once. */
  input_step: number;
  /** Rises when all numbers are made anew, with other weights. */
  generation: number;
  timesteps: number;
  units: number;
  direction: "forward" | "backward";
  quantities: string[];
  /** Colour limits of each quantity, frozen for the layer: over all its samples and steps. */
  ranges: Record<string, [low: number, high: number]>;
  sort: string;
  /** Units from the top row of the map to the last, by `sort`. */
  order: number[];
  /** The smallest window that holds every unmasked timestep. */
  unmasked: Span;
  masked: Span[];
  /** Unmasked stretches at either end in which the input never changes: they look like padding. */
  padding: Span[];
  /** Null at a step whose numbers could not be proved, and are NaN. */
  proof: Proof | null;
  title: string;
  prediction: string | null;
  target: string | null;
  /** Null where no target is known. */
  wrong: boolean | null;
  block: Block;
  input: SeriesBlock | null;
  /** The input is one whole number a timestep: words, asked for with a `WordsRequest`. */
  tokens: boolean;
  output: Output | null;
}

/** Ask for a scene that is not on screen; the answer is a `SceneAnswer` and its overview. */
export interface SceneRequest {
  id: string;
  kind: "scene";
  layer: string;
  sample: number;
  step: number;
  sort: string;
}

/** The scene; its overview is the buffer beside it. Unasked, with an empty id, while a model is trained. */
export interface SceneAnswer {
  id: string;
  kind: "scene";
  scene: Scene;
}

/** Ask for numbers; the answer is a `TileAnswer` and one buffer. */
export interface TileRequest {
  id: string;
  kind: "tile";
  layer: string;
  sample: number;
  step: number;
  quantities: string[];
  units: number[];
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
  step: number;
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

/** Ask how the input's words read. */
export interface WordsRequest {
  id: string;
  kind: "words";
  layer: string;
  sample: number;
  step: number;
  start: number;
  stop: number;
}

/** One word a timestep. */
export interface WordsAnswer {
  id: string;
  kind: "words";
  start: number;
  words: string[];
}

/** Ask which timestep is called so: the label itself, else the first that begins so, else the first that holds it. */
export interface FindRequest {
  id: string;
  kind: "find";
  layer: string;
  sample: number;
  step: number;
  text: string;
}

/** Null where no label is like it. */
export interface FindAnswer {
  id: string;
  kind: "find";
  timestep: number | null;
}

/** A sample in the picker. */
export interface SampleLine {
  sample: number;
  label: string;
  prediction?: string;
  target?: string;
  loss?: number;
  wrong?: boolean;
}

/** Ask for samples: those whose label holds `text`, among all, the wrong or the right, lines `start` to `stop`. */
export interface SamplesRequest {
  id: string;
  kind: "samples";
  layer: string;
  step: number;
  text: string;
  among: "all" | "wrong" | "right";
  /** By loss the worst comes first. */
  by: "index" | "loss";
  start: number;
  stop: number;
}

/** `total` counts the lines that there are. */
export interface SamplesAnswer {
  id: string;
  kind: "samples";
  start: number;
  total: number;
  samples: SampleLine[];
}

/** Ask for the nearest correct sample of this one's true class. */
export interface NearestRequest {
  id: string;
  kind: "nearest";
  layer: string;
  sample: number;
  step: number;
}

/** Nearest in the model's own input. */
export interface NearestAnswer {
  id: string;
  kind: "nearest";
  sample: number;
}

/** Ask what each gate of one unit is made of. */
export interface PartsRequest {
  id: string;
  kind: "parts";
  layer: string;
  sample: number;
  step: number;
  unit: number;
  start: number;
  stop: number;
}

/**
 * The buffer beside it is float32, `[row][timestep]`. Three rows a gate that can be taken apart, none where the
 * weights were not kept: what the input adds, what the recurrence adds, the bias; then one row a state that was kept:
 * its *previous* value. NaN where the timestep is masked. The recurrent part of a GRU's candidate stands as it is
 * multiplied by r: with `reset_after` `h_prev U + b_r`, else `(r h_prev) U` as added.
 */
export interface PartsAnswer {
  id: string;
  kind: "parts";
  layer: string;
  sample: number;
  unit: number;
  start: number;
  stop: number;
  gates: string[];
  states: string[];
}

/** Ask how much of what was written earlier is still there at a timestep. */
export interface MemoryRequest {
  id: string;
  kind: "memory";
  layer: string;
  sample: number;
  step: number;
  unit: number;
  timestep: number;
  start: number;
  stop: number;
  stride: number;
}

/** The buffer beside it is float32, a column every `stride` timesteps: the largest share in it; 0 for what is yet to come. */
export interface MemoryAnswer {
  id: string;
  kind: "memory";
  start: number;
  stop: number;
  stride: number;
}

/** Ask how often the gates of all units are shut and open in a sample. */
export interface SaturationRequest {
  id: string;
  kind: "saturation";
  layer: string;
  sample: number;
  step: number;
}

/** The buffer beside it is float32, `[gate][2][unit]`: share of timesteps below 0.1, share above 0.9. */
export interface SaturationAnswer {
  id: string;
  kind: "saturation";
  layer: string;
  sample: number;
  gates: string[];
}

/** Ask which units are above a threshold inside a range of timesteps and below it outside. */
export interface MatchesRequest {
  id: string;
  kind: "matches";
  layer: string;
  sample: number;
  step: number;
  quantity: string;
  start: number;
  stop: number;
  threshold: number;
}

/**
 * At most 64 units, best first, with the share of timesteps at which each does as asked, inside and outside counting
 * alike; the first `exact` always do.
 */
export interface MatchesAnswer {
  id: string;
  kind: "matches";
  units: number[];
  shares: number[];
  exact: number;
}

/** Ask for the weights of some units of one gate. */
export interface WeightsRequest {
  id: string;
  kind: "weights";
  layer: string;
  step: number;
  gate: string;
  units: number[];
}

/** The buffer beside it is float32, `[unit][column]`: weights of the features, of h of the units, then biases. */
export interface WeightsAnswer {
  id: string;
  kind: "weights";
  /** Names of those that are here. */
  features: string[];
  /** Of more than 1,024 features, or units, every so many-th is here, from the first. */
  strides: [features: number, units: number];
  /** One; two of a GRU with `reset_after`, the input's and the recurrent one; none without `use_bias`. */
  biases: number;
}

/** Ask how the weights of all gates are spread, along the steps up to one. */
export interface DriftRequest {
  id: string;
  kind: "drift";
  layer: string;
  step: number;
}

/**
 * The buffer beside it is float32, `[gate][part][statistic][step]`; NaN where there are no weights. Three parts:
 * kernel, recurrent kernel, bias; six statistics: norm, median, minimum, maximum, lower quartile, upper quartile.
 */
export interface DriftAnswer {
  id: string;
  kind: "drift";
  /** Their numbers: of many, some evenly between the first and the last. */
  steps: number[];
  gates: string[];
}

/** Ask to extract again, with the weights that the model has now. The answer comes after the new scene. */
export interface RefreshRequest {
  id: string;
  kind: "refresh";
}

/** Done. */
export interface RefreshAnswer {
  id: string;
  kind: "refresh";
}

/**
 * Ask how many times traits were sent: a page whose trait `_revision` says less has missed something. With `send` all of
 * them are sent once more, before the answer.
 */
export interface StateRequest {
  id: string;
  kind: "state";
  send: boolean;
}

/** So many times. */
export interface StateAnswer {
  id: string;
  kind: "state";
  revision: number;
}

/** Why there is no other answer. `id` is empty where the request had none that can be read. */
export interface ErrorAnswer {
  id: string;
  kind: "error";
  error: string;
}

export type Request =
  | SceneRequest
  | TileRequest
  | LabelsRequest
  | WordsRequest
  | FindRequest
  | SamplesRequest
  | NearestRequest
  | PartsRequest
  | MemoryRequest
  | SaturationRequest
  | MatchesRequest
  | WeightsRequest
  | DriftRequest
  | RefreshRequest
  | StateRequest;
export type Answer =
  | SceneAnswer
  | TileAnswer
  | LabelsAnswer
  | WordsAnswer
  | FindAnswer
  | SamplesAnswer
  | NearestAnswer
  | PartsAnswer
  | MemoryAnswer
  | SaturationAnswer
  | MatchesAnswer
  | WeightsAnswer
  | DriftAnswer
  | RefreshAnswer
  | StateAnswer
  | ErrorAnswer;
