/** A model and a kernel that answers it, as anywidget and ours do. */

import type { Model } from "../src/model.ts";
import type { Block, Request, Scene } from "../src/protocol.ts";
import { answerTo } from "./fake-answers.ts";
import type { Fake } from "./fake-data.ts";

type Callback = (...args: never[]) => void;

/** A model with a comm that a test can read and answer. */
export class FakeModel implements Model {
  readonly sent: Request[] = [];
  saves = 0;
  private readonly callbacks = new Map<string, Set<Callback>>();
  onSend: (request: Request) => void = () => {};
  onSave: (changed: Set<string>) => void = () => {};
  private readonly changed = new Set<string>();

  constructor(readonly traits: Record<string, unknown>) {}

  get(name: string): unknown {
    return this.traits[name];
  }

  set(name: string, value: unknown): void {
    this.changed.add(name);
    this.receive({ [name]: value });
  }

  save_changes(): void {
    this.saves++;
    const changed = new Set(this.changed);
    this.changed.clear();
    this.onSave(changed);
  }

  send(content: unknown): void {
    this.sent.push(content as Request);
    this.onSend(content as Request);
  }

  on(event: string, callback: Callback): void {
    const known = this.callbacks.get(event) ?? new Set();
    this.callbacks.set(event, known.add(callback));
  }

  off(event: string, callback: Callback): void {
    this.callbacks.get(event)?.delete(callback);
  }

  /** Traits from the kernel: all are set before anybody hears of one. */
  receive(traits: Record<string, unknown>): void {
    Object.assign(this.traits, traits);
    for (const name of Object.keys(traits)) this.emit(`change:${name}`);
  }

  answer(message: unknown, buffers: unknown[] = []): void {
    this.emit("msg:custom", message, buffers);
  }

  /** Answers a request by its place among those sent: as its kind, unless `said` is of another. */
  reply(index: number, said: Record<string, unknown>, buffers: unknown[] = []): void {
    const { id, kind } = this.sent[index] ?? {};
    this.answer({ id, kind, ...said }, buffers);
  }

  get listeners(): number {
    return [...this.callbacks.values()].reduce((sum, set) => sum + set.size, 0);
  }

  private emit(event: string, ...args: unknown[]): void {
    for (const callback of [...(this.callbacks.get(event) ?? [])]) callback(...(args as never[]));
  }
}

/** The numbers of a block, as the protocol lays them out. */
export function blockData(row: (quantity: string, unit: number) => Float32Array, block: Block): Float32Array {
  const { quantities, units, start, stop, stride } = block;
  const columns = Math.ceil((stop - start) / stride);
  const count = units.length;
  const plane = quantities.length * count * columns;
  const data = new Float32Array((stride === 1 ? 1 : 3) * plane);
  quantities.forEach((quantity, q) => {
    for (const [place, unit] of units.entries()) {
      const values = row(quantity, unit);
      for (let column = 0; column < columns; column++) {
        const from = start + column * stride;
        const part = values
          .subarray(from, Math.min(from + stride, stop))
          .filter((x) => stride === 1 || !Number.isNaN(x));
        const at = (q * count + place) * columns + column;
        const mean = part.reduce((sum, x) => sum + x, 0) / part.length;
        data[at] = stride === 1 ? (part[0] ?? Number.NaN) : mean;
        if (stride === 1) continue;
        data[at + plane] = part.length ? Math.min(...part) : Number.NaN;
        data[at + 2 * plane] = part.length ? Math.max(...part) : Number.NaN;
      }
    }
  });
  return data;
}

export function overviewBytes(fake: Fake, scene: Scene = fake.scene): DataView {
  const parts = [blockData(fake.row, scene.block), ...fake.input];
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return new DataView(all.buffer);
}

/** A model whose requests are answered after `delay` milliseconds; `model.dead = true` is a kernel that stopped. */
export function withKernel(
  fake: Fake,
  options: { delay?: number; label?: (timestep: number) => string; traits?: Record<string, unknown> } = {},
): FakeModel & { dead: boolean } {
  const { delay = 5, label = String } = options;
  const { scene } = fake;
  const model = Object.assign(
    new FakeModel({
      _catalogue: fake.catalogue,
      _scene: scene,
      _overview: overviewBytes(fake),
      layer: scene.layer,
      sample: scene.sample,
      timestep: 0,
      unit: scene.order[0],
      pinned: [],
      quantity: scene.quantities[1] ?? scene.quantities[0],
      zoom: [0, scene.timesteps],
      sort: "change",
      height: 700,
      ...options.traits,
    }),
    { dead: false },
  );
  const later = (work: () => void) => setTimeout(() => model.dead || work(), delay);
  model.onSend = (request) => later(() => model.answer(...answerTo(request, fake, label)));
  model.onSave = (changed) => {
    if (!["layer", "sample", "sort"].some((name) => changed.has(name))) return;
    const { sample, sort } = model.traits as { sample: number; sort: string };
    const order = sort === "index" ? [...scene.order].sort((a, b) => a - b) : scene.order;
    later(() =>
      model.receive({ layer: scene.layer, _scene: { ...scene, sample, sort, order }, _overview: overviewBytes(fake) }),
    );
  };
  return model;
}
