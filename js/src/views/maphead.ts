import type { ReadonlySignal } from "@preact/signals-core";
import { timeWords } from "../data/names.ts";
import { add, make, say, span } from "../dom.ts";
import { select } from "../store.ts";
import { onFrame, type View } from "../view.ts";
import { besideWords, comparisonOf, readCell, sourcesOf, stepName } from "./map/compare.ts";
import { legend } from "./map/legend.ts";
import { PANELS, panelOf, panelsOf } from "./map/panel.ts";
import { search } from "./map/search.ts";
import { sortPicker } from "./map/sort.ts";
import type { Room } from "./room.ts";
import { createSegments } from "./segments.ts";
import { valueWords } from "./words.ts";

/** What the map shows: its quantity, scale and order; what is under the pointer; how much of it one sees. */
export function mapHead(view: View, parent: Element, room: Room, note: ReadonlySignal<string>): void {
  const { store } = view;
  const what = add(parent, make("div", "lw-what"));
  const how = add(parent, make("div"));
  const name = span(what, "lw-strong");
  panelSwitch(view, what);
  comparisonSwitch(view, what);
  legend(view, how);
  sortPicker(view, how);
  search(view, how);
  // One place for both: while one points at a cell, its number is what one reads.
  const slot = add(what, make("span", "lw-slot"));
  const readout = span(slot, "lw-readout lw-ellipsis");
  const count = span(slot, "lw-quiet lw-count lw-ellipsis");

  onFrame(view, () => {
    const quantity = store.quantity.value;
    const panel = panelOf(store);
    name.hidden = panel !== "map";
    say(name, store.catalogue.quantities[quantity]?.label ?? quantity);
    const { units, visible } = room.rows.value;
    const all = store.shown.value?.scene.units ?? units;
    const word = all === 1 ? "unit" : "units";
    const narrowed = units < all ? `${units} of ${all} ${word}` : "";
    say(count, narrowed || (visible < units ? `${visible} of ${units} shown` : `${units} ${word}`));
  });
  onFrame(view, () => say(readout, note.value || hovered(view)));
}

/** The cell under the pointer, in words. */
function hovered(view: View): string {
  const { store, loader } = view;
  loader.version.value;
  const owner = `${view.id} hover`;
  const [shown, cell] = [store.shown.value, view.hover.value];
  if (!shown || !cell || panelOf(store) === "weights") {
    loader.want(owner, []);
    return "";
  }
  const { unit, timestep, quantity } = cell;
  const { scene } = sourcesOf(store, shown).from;
  const value = valueWords(readCell(view, owner, shown, cell), scene, timestep);
  const symbol = panelOf(store) === "all" && quantity ? `${store.catalogue.quantities[quantity]?.symbol} = ` : "";
  return `unit ${unit}, ${timeWords(loader, shown.scene, timestep)}: ${symbol}${value}`;
}

function panelSwitch(view: View, parent: Element): void {
  const { store } = view;
  const show = createSegments(parent, "what is shown", PANELS, (panel) => select(store, { panel }));
  onFrame(view, () => {
    const known = panelsOf(store);
    const words: Parameters<typeof show>[1] = { map: ["map", "all units of one quantity"] };
    if (known.includes("all"))
      words.all = [`all ${store.shown.value?.scene.quantities.length}`, "all quantities (key a)"];
    if (known.includes("saturation"))
      words.saturation = ["saturation", "how often the gates are shut and open (key s)"];
    if (known.includes("weights")) words.weights = ["weights", "the weights of each gate (key w)"];
    show(panelOf(store), words);
  });
}

function comparisonSwitch(view: View, parent: Element): void {
  const { store } = view;
  const choices = ["a", "b", "difference"] as const;
  const show = createSegments(parent, "which of both", choices, (comparison) => select(store, { comparison }));
  onFrame(view, () => {
    const mode = comparisonOf(store);
    const [a, b] = [store.shown.value?.scene, store.beside.value?.scene];
    if (!mode || !a || !b) return show("a", {});
    const isStep = a.sample === b.sample && (a.step !== b.step || store.selected.compared.value === null);
    const [first, second] = [a, b].map((scene) => (isStep ? stepName(store, scene.step) : String(scene.sample))) as [
      string,
      string,
    ];
    const both = `A is ${isStep ? first : `sample ${first}`}, B is ${besideWords(store) || "the same"}`;
    const words: Parameters<typeof show>[1] = {
      a: [`A: ${shortened(first)}`, both],
      b: [`B: ${shortened(second)}`, both],
    };
    // Of shares of time one is shown, never what is between them; and two samples have the same weights.
    const panel = panelOf(store);
    const differs = panel === "weights" ? isStep || a.step !== b.step : panel !== "saturation";
    if (differs) words.difference = ["A \u2212 B", both];
    show(differs || mode === "b" ? mode : "a", words);
  });
}

/** Names are the user's, and there is room for a word. */
function shortened(name: string): string {
  return name.length > 16 ? `${name.slice(0, 15)}\u2026` : name;
}
