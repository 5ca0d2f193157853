import { add, make, say, span } from "../../dom.ts";
import { select } from "../../store.ts";
import { onFrame, type View } from "../../view.ts";
import { gatesOf } from "./panel.ts";

const SIMILARITY = "similarity";

/** In which order the units stand. Similarity is to one unit, which stays the same while others are selected. */
export function sortPicker(view: View, parent: Element): void {
  const { store } = view;
  const label = add(parent, make("label", "lw-picker"));
  span(label, "lw-quiet", "by");
  const choice = add(label, make("select", "lw-select lw-sort", { "aria-label": "order of the units" }));
  const options = new Map<string, HTMLOptionElement>();
  for (const [value, words] of [
    ["change", "total change"],
    ["index", "index"],
    ["saturation", "saturation"],
    ["half_life", "half-life"],
    [SIMILARITY, SIMILARITY],
  ] as const) {
    const option = add(choice, make("option", "", { value }));
    option.textContent = words;
    options.set(value, option);
  }
  const again = add(label, make("button", "lw-text-button", { type: "button" }));
  again.textContent = "again";
  const alike = () => select(store, { sort: `${SIMILARITY}:${store.unit.peek()}` });
  again.addEventListener("click", alike);
  choice.addEventListener("change", () =>
    choice.value === SIMILARITY ? alike() : select(store, { sort: choice.value }),
  );
  onFrame(view, () => {
    const [kind = "", unit] = store.selected.sort.value.split(":");
    const has = (...names: string[]) => names.some((name) => store.shown.value?.scene.quantities.includes(name));
    for (const [name, offered] of [
      ["saturation", gatesOf(store).length > 0],
      ["half_life", has("forget_gate", "update_gate")],
      [SIMILARITY, has("cell_state", "hidden_state")],
    ] as const) {
      const option = options.get(name);
      if (option) option.hidden = option.disabled = !offered;
    }
    const option = options.get(SIMILARITY);
    if (option) say(option, unit === undefined ? SIMILARITY : `similarity to ${unit}`);
    choice.value = kind;
    again.hidden = unit === undefined;
    // It keeps its place, so that stepping through units moves nothing.
    again.style.visibility = unit === String(store.unit.value) ? "hidden" : "";
    again.title = `order by similarity to unit ${store.unit.value}`;
  });
}
