/** What stands in the map's place. What there is not is not offered: a SimpleRNN has no gates, a page no weights. */

import type { Selection } from "../../selection.ts";
import type { Store } from "../../store.ts";

export const PANELS: Selection["panel"][] = ["map", "all", "saturation", "weights"];

export function gatesOf(store: Store): string[] {
  const quantities = store.shown.value?.scene.quantities ?? [];
  return quantities.filter((quantity) => store.catalogue.quantities[quantity]?.kind === "gate");
}

export function panelsOf(store: Store): Selection["panel"][] {
  const several = (store.shown.value?.scene.quantities.length ?? 0) > 1;
  const gates = gatesOf(store).length > 0;
  const { layers } = store.catalogue;
  const weights = layers.some((each) => each.name === store.selected.layer.value && each.weights);
  const known = { map: true, all: several, saturation: gates, weights };
  return PANELS.filter((panel) => known[panel]);
}

export function panelOf(store: Store): Selection["panel"] {
  const wanted = store.selected.panel.value;
  return panelsOf(store).includes(wanted) ? wanted : "map";
}

/** The quantities that are on screen as maps, from the top. */
export function bandsOf(store: Store): string[] {
  return panelOf(store) === "all" ? (store.shown.value?.scene.quantities ?? []) : [store.quantity.value];
}
