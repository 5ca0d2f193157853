import type { Block, Scene, SeriesBlock } from "../protocol.ts";

/** Binary data as the hosts hand it over: a DataView in JupyterLab, a Uint8Array in Colab. */
export type Bytes = ArrayBuffer | ArrayBufferView;

/** `count` float32 numbers, read from `offset` bytes into `bytes`; null where they are not all there. */
export function floats(bytes: unknown, offset: number, count: number): Float32Array | null {
  const isView = ArrayBuffer.isView(bytes);
  if (!isView && !(bytes instanceof ArrayBuffer)) return null;
  if (!Number.isInteger(offset) || offset < 0 || offset + 4 * count > bytes.byteLength) return null;
  const buffer = isView ? bytes.buffer : bytes;
  const from = offset + (isView ? bytes.byteOffset : 0);
  if (from % 4 === 0) return new Float32Array(buffer, from, count);
  // A message's buffers follow each other without padding, so a view may start on any byte.
  return new Float32Array(buffer.slice(from, from + 4 * count));
}

export type Statistic = "mean" | "minimum" | "maximum";
const STATISTICS: Record<Statistic, number> = { mean: 0, minimum: 1, maximum: 2 };

export function columnCount(block: { start: number; stop: number; stride: number }): number {
  return Math.ceil((block.stop - block.start) / block.stride);
}

/** How many floats a block has. */
export function size(block: Block): number {
  const statistics = block.stride === 1 ? 1 : 3;
  return statistics * block.quantities.length * block.units.length * columnCount(block);
}

/** A block and its numbers. */
export class Sheet {
  readonly columns: number;
  readonly exact: boolean;
  private readonly places: Map<number, number>;
  private limits: [low: number, high: number] | null = null;

  constructor(
    readonly block: Block,
    readonly data: Float32Array,
  ) {
    this.columns = columnCount(block);
    this.exact = block.stride === 1;
    this.places = new Map(block.units.map((unit, place) => [unit, place]));
  }

  /** One unit's numbers for one quantity, a column each; null where this sheet has none. */
  row(quantity: string, unit: number, statistic: Statistic = "mean"): Float32Array | null {
    const { quantities, units } = this.block;
    const q = quantities.indexOf(quantity);
    const u = this.places.get(unit);
    if (q < 0 || u === undefined) return null;
    const s = this.exact ? 0 : STATISTICS[statistic];
    const from = ((s * quantities.length + q) * units.length + u) * this.columns;
    return this.data.subarray(from, from + this.columns);
  }

  has(units: number[]): boolean {
    return units.every((unit) => this.places.has(unit));
  }

  covers(start: number, stop: number): boolean {
    return this.block.start <= start && stop <= this.block.stop;
  }

  /** The column that holds a timestep. */
  column(timestep: number): number {
    return Math.floor((timestep - this.block.start) / this.block.stride);
  }

  value(quantity: string, unit: number, timestep: number): number | undefined {
    if (!this.covers(timestep, timestep + 1)) return undefined;
    return this.row(quantity, unit)?.[this.column(timestep)];
  }

  /** The smallest and the largest number in it. */
  extent(): [low: number, high: number] {
    if (this.limits) return this.limits;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of this.data) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    this.limits = low <= high ? [low, high] : [0, 1];
    return this.limits;
  }
}

/** A sheet out of a block and its bytes; null where they do not fit each other. */
export function sheet(block: Block, bytes: unknown, offset = 0): Sheet | null {
  const data = floats(bytes, offset, size(block));
  return data && new Sheet(block, data);
}

/** What belongs to no unit: a block whose quantities are the features, of one unit. */
export function seriesSheet(series: SeriesBlock, bytes: unknown): Sheet | null {
  const { features, start, stop, stride, offset } = series;
  return sheet({ quantities: features, units: [0], start, stop, stride }, bytes, offset);
}

/** A scene with its numbers decoded. */
export interface Shown {
  scene: Scene;
  overview: Sheet | null;
  input: Sheet | null;
  /** What the model answers along time, and what was expected of it. */
  output: Sheet | null;
  expected: Sheet | null;
  errors: Sheet | null;
}

export function shown(scene: Scene, bytes: unknown): Shown {
  const series = (block: SeriesBlock | null | undefined) => (block ? seriesSheet(block, bytes) : null);
  return {
    scene,
    overview: sheet(scene.block, bytes),
    input: series(scene.input),
    output: series(scene.output?.series),
    expected: series(scene.output?.expected),
    errors: series(scene.proof?.errors),
  };
}
