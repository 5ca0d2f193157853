import { add, make, say, span } from "../../dom.ts";
import { brief } from "../../format.ts";
import type { MatchesAnswer } from "../../protocol.ts";
import { select } from "../../store.ts";
import { onFrame, type View } from "../../view.ts";

/** The units that are above the threshold inside the brushed range and below it elsewhere. */
export function matches(view: View, parent: Element): void {
  const { store, loader } = view;
  const line = add(parent, make("div", "lw-matches", { role: "group", "aria-label": "units that match the range" }));
  const words = span(line, "lw-quiet lw-ellipsis");
  const list = span(line, "lw-matches-list");
  let chosen: number[] = [];
  const button = (act: () => void) => {
    const element = add(line, make("button", "lw-text-button", { type: "button" }));
    element.addEventListener("click", act);
    return element;
  };
  const pin = button(() => select(store, { pinned: chosen }));
  const only = button(() => {
    store.filter.value = chosen.join(", ");
  });
  list.addEventListener("click", ({ target }) => {
    const unit = (target as HTMLElement).closest<HTMLElement>("[data-lw-unit]")?.dataset.lwUnit;
    if (unit !== undefined) select(store, { unit: Number(unit) });
  });

  onFrame(view, () => {
    loader.version.value;
    const scene = store.shown.value?.scene;
    const [range, threshold] = [store.selected.range.value, store.selected.threshold.value];
    const quantity = store.quantity.value;
    line.hidden = !range;
    pin.hidden = only.hidden = true;
    if (!range || !scene || threshold === null) {
      loader.want(`${view.id} matches`, []);
      say(words, "Set a threshold in the track to see which units are above it in this range only.");
      fill(list, [], store.unit.value);
      return;
    }
    const [start, stop] = [Math.max(0, range[0]), Math.min(range[1], scene.timesteps)];
    const { layer, sample, step } = scene;
    const body = { kind: "matches" as const, layer, sample, step, quantity, start, stop, threshold };
    loader.want(`${view.id} matches`, [body]);
    const answer = loader.get(body) as MatchesAnswer | undefined;
    const symbol = store.catalogue.quantities[quantity]?.symbol ?? quantity;
    const what = `${symbol} above ${brief(threshold)} only in t ${start}\u2013${stop - 1}: `;
    const found = answer?.exact ? `${answer.exact}${answer.exact === 64 ? " or more" : ""} exactly` : "none, nearest";
    say(words, what + (answer ? found : "\u2026"));
    words.title = `above the threshold at these timesteps, below it at all others; ${found}`;
    // Until the answer is here the last one stays: dragging must not blink.
    if (!answer) return;
    const { units, shares, exact } = answer;
    fill(
      list,
      units.map((unit, i) => [unit, i < exact ? "" : `${Math.floor(100 * (shares[i] ?? 0))}\u202f%`] as const),
      store.unit.value,
    );
    chosen = exact ? units.slice(0, exact) : units;
    pin.hidden = only.hidden = !chosen.length;
    say(pin, `pin ${exact || "all"}`);
    say(only, exact === 1 ? "show only this" : "show only these");
  });
}

/** A button a unit; the share of timesteps follows where it is not all. */
function fill(list: Element, found: (readonly [unit: number, share: string])[], selected: number): void {
  while (list.childElementCount > found.length) list.lastElementChild?.remove();
  while (list.childElementCount < found.length) {
    const button = add(list, make("button", "lw-match", { type: "button" }));
    span(button, "");
    span(button, "lw-quiet");
  }
  for (const [i, [unit, share]] of found.entries()) {
    const button = list.children[i] as HTMLElement;
    button.dataset.lwUnit = String(unit);
    button.title = share
      ? `unit ${unit} does so at ${share} of the timesteps`
      : `unit ${unit} does so at every timestep`;
    button.setAttribute("aria-current", String(unit === selected));
    for (const [k, text] of [String(unit), share].entries()) say(button.children[k] as Element, text);
  }
}
