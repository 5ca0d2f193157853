import { add, make, say, span } from "../../dom.ts";
import { parseUnits } from "../../filter.ts";
import { KEY } from "../../relay.ts";
import { addKey, onFrame, type View } from "../../view.ts";

/** Narrows the map to the units that one types. */
export function search(view: View, parent: Element): void {
  const { store } = view;
  const box = add(parent, make("span", "lw-narrow"));
  const field = add(
    box,
    make("input", "lw-select", {
      type: "text",
      placeholder: "12, 40-48",
      "aria-label": "show only these units",
      "aria-describedby": `${view.id}-search`,
      title: "show only these units (key /)",
      spellcheck: "false",
      autocomplete: "off",
    }),
  );
  const clear = add(box, make("button", "lw-clear", { type: "button", "aria-label": "show all units" }));
  clear.textContent = "\u00d7";
  const problem = span(box, "lw-narrow-problem");
  problem.id = `${view.id}-search`;
  problem.setAttribute("role", "status");

  /** Half a range is no mistake while one types it: the map waits for the rest. */
  const take = () => {
    const units = parseUnits(field.value, store.shown.peek()?.scene.units ?? 1);
    const wrong = typeof units === "string";
    say(problem, wrong ? units : "");
    field.setAttribute("aria-invalid", String(wrong));
    clear.hidden = !field.value;
    if (!wrong) store.filter.value = field.value;
  };
  const reset = () => {
    field.value = "";
    take();
    view.root.focus({ preventScroll: true });
  };
  field.addEventListener("input", take);
  clear.addEventListener("click", reset);
  box.addEventListener(KEY, (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    reset();
  });
  onFrame(view, () => {
    const text = store.filter.value;
    store.shown.value;
    const typing = (field.getRootNode() as Document | ShadowRoot).activeElement === field;
    if (!typing) field.value = text;
    if (!typing || field.value === text) take();
  });
  addKey(view, "/", "show only some units", () => field.select());
}
