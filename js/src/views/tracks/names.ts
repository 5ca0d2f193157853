import { hue } from "../../colour.ts";
import { add, make, say, span } from "../../dom.ts";
import { limit } from "../../format.ts";
import { memoryOf } from "../../memory.ts";
import { select } from "../../store.ts";
import type { View } from "../../view.ts";
import { trackHeight } from "./bands.ts";

/**
 * The names in the gutter: also the switch for the map's quantity. Under the memory's stands what its bars mean, `bars`
 * times as high as the scale says: on the plot it would lie on the curve.
 */
export function names(view: View, gutter: HTMLElement, bars: number): void {
  const { store } = view;
  const scene = store.shown.value?.scene;
  const dark = view.theme.value.dark;
  const quantities = scene?.quantities ?? [];
  const memory = scene && memoryOf(scene)?.state;
  while (gutter.childElementCount > quantities.length) gutter.lastElementChild?.remove();
  for (const [i, quantity] of quantities.entries()) {
    const button = (gutter.children[i] as HTMLButtonElement | undefined) ?? nameButton(view, gutter, i);
    const { symbol, label } = store.catalogue.quantities[quantity] ?? { symbol: "", label: quantity };
    const [low, high] = scene?.ranges[quantity] ?? [0, 1];
    const chosen = quantity === store.quantity.value;
    const [mark, name, filled, hollow] = button.children;
    const meant = bars > 0 && quantity === memory;
    if (scene) button.style.height = `${trackHeight(scene, i)}px`;
    if (mark) say(mark, symbol);
    if (name) say(name, label);
    if (filled) say(filled, meant ? `bars${bars > 1 ? ` \u00d7 ${bars}` : ""}: written` : "");
    if (hollow) say(hollow, meant ? "hollow: erased" : "");
    (mark as HTMLElement).style.color = hue(store.catalogue, scene?.layer ?? "", quantity, dark);
    button.setAttribute("aria-pressed", String(chosen));
    button.title = `${label}, ${limit(low)} to ${limit(high)}: show it in the map (key ${i + 1})`;
  }
}

function nameButton(view: View, gutter: HTMLElement, index: number): HTMLButtonElement {
  const button = add(gutter, make("button", "lw-track-name", { type: "button" }));
  span(button, "lw-symbol");
  span(button, "lw-ellipsis");
  // Not part of the button's name.
  for (let line = 0; line < 2; line++) span(button, "lw-bars").setAttribute("aria-hidden", "true");
  const pick = () => {
    const quantity = view.store.shown.peek()?.scene.quantities[index];
    if (quantity) select(view.store, { quantity });
  };
  button.addEventListener("click", pick, { signal: view.stop });
  return button;
}
