/** Stands where anywidget's model stands, and where the kernel stands behind it: traits, scenes, answers. */

import type { Model } from "../model.ts";
import type { Request } from "../protocol.ts";
import type { Selection } from "../selection.ts";
import { answer, type Desk, NotHere } from "./answers.ts";
import type { Embedded, EmbeddedLayer, EmbeddedScene } from "./embedded.ts";
import { kept } from "./kept.ts";
import { type Numbers, numbersOf, overviewOf } from "./numbers.ts";
import { similarUnits } from "./similarity.ts";

type Callback = (...args: never[]) => void;
/** Decoded numbers of so many scenes are kept: that on screen, the one compared with it, and their neighbours. */
const KEPT = 4;

export function createModel(embedded: Embedded): Model {
  const callbacks = new Map<string, Set<Callback>>();
  const decoded = new Map<EmbeddedScene, Numbers>();
  const traits: Record<string, unknown> = {
    ...embedded.selection,
    height: embedded.height,
    _catalogue: embedded.catalogue,
    _part: embedded.part,
    _problem: "",
    _stale: "",
  };
  const selection = () => traits as unknown as Selection;
  let shown = "";

  const emit = (event: string, ...args: unknown[]) => {
    for (const callback of [...(callbacks.get(event) ?? [])]) callback(...(args as never[]));
  };
  /** All are set before anybody hears of one. */
  const receive = (news: Record<string, unknown>) => {
    Object.assign(traits, news);
    for (const name of Object.keys(news)) emit(`change:${name}`);
  };

  function sceneOf(layer: string, sample: number): [EmbeddedLayer, EmbeddedScene] {
    const found = embedded.layers[layer];
    const scene = found?.scenes[sample];
    if (!found || !scene) throw new NotHere(`sample ${sample} of ${layer} is not on this page`);
    return [found, scene];
  }
  function numbers(layer: string, sample: number): Numbers {
    const [from, scene] = sceneOf(layer, sample);
    const known = decoded.get(scene) ?? numbersOf(from, scene);
    // A map keeps the order of insertion: the end is the most recently used.
    decoded.delete(scene);
    decoded.set(scene, known);
    for (const oldest of decoded.keys()) if (decoded.size > KEPT) decoded.delete(oldest);
    return known;
  }
  const desk: Desk = { embedded, layer: (name) => embedded.layers[name] ?? sceneOf(name, 0)[0], numbers };

  /** Replaces the scene as a whole, and keeps of the selection what still fits. */
  function draw(): void {
    const { layer } = selection();
    const samples = embedded.layers[layer]?.scenes.length ?? 1;
    const sample = Math.min(selection().sample, samples - 1);
    const [, { scene, orders, behind }] = sceneOf(layer, sample);
    const found = numbers(layer, sample);
    const before = traits._scene as typeof scene | undefined;
    const next = kept({ ...selection(), sample }, scene, before, samples);
    const [, unit] = next.sort.split(":");
    const order = orders[next.sort] ?? similarUnits(found, Number(unit));
    shown = JSON.stringify([layer, sample, next.sort]);
    receive({ ...next, _scene: { ...scene, sort: next.sort, order }, _overview: overviewOf(found, behind) });
  }

  const model: Model = {
    get: (name) => traits[name],
    set: (name, value) => receive({ [name]: value }),
    save_changes() {
      const { layer, sample, sort } = selection();
      if (JSON.stringify([layer, sample, sort]) !== shown) draw();
    },
    send(content) {
      const [reply, buffers] = answer(content as Request, desk);
      queueMicrotask(() => emit("msg:custom", reply, buffers));
    },
    on(event, callback) {
      callbacks.set(event, (callbacks.get(event) ?? new Set()).add(callback));
    },
    off(event, callback) {
      callbacks.get(event)?.delete(callback);
    },
  };
  draw();
  return model;
}
