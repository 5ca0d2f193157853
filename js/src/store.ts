import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { type Shown, shown } from "./data/decode.ts";
import { filtered } from "./filter.ts";
import { listen, type Model } from "./model.ts";
import { type Origin, originOf } from "./origin.ts";
import type { Catalogue, Scene, Span } from "./protocol.ts";
import { type Selection, START } from "./selection.ts";

const KEYS = Object.keys(START) as (keyof Selection)[];

type Selected = { [K in keyof Selection]: Signal<Selection[K]> };

/** What is selected and what is loaded; one for all views of a model. */
export interface Store {
  catalogue: Catalogue;
  /** What samples and timesteps are called outside of this page. */
  origin: Origin;
  /** Of the selected layer. */
  samples: ReadonlySignal<number>;
  /** As the traits say, which may run ahead of the scene. */
  selected: Selected;
  shown: ReadonlySignal<Shown | null>;
  height: ReadonlySignal<number>;
  /** Why the kernel could not show what was picked, in its words. */
  problem: ReadonlySignal<string>;
  /** What has changed in the model since its numbers were made, in the kernel's words; empty when nothing. */
  stale: ReadonlySignal<string>;
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
  /** Null where no other sample of this layer is drawn beside the selected one. */
  compared: ReadonlySignal<number | null>;
  range: ReadonlySignal<Span | null>;
}

const NOTHING: Catalogue = { version: 0, quantities: {}, layers: [], colours: {} };

export const BUSY = "The kernel is busy; showing what is here.";
export const SILENT = "The kernel does not answer: busy, restarted or gone. Showing what is here.";
/** Milliseconds of silence that are worth a word. */
export const BUSY_AFTER = 2_000;

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(Number.isFinite(value) ? Math.trunc(value) : low, low), Math.max(low, high));
}

export function createStore(model: Model, signalToStop: AbortSignal, patience = 10_000): Store {
  const selected = Object.fromEntries(
    KEYS.map((key) => [key, signal(model.get(key) ?? START[key])]),
  ) as unknown as Selected;
  const loaded = signal<Shown | null>(readScene(model));
  const height = signal(readHeight(model));
  const problem = signal(readText(model, "_problem"));
  const stale = signal(readText(model, "_stale"));
  const trouble = signal("");
  const filter = signal("");

  syncFromModel(model, selected, signalToStop);
  syncToModel(model, selected, signalToStop);
  const readRest = () => {
    height.value = readHeight(model);
    problem.value = readText(model, "_problem");
    stale.value = readText(model, "_stale");
  };
  listen(model, "change:height", readRest, signalToStop);
  listen(model, "change:_problem", readRest, signalToStop);
  listen(model, "change:_stale", readRest, signalToStop);

  // The scene and its bytes travel in one message but are two events; between them they may not fit each other.
  let queued = false;
  const reload = () => {
    if (queued) return;
    queued = true;
    queueMicrotask(() => {
      queued = false;
      if (!signalToStop.aborted) loaded.value = readScene(model);
    });
  };
  listen(model, "change:_scene", reload, signalToStop);
  listen(model, "change:_overview", reload, signalToStop);

  const scene = computed(() => loaded.value?.scene);
  const stopWaiting = effect(() => {
    const wanted = [selected.layer.value, selected.sample.value];
    if (!scene.value || same(wanted, [scene.value.layer, scene.value.sample])) return;
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

  const catalogue = (model.get("_catalogue") as Catalogue | undefined) ?? NOTHING;
  const timesteps = computed(() => scene.value?.timesteps ?? 1);
  const units = computed(() => scene.value?.units ?? 1);
  return {
    catalogue,
    origin: originOf(model),
    samples: computed(() => samplesOf(catalogue, selected.layer.value)),
    selected,
    shown: loaded,
    height,
    problem,
    stale,
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
    compared: computed(() => {
      const sample = selected.compared.value;
      const there = Number.isInteger(sample) && Number(sample) >= 0 && sample !== scene.value?.sample;
      return there && Number(sample) < samplesOf(catalogue, scene.value?.layer ?? "") ? sample : null;
    }),
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

function readHeight(model: Model): number {
  const height = model.get("height");
  return typeof height === "number" && height > 0 ? height : 700;
}

function readText(model: Model, name: string): string {
  const text = model.get(name);
  return typeof text === "string" ? text : "";
}

function syncFromModel(model: Model, selected: Selected, signalToStop: AbortSignal): void {
  for (const key of KEYS) {
    const target = selected[key] as Signal<unknown>;
    const read = () => {
      const value = model.get(key);
      if (!same(value, target.peek())) target.value = value;
    };
    listen(model, `change:${key}`, read, signalToStop);
  }
}

/** At most one message a frame, however fast the slider is dragged. */
function syncToModel(model: Model, selected: Selected, signalToStop: AbortSignal): void {
  let frame = 0;
  const flush = () => {
    frame = 0;
    let changed = false;
    for (const key of KEYS) {
      const value = selected[key].peek();
      if (same(model.get(key), value)) continue;
      model.set(key, value);
      changed = true;
    }
    try {
      if (changed) model.save_changes();
    } catch {
      // The comm is gone. What is selected here still holds; a new scene, should one be needed, will be missed aloud.
    }
  };
  const stop = effect(() => {
    for (const key of KEYS) selected[key].value;
    if (!frame) frame = requestAnimationFrame(flush);
  });
  signalToStop.addEventListener("abort", () => {
    cancelAnimationFrame(frame);
    stop();
  });
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
