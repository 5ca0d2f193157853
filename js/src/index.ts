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
import "./style/text.css";
import { effect } from "@preact/signals-core";
import { createLoader, type Loader } from "./data/loader.ts";
import { createRequests, randomId } from "./data/requests.ts";
import { createFrame } from "./frame.ts";
import type { Model } from "./model.ts";
import { createStore, type Store } from "./store.ts";

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
    initialize(given: Given) {
      const { stop, end } = lifetime(given);
      const catalogue = given.model.get("_catalogue");
      if (catalogue && typeof catalogue === "object") {
        models.set(catalogue, createShared(given.model, stop));
        stop.addEventListener("abort", () => models.delete(catalogue));
      }
      return end;
    },
    render(given: Given & { el: HTMLElement }) {
      const { stop, end } = lifetime(given);
      const catalogue = given.model.get("_catalogue");
      const shared = models.get(catalogue as object) ?? createShared(given.model, stop);
      createFrame(given.el, randomId(), shared.store, shared.loader, stop);
      return end;
    },
  };
};
