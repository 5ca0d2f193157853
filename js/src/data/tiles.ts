/** Which tiles a view needs, and the best numbers there are until they come. */

import { MAX_READ, type Scene, type Span } from "../protocol.ts";
import type { Sheet, Shown } from "./decode.ts";
import type { Loader } from "./loader.ts";
import type { Body } from "./requests.ts";

/** Exact numbers are fetched in stretches, so that the next step of the slider is already here. */
const STRETCH = 256;
/** Floats in one tile of the map: small enough to arrive while one looks, large enough not to come in hundreds. */
const TILE = 65_536;

/** Timesteps a column, such that the columns of a window fit into `width`. A power of two, so that zooming re-uses. */
export function strideFor([start, stop]: Span, width: number): number {
  let stride = 1;
  while ((stop - start) / stride > Math.max(1, width)) stride *= 2;
  return stride;
}

function aligned([start, stop]: Span, stride: number, timesteps: number): Span {
  return [Math.floor(start / stride) * stride, Math.min(Math.ceil(stop / stride) * stride, timesteps)];
}

function tile(scene: Scene, quantities: string[], units: number[], [start, stop]: Span, stride: number): Body {
  const { layer, sample, step } = scene;
  return { kind: "tile", layer, sample, step, quantities, units, start, stop, stride };
}

/** All quantities of one unit over a window. */
export function unitTile(scene: Scene, unit: number, zoom: Span, width: number): Body {
  const stride = strideFor(zoom, width);
  return tile(scene, scene.quantities, [unit], aligned(zoom, stride, scene.timesteps), stride);
}

/** All quantities of one unit, exact, round a timestep; the neighbours of a stretch belong to it, for *previous*. */
export function exactTile(scene: Scene, unit: number, timestep: number): Body {
  const first = Math.floor(timestep / STRETCH) * STRETCH;
  const stretch: Span = [Math.max(0, first - 1), Math.min(scene.timesteps, first + STRETCH + 1)];
  return tile(scene, scene.quantities, [unit], stretch, 1);
}

/** One quantity of some units over a window: tiles of units that are neighbours on screen, far below the wire's limit. */
export function mapTiles(scene: Scene, quantity: string, units: number[], zoom: Span, width: number): Body[] {
  const stride = strideFor(zoom, width);
  const window = aligned(zoom, stride, scene.timesteps);
  const floats = Math.ceil((window[1] - window[0]) / stride) * (stride === 1 ? 1 : 3);
  const most = Math.min(64, TILE / floats, MAX_READ / (window[1] - window[0]));
  let high = 1;
  while (high * 2 <= most) high *= 2;
  // By their places in the whole order, so that a search among the units asks for nothing that is here.
  const places = new Map(scene.order.map((unit, place) => [unit, place]));
  const first = new Set(units.map((unit) => Math.floor((places.get(unit) ?? 0) / high) * high));
  return [...first].map((from) => tile(scene, [quantity], scene.order.slice(from, from + high), window, stride));
}

/** Does the overview say all that a request would? */
export function overviewSuffices({ overview }: Shown, body: Body): boolean {
  if (!overview || body.kind !== "tile") return false;
  const { block } = overview;
  return (
    block.stride <= body.stride &&
    overview.covers(body.start, body.stop) &&
    overview.has(body.units) &&
    body.quantities.every((quantity) => block.quantities.includes(quantity))
  );
}

/** The tile if it is here, else the overview. */
export function bestSheet(loader: Loader, shown: Shown, body: Body): Sheet | null {
  if (overviewSuffices(shown, body)) return shown.overview;
  return loader.tile(body) ?? shown.overview;
}

/** Everything of `bodies` that must be asked for. */
export function toAsk(shown: Shown, bodies: Body[]): Body[] {
  return bodies.filter((body) => !overviewSuffices(shown, body));
}

export interface Reading {
  value: number;
  /** False where the value is the mean of several timesteps. */
  exact: boolean;
}

/** A function from quantity and timestep to number, for one unit near one timestep. */
export function reader(loader: Loader, shown: Shown, unit: number, near: number) {
  const exact = bestSheet(loader, shown, exactTile(shown.scene, unit, near));
  return (quantity: string, timestep: number): Reading | undefined => {
    for (const source of [exact, shown.overview]) {
      const value = source?.value(quantity, unit, timestep);
      if (value !== undefined) return { value, exact: source?.exact ?? false };
    }
    return undefined;
  };
}
