import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { keepUp } from "./catchup.ts";
import { type Shown, shown } from "./data/decode.ts";
import { createScenes, type Place, type Scenes } from "./data/scenes.ts";
import { readSteps } from "./data/steps.ts";
import { filtered } from "./filter.ts";
import { listen, type Model, onNews } from "./model.ts";
import { type Origin, originOf } from "./origin.ts";
import type { Catalogue, Scene, SceneAnswer, Span, Steps } from "./protocol.ts";
import { type Selection, START } from "./selection.ts";
import { KEYS, keepInSync, type Selected, same } from "./sync.ts";

/** What is selected and what is loaded; one for all views of a model. */
export interface Store {
  catalogue: Catalogue;
  /** What samples and timesteps are called outside of this page. */
  origin: Origin;
  /** Of the selected layer. */
  samples: ReadonlySignal<number>;
  /** As the traits say, which may run ahead of the scene. */
  selected: Selected;
  /** The moments of a training, or several traces; one without a name where there is nothing to scrub through. */
  steps: ReadonlySignal<Steps>;
  /** The place of the selected step among them. */
  step: ReadonlySignal<number>;
  scenes: Scenes;
  /** Which scene is wanted, at any step. */
  placeOf(step: number): Place;
  shown: ReadonlySignal<Shown | null>;
  height: ReadonlySignal<number>;
  /** Why the kernel could not show what was picked, in its words. */
  problem: ReadonlySignal<string>;
  /** What has changed in the model since its numbers were made, in the kernel's words; empty when nothing. */
  stale: ReadonlySignal<string>;
  /** The kernel has sent what never came. */
  behind: ReadonlySignal<boolean>;
  /** Why the screen may be behind, in words; empty when all is well. */
  trouble: Signal<string>;
  /** The units that the map is narrowed to, as typed; empty for all. */
  filter: Signal<string>;
  /** The map's units from the top row to the last. */
  order: ReadonlySignal<number[]>;
  /** The selection, held inside what the scene has. */
  timestep: ReadonlySignal<number>;
  unit: ReadonlySignal<number>;
  quantity: ReadonlySignal<string>;
  zoom: ReadonlySignal<Span>;
  pinned: ReadonlySignal<number[]>;
  /** The other sample of this layer, or the other step, that stands beside the selected one; null where none does. */
  beside: ReadonlySignal<Shown | null>;
  range: ReadonlySignal<Span | null>;
}

const NOTHING: Catalogue = { version: 0, quantities: {}, layers: [], colours: {} };

export const BUSY = "The kernel is busy; showing what is here.";
export const SILENT = "The kernel does not answer: busy, restarted or gone. Showing what is here.";
export const TRAINING = "Training runs; this is what it sent along. Exact numbers come when it is over.";
/** Milliseconds of silence that are worth a word. */
export const BUSY_AFTER = 2_000;

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(Number.isFinite(value) ? Math.trunc(value) : low, low), Math.max(low, high));
}

