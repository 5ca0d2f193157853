import "./style/root.css";
import "./style/controls.css";
import "./style/head.css";
import "./style/time.css";
import "./style/tracks.css";
import "./style/map.css";
import "./style/side.css";
import "./style/diagram.css";
import "./style/foot.css";
import "./style/minimap.css";
import "./style/output.css";
import "./style/overlay.css";
import "./style/panels.css";
import "./style/steps.css";
import "./style/text.css";
import { effect } from "@preact/signals-core";
import { createLoader, type Loader } from "./data/loader.ts";
import { fetchNeighbours } from "./data/neighbours.ts";
import { createRequests, randomId } from "./data/requests.ts";
import { createFrame } from "./frame.ts";
import { listen, type Model } from "./model.ts";
import type { Catalogue } from "./protocol.ts";
import { createStore, type Store } from "./store.ts";
import { waiting } from "./views/waiting.ts";

interface Given {
  model: Model;
  /** From anywidget 0.11 on; before, only what we return ends us. */
  signal?: AbortSignal;
}

interface Shared {
  store: Store;
  loader: Loader;
}

/** The signal to stop at, and what to return to a host that gave none. */
function lifetime(given: Given): { stop: AbortSignal; end: (() => void) | undefined } {
  if (given.signal) return { stop: given.signal, end: undefined };
  const own = new AbortController();
  return { stop: own.signal, end: () => own.abort() };
}

function createShared(model: Model, stop: AbortSignal): Shared {
  const store = createStore(model, stop);
  const loader = createLoader(createRequests(model, stop), store, stop);
  forgetOldNumbers(store, loader, stop);
  fetchNeighbours(store, loader, stop);
  return { store, loader };
}

/** Another layer, sample or order takes nothing away: tiles are kept by their names. Numbers made anew do. */
function forgetOldNumbers(store: Store, loader: Loader, stop: AbortSignal): void {
  let before: number | undefined;
  const dispose = effect(() => {
    const now = store.shown.value?.scene.generation;
    if (before !== undefined && now !== undefined && before !== now) loader.forget();
    before = now ?? before;
  });
  stop.addEventListener("abort", () => dispose());
}

/** The anywidget entry. JupyterLab calls the factory once a widget, other hosts once for all: nothing outlives it. */
export default () => {
  /**
   * The views of a model share its store and its tiles. Each call brings another proxy of the model, but its
   * catalogue is always the one object.
   */
  const models = new WeakMap<object, Shared>();
  return {
    initialize({ model, ...given }: Given) {
      const { stop, end } = lifetime({ model, ...given });
      const share = () => {
        const catalogue = model.get("_catalogue");
        if (!isKnown(catalogue) || models.has(catalogue)) return;
        models.set(catalogue, createShared(model, stop));
        stop.addEventListener("abort", () => models.delete(catalogue));
      };
      share();
      listen(model, "change:_catalogue", share, stop);
      return end;
    },
    render({ model, el, ...given }: Given & { el: HTMLElement }) {
      const { stop, end } = lifetime({ model, ...given });
      const show = () => {
        const shared = models.get(model.get("_catalogue") as object) ?? createShared(model, stop);
        createFrame(el, randomId(), shared.store, shared.loader, stop);
      };
      if (isKnown(model.get("_catalogue"))) show();
      else waiting(model, el, stop, show);
      return end;
    },
  };
};

/** A recording without a step has no layers yet. */
function isKnown(catalogue: unknown): catalogue is object {
  return Boolean((catalogue as Catalogue | undefined)?.layers?.length);
}
