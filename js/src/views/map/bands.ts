import { hue } from "../../colour.ts";
import { add, make, say, span } from "../../dom.ts";
import { select } from "../../store.ts";
import { onFrame, type View } from "../../view.ts";
import type { Room } from "../room.ts";
import { bandsOf, panelOf } from "./panel.ts";

/** The names of the maps that stand over each other, each at the top of its own; a press looks at one alone. */
export function bandNames(view: View, parent: Element, room: Room): HTMLElement {
  const { store } = view;
  const gutter = add(parent, make("div", "lw-gutter", { role: "group", "aria-label": "maps of all quantities" }));
  onFrame(view, () => {
    const quantities = panelOf(store) === "all" ? bandsOf(store) : [];
    while (gutter.childElementCount > quantities.length) gutter.lastElementChild?.remove();
    for (const [i, quantity] of quantities.entries()) {
      const button = (gutter.children[i] as HTMLElement | undefined) ?? nameButton(view, gutter, i);
      const { symbol, label } = store.catalogue.quantities[quantity] ?? { symbol: "", label: quantity };
      const [mark, name] = button.children;
      if (mark) say(mark, symbol);
      if (name) say(name, label);
      const layer = store.shown.value?.scene.layer ?? "";
      (mark as HTMLElement).style.color = hue(store.catalogue, layer, quantity, view.theme.value.dark);
      button.style.top = `${i * room.rows.value.pitch}px`;
      button.title = `the map of the ${label} alone`;
    }
  });
  return gutter;
}

function nameButton(view: View, gutter: HTMLElement, index: number): HTMLButtonElement {
  const button = add(gutter, make("button", "lw-track-name lw-band-name", { type: "button" }));
  span(button, "lw-symbol");
  span(button, "lw-ellipsis");
  button.addEventListener("click", () => {
    const quantity = view.store.shown.peek()?.scene.quantities[index];
    if (quantity) select(view.store, { quantity, panel: "map" });
  });
  return button;
}
