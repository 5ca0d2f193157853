import { togglePin } from "../actions.ts";
import { hue } from "../colour.ts";
import { timeWords } from "../data/names.ts";
import { exactTile, reader, toAsk } from "../data/tiles.ts";
import { add, make, say, span } from "../dom.ts";
import { onFrame, type View } from "../view.ts";
import { valueWords } from "./words.ts";

const AHEAD = 48;

/** The exact numbers of the selected unit at the selected timestep. */
export function numbers(view: View, parent: Element): void {
  const { store, loader } = view;
  const title = add(parent, make("div", "lw-numbers-title"));
  const unitName = span(title, "lw-strong");
  const when = span(title, "lw-ellipsis");
  const pin = add(title, make("button", "lw-text-button", { type: "button" }));
  const table = add(parent, make("dl", "lw-numbers"));
  pin.addEventListener("click", () => togglePin(store, store.unit.peek()), { signal: view.stop });

  onFrame(view, () => {
    loader.version.value;
    const shown = store.shown.value;
    if (!shown) return;
    const [unit, t] = [store.unit.value, store.timestep.value];
    const pinned = store.pinned.value.includes(unit);
    say(unitName, `unit ${unit}`);
    say(when, `at ${timeWords(loader, shown.scene, t)}`);
    when.title = when.textContent ?? "";
    say(pin, pinned ? "unpin" : "pin");
    pin.setAttribute("aria-pressed", String(pinned));
    pin.title = `${pinned ? "take this unit's lines off" : "keep this unit's lines over"} the tracks (key p)`;
    // What the slider may reach next comes along.
    const near = [t, t + AHEAD, t - AHEAD].filter((each) => each >= 0 && each < shown.scene.timesteps);
    const bodies = near.map((each) => exactTile(shown.scene, unit, each));
    loader.want(`${view.id} numbers`, toAsk(shown, bodies));
    const read = reader(loader, shown, unit, t);
    const dark = view.theme.value.dark;
    while (table.childElementCount > shown.scene.quantities.length) table.lastElementChild?.remove();
    for (const [i, quantity] of shown.scene.quantities.entries()) {
      const row = table.children[i] ?? line(table);
      const known = store.catalogue.quantities[quantity] ?? { symbol: "", label: quantity };
      const [symbol, label, value] = row.querySelectorAll<HTMLElement>(".lw-symbol, .lw-term, dd");
      if (!symbol || !label || !value) continue;
      symbol.style.color = hue(store.catalogue, shown.scene.layer, quantity, dark);
      say(symbol, known.symbol);
      say(label, known.label);
      say(value, store.selected.veiled.value ? "?" : valueWords(read(quantity, t), shown.scene, t));
    }
  });
}

function line(table: HTMLElement): HTMLElement {
  const row = add(table, make("div", "lw-number-line"));
  const term = add(row, make("dt"));
  span(term, "lw-symbol");
  span(term, "lw-term lw-ellipsis");
  add(row, make("dd"));
  return row;
}
