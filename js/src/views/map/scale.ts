/** How numbers become colours, in the map and in its legend. */

import { pixel, table } from "../../colour.ts";
import { limit } from "../../format.ts";
import type { Scale } from "../../raster.ts";
import type { View } from "../../view.ts";
import { comparisonOf } from "./compare.ts";

/** Beyond it a logit is a gate as shut or open as one can see. */
const LOGITS = 6;

export interface MapScale extends Scale {
  signed: boolean;
  /** The limits are each unit's own. */
  own: boolean;
}

export function scaleOf(view: View, quantity: string): MapScale {
  const { catalogue, selected, shown } = view.store;
  const dark = view.theme.value.dark;
  const gate = catalogue.quantities[quantity]?.kind === "gate";
  const difference = comparisonOf(view.store) === "difference";
  const logit = selected.scale.value === "logit" && gate && !difference;
  const [least, most] = shown.value?.scene.ranges[quantity] ?? [gate ? 0 : -1, 1];
  const far = gate ? 1 : Math.max(Math.abs(least), Math.abs(most));
  const [low, high] = logit ? [-LOGITS, LOGITS] : difference ? [-far, far] : [least, most];
  return {
    table: table(catalogue, gate && !difference ? "gate" : "signed", dark),
    low,
    high,
    logit,
    signed: !gate || difference,
    own: selected.scale.value === "unit",
    // Masked steps stay open for the hatching over them; any other NaN is a flat grey that no table holds.
    nan: dark ? pixel(92, 80, 70) : pixel(214, 204, 190),
    clipped: dark ? pixel(255, 214, 10) : pixel(0, 0, 0),
  };
}

/** What the two ends of the colours mean. */
export function limitWords({ own, signed, low, high }: MapScale): [low: string, high: string] {
  if (!own) return [limit(low), limit(high)];
  // Zero keeps its colour, so the larger side counts for both.
  return signed ? ["\u2212max", "max"] : ["min", "max"];
}
