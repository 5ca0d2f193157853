/** Two samples of a layer, A and B: which of them the map shows, and what it reads there. */

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

/** B as a scene of its own: the overview holds only A, so that all of B comes by tiles. */
function compared(store: Store, shown: Shown): Shown | null {
  const sample = store.selected.compared.value;
  if (sample === null || sample === shown.scene.sample) return null;
  // What was masked in B is not known here: its NaN are drawn as such.
  return { ...shown, scene: { ...shown.scene, sample, masked: [] }, overview: null };
}

export function comparisonOf(store: Store): "a" | "b" | "difference" | null {
  const shown = store.shown.value;
  return shown && compared(store, shown) ? store.selected.comparison.value : null;
}

export function sourcesOf(store: Store, shown: Shown): Sources {
  const other = compared(store, shown);
  const mode = comparisonOf(store);
  if (!other || mode === "a") return { from: shown, minus: null };
  return mode === "b" ? { from: other, minus: null } : { from: shown, minus: other };
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
