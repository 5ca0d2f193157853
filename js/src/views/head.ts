import { signal } from "@preact/signals-core";
import { sampleLine } from "../data/names.ts";
import { add, make, say, span } from "../dom.ts";
import type { Layer } from "../protocol.ts";
import { type Store, select } from "../store.ts";
import { onFrame, type View } from "../view.ts";
import { copyPython } from "./copy.ts";
import { exportMenu } from "./export.ts";
import { help } from "./help.ts";
import { createFinder, createOpener, createSelect } from "./picker.ts";
import { proof } from "./proof.ts";
import { samplePicker } from "./samples.ts";
import { createSegments } from "./segments.ts";

/** A longer list is searched rather than read. */
const LONG = 12;

/** Layer, direction, sample with prediction and target; the certificate, the way back to Python, what one takes away, the keys. */
export function head(view: View, parent: Element): void {
  const bar = add(parent, make("div", "lw-head"));
  const what = add(bar, make("div", "lw-head-part"));
  const rest = add(bar, make("div", "lw-head-part lw-head-rest"));
  layerPicker(view, what);
  samplePicker(view, what);
  outcome(view, rest);
  const tools = add(rest, make("div", "lw-tools"));
  proof(view, tools);
  copyPython(view, tools);
  exportMenu(view, tools);
  help(view, tools);
}

function outcome(view: View, parent: Element): void {
  const box = add(parent, make("span", "lw-outcome lw-ellipsis"));
  const [predicted, prediction] = [span(box, "lw-quiet", "predicted "), span(box, "lw-strong")];
  const [aimed, target] = [span(box, "lw-quiet", "target "), span(box, "lw-strong")];
  onFrame(view, () => {
    const { selected, shown, steps } = view.store;
    const scene = shown.value?.scene;
    // The scene may still be another sample's, and its outcome must not stand beside this one's name.
    view.loader.version.value;
    const sample = selected.sample.value;
    // What is listed by the names is the first step's outcome.
    const listed =
      steps.value.numbers.length > 1 ? undefined : sampleLine(view.loader, view.store, selected.layer.value, sample);
    const outcomeOf = scene?.sample === sample ? scene : listed;
    const texts: [HTMLElement, HTMLElement, string | null | undefined][] = [
      [predicted, prediction, outcomeOf?.prediction],
      [aimed, target, outcomeOf?.target],
    ];
    for (const [label, value, text] of texts) {
      label.hidden = value.hidden = text === null || text === undefined;
      say(value, text ?? "");
    }
    box.title = box.textContent ?? "";
  });
}

/** What one picks: a layer, or both directions of a Bidirectional under their common name. */
export interface Choice {
  name: string;
  layers: Layer[];
}

/** `bidirectional/forward_lstm` and `bidirectional/backward_lstm` are `bidirectional`, their second calls `bidirectional#2`. */
export function choicesOf(layers: Layer[]): Choice[] {
  const families = new Map<string, Layer[]>();
  for (const layer of layers) {
    const [, parent, call = ""] = /^(.+)\/[^/#]*(#\d+)?$/.exec(layer.name) ?? [];
    const family = parent ? parent + call : layer.name;
    families.set(family, [...(families.get(family) ?? []), layer]);
  }
  return [...families].flatMap(([name, members]) => {
    const isPair = members.length === 2 && members[0]?.direction !== members[1]?.direction;
    return isPair ? [{ name, layers: members }] : members.map((layer) => ({ name: layer.name, layers: [layer] }));
  });
}

function choiceWords({ name, layers: [layer] }: Choice): string {
  return layer ? `${name} (${layer.cell.replace("_", " ")}, ${layer.units})` : name;
}

function layerPicker(view: View, parent: Element): void {
  const { catalogue, selected } = view.store;
  const choices = choicesOf(catalogue.layers);
  const box = add(parent, make("span", "lw-picker"));
  const chosen = () => choices.findIndex(({ layers }) => layers.some((layer) => layer.name === selected.layer.value));
  const pick = (index: number) => {
    const layers = choices[index]?.layers ?? [];
    const now = directionOf(view.store);
    const layer = layers.find((each) => each.direction === now) ?? layers[0];
    if (layer) select(view.store, { layer: layer.name });
  };
  if (choices.length > LONG) layerFinder(view, box, choices, chosen, pick);
  else {
    const list = createSelect(box, "layer", choices.map(choiceWords), pick);
    onFrame(view, () => {
      list.value = String(chosen());
      list.title = list.selectedOptions[0]?.text ?? "";
    });
  }
  directionPicker(view, parent, () => choices[chosen()]?.layers ?? []);
}

function layerFinder(
  view: View,
  box: Element,
  choices: Choice[],
  chosen: () => number,
  pick: (index: number) => void,
): void {
  const { button, words } = createOpener(box, "layer");
  const text = signal("");
  const found = () => choices.filter(({ name }) => name.toLowerCase().includes(text.value));
  createFinder(view, button, "layer", {
    total: () => found().length,
    start: () => Math.max(0, found().indexOf(choices[chosen()] as Choice)),
    fill(row, index) {
      const choice = found()[index];
      if (!row.childElementCount) span(row, "lw-ellipsis");
      if (choice) say(row.children[0] as Element, choiceWords(choice));
      return choice === choices[chosen()];
    },
    pick: (index) => pick(choices.indexOf(found()[index] as Choice)),
    search(typed) {
      text.value = typed.trim().toLowerCase();
    },
    note: () => (found().length ? "" : "no such layer"),
  });
  onFrame(view, () => {
    const choice = choices[chosen()];
    words(choice ? choiceWords(choice) : "");
  });
}

function directionOf({ catalogue, selected }: Store): Layer["direction"] {
  return catalogue.layers.find((layer) => layer.name === selected.layer.value)?.direction ?? "forward";
}

/** A choice where the layer reads both ways, else words. */
function directionPicker(view: View, parent: Element, layersOf: () => Layer[]): void {
  const box = add(parent, make("span", "lw-direction"));
  const fixed = span(box, "lw-quiet");
  const show = createSegments(box, "direction", ["forward", "backward"], (direction: Layer["direction"]) => {
    const layer = layersOf().find((each) => each.direction === direction);
    if (layer) select(view.store, { layer: layer.name });
  });
  onFrame(view, () => {
    const direction = directionOf(view.store);
    const both = layersOf().length > 1;
    fixed.hidden = both;
    say(fixed, direction === "backward" ? "\u2190 reads backward" : "\u2192 reads forward");
    show(direction, both ? { forward: ["\u2192 forward"], backward: ["\u2190 backward"] } : {});
  });
}
