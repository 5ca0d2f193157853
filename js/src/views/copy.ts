import { add, make, say, span } from "../dom.ts";
import type { Span } from "../protocol.ts";
import { type Selection, START } from "../selection.ts";
import type { Store } from "../store.ts";
import type { View } from "../view.ts";
import { createPopover } from "./popover.ts";

/** Milliseconds for which the button says that it did it. */
const SAID = 1_500;
const HEIGHT = 700;
/** What one wants to see in the line, also where it is as ever. */
const ALWAYS: (keyof Selection)[] = ["layer", "sample", "timestep", "unit"];
const TUPLES: (keyof Selection)[] = ["zoom", "range"];

/** JSON's strings are Python's, escapes included. */
function literal(value: unknown, isTuple = false): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (!Array.isArray(value)) return JSON.stringify(value);
  const items = value.map((item) => literal(item)).join(", ");
  return isTuple ? `(${items})` : `[${items}]`;
}

/** The line that restores the view: `lw.LSTMWidget(model, x, layer="encoder", sample=12, ...)`. */
export function pythonLine(store: Store): string {
  const now = Object.fromEntries(
    Object.entries(store.selected).map(([key, value]) => [key, value.peek()]),
  ) as unknown as Selection;
  // As one sees them, inside of what there is.
  for (const key of ["timestep", "unit", "pinned", "quantity", "zoom"] as const)
    Object.assign(now, { [key]: store[key].peek() });
  const { origin } = store;
  const moved = (span: Span | null) => span && (span.map(origin.timestep) as Span);
  // Where nothing is said, the kernel zooms to the unmasked steps.
  const usual = { ...START, zoom: store.shown.peek()?.scene.unmasked ?? START.zoom };
  const isUsual = (key: keyof Selection) => JSON.stringify(now[key]) === JSON.stringify(usual[key]);
  const keys = (Object.keys(START) as (keyof Selection)[]).filter((key) => ALWAYS.includes(key) || !isUsual(key));
  const outside: Selection = {
    ...now,
    sample: origin.sample(now.layer, now.sample),
    compared: now.compared === null ? null : origin.sample(now.layer, now.compared),
    timestep: origin.timestep(now.timestep),
    zoom: moved(now.zoom) ?? now.zoom,
    range: moved(now.range),
  };
  const parts = keys.map((key) => `${key}=${literal(outside[key], TUPLES.includes(key))}`);
  const height = store.height.peek();
  if (height !== HEIGHT) parts.push(`height=${height}`);
  return `lw.LSTMWidget(model, x, ${parts.join(", ")})`;
}

/** Copies the line, or shows it where the page may not: over http, in frames. */
export function copyPython(view: View, parent: Element): void {
  const button = add(parent, make("button", "lw-text-button lw-copy", { type: "button" }));
  button.title = "copy the line that restores this view";
  // Both words hold their place, so that nothing moves when one takes the other's.
  for (const words of ["copy Python", "copied"]) span(button, "", words);
  button.setAttribute("aria-label", "copy Python");
  const popover = createPopover(view, button, "the line that restores this view");
  // It opens only where copying fails.
  button.removeAttribute("aria-haspopup");
  button.removeAttribute("aria-expanded");
  const field = add(popover.panel, make("input", "lw-python", { type: "text", readonly: "", "aria-label": "Python" }));
  const spoken = add(parent, make("span", "lw-hidden", { role: "status" }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  view.stop.addEventListener("abort", () => clearTimeout(timer));

  const tell = (yes: boolean) => {
    button.toggleAttribute("data-lw-done", yes);
    say(spoken, yes ? "copied" : "");
  };
  button.addEventListener(
    "click",
    async () => {
      if (popover.isOpen.peek()) return popover.close();
      const line = pythonLine(view.store);
      try {
        await navigator.clipboard.writeText(line);
        tell(true);
        clearTimeout(timer);
        timer = setTimeout(() => tell(false), SAID);
      } catch {
        // Also where there is no clipboard at all.
        field.value = line;
        popover.open(field);
        field.select();
      }
    },
    { signal: view.stop },
  );
}