export function createStore(model: Model, signalToStop: AbortSignal, patience = 10_000): Store {
  const catalogue = (model.get("_catalogue") as Catalogue | undefined) ?? NOTHING;
  const selected = Object.fromEntries(
    KEYS.map((key) => [key, signal(model.get(key) ?? START[key])]),
  ) as unknown as Selected;
  const scenes = createScenes();
  const loaded = signal<Shown | null>(null);
  const steps = signal(readSteps(model));
  const keep = (found: Shown | null) => {
    if (found) scenes.keep(found.scene, found);
    return found;
  };
  const readNew = () => {
    loaded.value = keep(readScene(model));
  };
  readNew();
  listen(model, "msg:custom", (message, buffers) => keep(sentAlong(message, buffers)), signalToStop);
  const height = signal(readHeight(model));
  const problem = signal(readText(model, "_problem"));
  const stale = signal(readText(model, "_stale"));
  const trouble = signal("");
  const filter = signal("");

  keepInSync(model, selected, steps, signalToStop);
  const readRest = () => {
    height.value = readHeight(model);
    problem.value = readText(model, "_problem");
    stale.value = readText(model, "_stale");
  };
  onNews(model, ["height", "_problem", "_stale"], readRest, signalToStop);
  onNews(model, ["_scene", "_overview"], readNew, signalToStop);

  const step = computed(() => clamp(selected.step.value, 0, steps.value.numbers.length - 1));
  const placeOf = (at: number): Place => ({
    layer: selected.layer.value,
    sample: selected.sample.value,
    step: steps.value.numbers[at] ?? 0,
    sort: selected.sort.value,
  });
  const shown = computed(() => {
    scenes.version.value;
    return scenes.find(placeOf(step.value)) ?? loaded.value;
  });
  const scene = computed(() => shown.value?.scene);
  const beside = computed(() => {
    const now = shown.value;
    const [other, at] = [selected.compared.value, selected.compared_step.value];
    if (!now || (other === null && at === null)) return null;
    const sample = other ?? now.scene.sample;
    const number = at === null ? now.scene.step : steps.value.numbers[at];
    const there = Number.isInteger(sample) && sample >= 0 && sample < samplesOf(catalogue, now.scene.layer);
    if (!there || number === undefined) return null;
    // On the way through the steps, or the samples, one comes past the held one: beside itself it differs by nothing.
    if (sample === now.scene.sample && number === now.scene.step) return now;
    scenes.version.value;
    const whole = scenes.find({ ...placeOf(0), sample, step: number });
    // What was masked in it is not known yet: its NaN are drawn as such. All of it comes by tiles.
    return whole ?? { ...now, scene: { ...now.scene, sample, step: number, masked: [] }, overview: null };
  });
  const stopWaiting = effect(() => {
    const { layer, sample, step: number } = placeOf(step.value);
    if (!scene.value || steps.value.training) return;
    if (same([layer, sample, number], [scene.value.layer, scene.value.sample, scene.value.step])) return;
    const timers = [
      setTimeout(() => {
        if (!trouble.peek()) trouble.value = BUSY;
      }, BUSY_AFTER),
      setTimeout(() => {
        trouble.value = SILENT;
      }, patience),
    ];
    return () => timers.forEach(clearTimeout);
  });
  const stopTrusting = effect(() => {
    // Whatever was wrong, a new scene says that the kernel is back.
    loaded.value;
    trouble.value = "";
  });
  signalToStop.addEventListener("abort", () => {
    stopWaiting();
    stopTrusting();
  });

  const timesteps = computed(() => scene.value?.timesteps ?? 1);
  const units = computed(() => scene.value?.units ?? 1);
  return {
    catalogue,
    origin: originOf(model),
    samples: computed(() => samplesOf(catalogue, selected.layer.value)),
    selected,
    steps,
    step,
    scenes,
    placeOf,
    shown,
    height,
    problem,
    stale,
    behind: keepUp(model, signalToStop),
    trouble,
    filter,
    order: computed(() => filtered(scene.value?.order ?? [], filter.value)),
    timestep: computed(() => clamp(selected.timestep.value, 0, timesteps.value - 1)),
    unit: computed(() => clamp(selected.unit.value, 0, units.value - 1)),
    quantity: computed(() => {
      const quantities = scene.value?.quantities ?? [];
      const wanted = selected.quantity.value;
      return quantities.includes(wanted) ? wanted : (quantities[0] ?? "");
    }),
    zoom: computed(() => span(selected.zoom.value, timesteps.value)),
    pinned: computed(() => selected.pinned.value.filter((unit) => unit >= 0 && unit < units.value)),
    beside,
    range: computed(() => selected.range.value && span(selected.range.value, timesteps.value)),
  };
}

/** A layer may have more or fewer samples than the model has input rows: TimeDistributed, stateful. */
function samplesOf(catalogue: Catalogue, name: string): number {
  return catalogue.layers.find((layer) => layer.name === name)?.samples ?? 0;
}

/** A window inside the sequence; the whole where the one asked for is empty or odd. */
function span(wanted: Span, timesteps: number): Span {
  const start = clamp(wanted?.[0], 0, timesteps - 1);
  const stop = clamp(wanted?.[1], 0, timesteps);
  return stop > start ? [start, stop] : [0, timesteps];
}

function readScene(model: Model): Shown | null {
  const scene = model.get("_scene") as Scene | null | undefined;
  return scene?.block ? shown(scene, model.get("_overview")) : null;
}

/** A step of a training that is not on screen in the kernel. */
function sentAlong(message: Partial<SceneAnswer> | null, buffers: unknown): Shown | null {
  const isOne = message?.id === "" && message.kind === "scene" && message.scene && Array.isArray(buffers);
  return isOne ? shown(message.scene as Scene, buffers[0]) : null;
}

function readHeight(model: Model): number {
  const height = model.get("height");
  return typeof height === "number" && height > 0 ? height : 700;
}

function readText(model: Model, name: string): string {
  const text = model.get(name);
  return typeof text === "string" ? text : "";
}

/** Change several things at once, as one event. */
export function select(store: Store, change: Partial<Selection>): void {
  batch(() => {
    for (const key of Object.keys(change) as (keyof Selection)[]) {
      const target = store.selected[key] as Signal<unknown>;
      if (!same(change[key], target.peek())) target.value = change[key];
    }
  });
}
