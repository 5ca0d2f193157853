/** Padding that no mask covers: the layer reads it like anything else, and few know that it does. */

import { add, make, say } from "../dom.ts";
import { hatch } from "../plot.ts";
import type { Scene, Span } from "../protocol.ts";
import type { Theme } from "../theme.ts";
import { onFrame, type View } from "../view.ts";

const CELLS: Record<string, string> = { lstm: "LSTM", gru: "GRU" };
const CURE =
  "The input never changes there, and no mask covers it. A Masking layer, or mask_zero=True in an Embedding, " +
  "makes the layer pass these timesteps over.";

/** Lighter than what is masked, since the layer did compute here. */
export function hatchPadding(
  context: CanvasRenderingContext2D,
  padding: Span[],
  zoom: Span,
  width: number,
  height: number,
  theme: Theme,
): void {
  hatch(context, padding, zoom, width, height, { ...theme, paper: "transparent", veil: "transparent" });
}

/** `steps 215-299 are padding; the LSTM reads them`. */
export function paddingWords({ padding }: Scene, cell = ""): string {
  if (!padding.length) return "";
  const spans = padding.map(([start, stop]) => (stop - start === 1 ? `${start}` : `${start}\u2013${stop - 1}`));
  const one = padding.length === 1 && !spans[0]?.includes("\u2013");
  const words = one ? `step ${spans[0]} is padding` : `steps ${spans.join(" and ")} are padding`;
  return `${words}; the ${CELLS[cell] ?? "layer"} reads ${one ? "it" : "them"}`;
}

/** A quiet line below the time axis; no room is kept for it where there is nothing to say. */
export function paddingNote(view: View, parent: Element): void {
  const row = add(parent, make("div", "lw-row"));
  add(row, make("div", "lw-gutter"));
  const note = add(row, make("div", "lw-padding lw-quiet", { role: "note", title: CURE }));
  onFrame(view, () => {
    const scene = view.store.shown.value?.scene;
    const cell = view.store.catalogue.layers.find(({ name }) => name === scene?.layer)?.cell;
    const words = scene ? paddingWords(scene, cell) : "";
    row.hidden = !words;
    say(note, words);
  });
}
