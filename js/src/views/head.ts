import { sampleLine, samplesBody } from "../data/names.ts";
import type { Body } from "../data/requests.ts";
import { add, make, say, span } from "../dom.ts";
import { bound } from "../format.ts";
import type { Layer } from "../protocol.ts";
import { select } from "../store.ts";
import { onFrame, type View } from "../view.ts";
import { createPicker } from "./picker.ts";

/** Layer, direction, sample with prediction and target, and the certificate. */
export function head(view: View, parent: Element): void {
  const bar = add(parent, make("div", "lw-head"));
  layerPicker(view, bar);
  const direction = span(bar, "lw-quiet");
  samplePicker(view, bar);
  const outcome = add(bar, make("span", "lw-outcome"));
  const [predicted, prediction] = [span(outcome, "lw-quiet", "predicted "), span(outcome, "lw-strong")];
  const [aimed, target] = [span(outcome, "lw-quiet", "target "), span(outcome, "lw-strong")];
  badge(view, bar);

  onFrame(view, () => {
    const scene = view.store.shown.value?.scene;
    say(direction, scene ? (scene.direction === "backward" ? "\u2190 reads backward" : "\u2192 reads forward") : "");
    const texts: [HTMLElement, HTMLElement, string | null | undefined][] = [
      [predicted, prediction, scene?.prediction],
      [aimed, target, scene?.target],
    ];
    for (const [label, value, text] of texts) {
      label.hidden = value.hidden = text === null || text === undefined;
      say(value, text ?? "");
      value.title = text ?? "";
    }
  });
}

function layerWords(layer: Layer): string {
  return `${layer.name} (${layer.cell.replace("_", " ")}, ${layer.units})`;
}

function layerPicker(view: View, bar: Element): void {
  const { catalogue, selected } = view.store;
  const picker = createPicker(view, bar, "layer", catalogue.layers.length, (index) => {
    const layer = catalogue.layers[index];
    if (layer) select(view.store, { layer: layer.name });
  });
  onFrame(view, () => {
    const chosen = catalogue.layers.findIndex((layer) => layer.name === selected.layer.value);
    picker.show(chosen, (index) => {
      const layer = catalogue.layers[index];
      return layer ? layerWords(layer) : "";
    });
  });
}

function samplePicker(view: View, bar: Element): void {
  const { loader, store } = view;
  const samples = store.catalogue.samples;
  const picker = createPicker(view, bar, "sample", samples, (sample) => select(store, { sample }));
  onFrame(view, () => {
    loader.version.value;
    const chosen = store.selected.sample.value;
    const needed: Body[] = samples ? [samplesBody(Math.min(chosen, samples - 1), samples)] : [];
    loader.want(
      `${view.id} samples`,
      needed.filter((body) => !loader.get(body)),
    );
    picker.show(chosen, (sample) => {
      const label = sampleLine(loader, sample, samples)?.label;
      return label && label !== String(sample) ? `${sample} ${label}` : String(sample);
    });
  });
}

function badge(view: View, bar: Element): void {
  const proof = add(bar, make("span", "lw-proof", { tabindex: "0", role: "note" }));
  onFrame(view, () => {
    const certificate = view.store.shown.value?.scene.proof;
    proof.hidden = !certificate;
    if (!certificate) return;
    const { max_abs_error: error, tolerance, compared, run } = certificate;
    say(proof, `proved ${bound(error)}`);
    const words = `Compared: ${compared}. Largest difference ${bound(error)}, tolerance ${bound(tolerance)}. Run: ${run}.`;
    proof.title = words;
    proof.setAttribute("aria-label", `proved ${bound(error)}. ${words}`);
  });
}
