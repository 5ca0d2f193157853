import { signal } from "@preact/signals-core";
import type { Body } from "../data/requests.ts";
import type { NearestAnswer } from "../protocol.ts";
import { select } from "../store.ts";
import { addKey, always, type View } from "../view.ts";

/** `c`: beside the selected sample the nearest one of its class that the model gets right; again: none. */
export function compare(view: View): void {
  const { store, loader } = view;
  const asked = signal<Body | null>(null);
  addKey(view, "c", "compare with the nearest right sample, stop comparing", () => {
    if (store.selected.compared.peek() !== null) {
      select(store, { compared: null, comparison: "a" });
      return;
    }
    const scene = store.shown.peek()?.scene;
    if (scene) asked.value = { kind: "nearest", layer: scene.layer, sample: scene.sample, step: scene.step };
  });
  always(view, () => {
    loader.version.value;
    const body = asked.value;
    loader.want(`${view.id} compare`, body ? [body] : []);
    const answer = body && (loader.get(body) as NearestAnswer | undefined);
    if (!answer) return;
    asked.value = null;
    select(store, { compared: answer.sample });
  });
}
