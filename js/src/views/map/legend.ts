import { add, make, say, span } from "../../dom.ts";
import type { Selection } from "../../selection.ts";
import { select } from "../../store.ts";
import { onFrame, type View } from "../../view.ts";
import { comparisonOf } from "./compare.ts";
import { panelOf } from "./panel.ts";
import { limitWords, scaleOf } from "./scale.ts";

const SCALES: [value: Selection["scale"], words: string][] = [
  ["shared", "one scale"],
  ["unit", "unit\u2019s own"],
  ["logit", "logit"],
];

/** The colours from one limit to the other, and the choice of what the limits are. */
export function legend(view: View, parent: Element): void {
  const { store } = view;
  const box = add(parent, make("span", "lw-legend"));
  const low = span(box, "lw-quiet");
  const canvas = add(box, make("canvas", "", { role: "img", width: "256", height: "1" }));
  const high = span(box, "lw-quiet");
  const choice = add(box, make("select", "lw-select", { "aria-label": "scale of the colours" }));
  const options = SCALES.map(([value, words]) => {
    const option = add(choice, make("option", "", { value }));
    option.textContent = words;
    return option;
  });
  choice.addEventListener("change", () => select(store, { scale: choice.value as Selection["scale"] }));
  onFrame(view, () => {
    box.hidden = ["saturation", "weights"].includes(panelOf(store));
    const quantity = store.quantity.value;
    const scale = scaleOf(view, quantity);
    const [least, most] = limitWords(scale);
    say(low, least);
    say(high, most);
    canvas.setAttribute("aria-label", `colours from ${least} to ${most}`);
    const image = new ImageData(256, 1);
    new Uint32Array(image.data.buffer).set(scale.table);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
    const wanted = store.selected.scale.value;
    const [, , logit] = options;
    // Only shares have logits; a difference of two has none.
    const gates = panelOf(store) === "all" || store.catalogue.quantities[quantity]?.kind === "gate";
    if (logit) logit.disabled = !gates || comparisonOf(store) === "difference";
    choice.value = logit?.disabled && wanted === "logit" ? "shared" : wanted;
    choice.classList.toggle("lw-quiet", choice.value === "shared");
  });
}
