import { sampleLine, samplesBody } from "../data/names.ts";
import { add, make, say, span } from "../dom.ts";
import { bound } from "../format.ts";
import type { Layer } from "../protocol.ts";
import { select } from "../store.ts";
import { onFrame, type View } from "../view.ts";
import { createPicker, type Picker } from "./picker.ts";

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
    const { samples, selected, shown } = view.store;
    const scene = shown.value?.scene;
    // The scene may still be another sample's, and its outcome must not stand beside this one's name.
    view.loader.version.value;
    const sample = selected.sample.value;
    const outcomeOf =
      scene?.sample === sample ? scene : sampleLine(view.loader, selected.layer.value, sample, samples.value);
    say(direction, scene ? (scene.direction === "backward" ? "\u2190 reads backward" : "\u2192 reads forward") : "");
    const texts: [HTMLElement, HTMLElement, string | null | undefined][] = [
      [predicted, prediction, outcomeOf?.prediction],
      [aimed, target, outcomeOf?.target],
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
  const picker = createPicker(bar, "layer", catalogue.layers.length, (index) => {
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

/** Number and label, neither of them twice: the picker already says "sample", and many labels say the number. */
function sampleWords(sample: number, label: string): string {
  const rest = label.replace(/^sample /i, "");
  return rest.split(/\W+/).includes(String(sample)) ? rest : `${sample} ${rest}`.trim();
}

function samplePicker(view: View, bar: Element): void {
  const { loader, store } = view;
  const box = add(bar, make("span", "lw-samples"));
  let count = -1;
  let picker: Picker | undefined;
  onFrame(view, () => {
    loader.version.value;
    const samples = store.samples.value;
    const chosen = store.selected.sample.value;
    const scene = store.shown.value?.scene;
    if (samples !== count || !picker) {
      count = samples;
      box.replaceChildren();
      picker = createPicker(box, "sample", samples, (sample) => select(store, { sample }));
    }
    const layer = store.selected.layer.value;
    loader.want(`${view.id} samples`, samples ? [samplesBody(layer, Math.min(chosen, samples - 1), samples)] : []);
    picker.show(chosen, (sample) => {
      const title = scene?.sample === sample ? scene.title : "";
      return sampleWords(sample, sampleLine(loader, layer, sample, samples)?.label ?? title);
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
