import { signal } from "@preact/signals-core";
import { edge, middle } from "../../axis.ts";
import { floats } from "../../data/decode.ts";
import type { Body } from "../../data/requests.ts";
import { exactTile, reader, strideFor, toAsk } from "../../data/tiles.ts";
import { add, make, say, span } from "../../dom.ts";
import { brief } from "../../format.ts";
import { memoryOf, remains } from "../../memory.ts";
import { timestepOf } from "../../plot.ts";
import type { Scene, Span } from "../../protocol.ts";
import { always, onFrame, type View } from "../../view.ts";
import { bandOf } from "./bands.ts";

/** Milliseconds of rest before the kernel is asked about a long sequence. */
const REST = 150;

/** What is left at the crosshair of the writes from `start` on, a share every `stride` timesteps. */
interface Left {
  start: number;
  stride: number;
  shares: ArrayLike<number>;
}

/** Behind the memory's track, darker where more of what was written there is left at the crosshair. */
export function shade(view: View, box: HTMLElement): void {
  const { store, loader } = view;
  const canvas = add(box, make("canvas", "lw-shade", { "aria-hidden": "true" }));
  const text = span(box, "lw-left");
  const pointed = signal<number | null>(null);
  const rested = signal(-1);
  always(view, () => {
    const now = store.timestep.value;
    const timer = setTimeout(() => {
      rested.value = now;
    }, REST);
    return () => clearTimeout(timer);
  });
  const options = { signal: view.stop };
  box.addEventListener(
    "pointermove",
    (event) => {
      pointed.value = timestepOf(view, box, event);
    },
    options,
  );
  box.addEventListener(
    "pointerleave",
    () => {
      pointed.value = null;
    },
    options,
  );

  onFrame(view, () => {
    loader.version.value;
    const shown = store.shown.value;
    const memory = shown && memoryOf(shown.scene);
    canvas.hidden = text.hidden = !memory;
    if (!shown || !memory) return;
    const { scene } = shown;
    const [now, zoom, width] = [store.timestep.value, store.zoom.value, view.width.value];
    const stride = strideFor(zoom, width);
    const body = stride > 1 && rested.value === now ? question(scene, store.unit.value, now, zoom, stride) : null;
    const near = exactTile(scene, store.unit.value, now);
    loader.want(`${view.id} shade`, body ? [...toAsk(shown, [near]), body] : toAsk(shown, [near]));
    const left = (body && answered(loader.get(body))) ?? nearby(view, now);
    const band = bandOf(scene, scene.quantities.indexOf(memory.state), zoom, width);
    paint(view, canvas, left, zoom);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${band.height}px`;
    canvas.style.top = `${band.top}px`;
    const at = pointed.value;
    const share = at === null ? undefined : left.shares[Math.floor((at - left.start) / left.stride)];
    text.hidden = at === null || share === undefined || share === 0;
    if (at === null || share === undefined) return;
    text.style.top = `${band.top}px`;
    text.style.left = `${middle(at, zoom, width)}px`;
    text.toggleAttribute("data-lw-flip", middle(at, zoom, width) > width / 2);
    say(text, `${brief(100 * share)} % of what t = ${at} wrote is left at ${now}`);
  });
}

function question(scene: Scene, unit: number, timestep: number, [start, stop]: Span, stride: number): Body {
  return {
    kind: "memory",
    layer: scene.layer,
    sample: scene.sample,
    step: scene.step,
    unit,
    timestep,
    start,
    stop,
    stride,
  };
}

function answered(value: unknown): Left | null {
  const answer = value as { start: number; stop: number; stride: number; buffers: unknown[] } | undefined;
  if (!answer) return null;
  const { start, stop, stride, buffers } = answer;
  const shares = floats(buffers[0], 0, Math.ceil((stop - start) / stride));
  return shares && { start, stride, shares };
}

/** From the exact numbers that are here, as far back as they reach. */
function nearby(view: View, now: number): Left {
  const { store, loader } = view;
  const shown = store.shown.peek();
  const memory = shown && memoryOf(shown.scene);
  if (!shown || !memory) return { start: 0, stride: 1, shares: [] };
  const read = reader(loader, shown, store.unit.value, now);
  const found = remains(now, shown.scene.direction === "backward", (timestep) => {
    const reading = read(memory.keep, timestep);
    return reading?.exact ? reading.value : undefined;
  });
  const start = Math.min(now, ...found.keys());
  const shares = new Float32Array(Math.max(now, ...found.keys()) - start + 1);
  for (const [timestep, share] of found) shares[timestep - start] = share;
  return { start, stride: 1, shares };
}

function paint(view: View, canvas: HTMLCanvasElement, { start, stride, shares }: Left, zoom: Span): void {
  const columns = Math.max(1, Math.round(view.width.value));
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== 1) canvas.height = 1;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.clearRect(0, 0, columns, 1);
  context.fillStyle = view.theme.value.ink;
  for (let column = 0; column < shares.length; column++) {
    const [from, to] = [start + column * stride, start + (column + 1) * stride];
    if (to <= zoom[0] || from >= zoom[1]) continue;
    context.globalAlpha = 0.22 * (shares[column] ?? 0);
    const left = edge(from, zoom, columns);
    context.fillRect(left, 0, edge(to, zoom, columns) - left, 1);
  }
}
