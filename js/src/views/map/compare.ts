/** Two samples of a layer, or one at two steps, A and B: which of them the map shows, and what it reads there. */

import type { Shown } from "../../data/decode.ts";
import { exactTile, type Reading, reader, toAsk } from "../../data/tiles.ts";
import type { Store } from "../../store.ts";
import type { Cell, View } from "../../view.ts";

export interface Sources {
  /** The numbers that are shown, */
  from: Shown;
  /** less these. */
  minus: Shown | null;
}

export function comparisonOf(store: Store): "a" | "b" | "difference" | null {
  return store.beside.value ? store.selected.comparison.value : null;
}

export function sourcesOf(store: Store, shown: Shown): Sources {
  const other = store.beside.value;
  const mode = comparisonOf(store);
  if (!other || mode === "a") return { from: shown, minus: null };
  return mode === "b" ? { from: other, minus: null } : { from: shown, minus: other };
}

/** Where another sample or step stands beside the selected one: what it is called; else nothing. */
export function besideWords(store: Store): string {
  const [shown, beside] = [store.shown.value, store.beside.value];
  if (!shown || !beside) return "";
  const { sample, step } = beside.scene;
  const at = sample === shown.scene.sample ? "" : `sample ${sample}`;
  return [at, step === shown.scene.step ? "" : stepName(store, step)].filter(Boolean).join(", ");
}

/** What a step is called, by its number. */
export function stepName({ steps }: Store, number: number): string {
  const { numbers, names } = steps.value;
  return names[numbers.indexOf(number)] ?? "";
}

/** The number in a cell of the map, as exact as it is here; what is missing is asked for in the name of `owner`. */
export function readCell(view: View, owner: string, shown: Shown, { unit, timestep, quantity }: Cell) {
  const { store, loader } = view;
  const { from, minus } = sourcesOf(store, shown);
  const name = quantity ?? store.quantity.value;
  const both = minus ? [from, minus] : [from];
  loader.want(
    owner,
    both.flatMap((each) => toAsk(each, [exactTile(each.scene, unit, timestep)])),
  );
  const [first, second] = both.map((each) => reader(loader, each, unit, timestep)(name, timestep));
  if (!minus || !first) return first;
  return second && ({ value: first.value - second.value, exact: first.exact && second.exact } as Reading);
}
