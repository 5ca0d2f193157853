import { computed } from "@preact/signals-core";
import { goTo } from "../actions.ts";
import type { Sheet, Shown } from "../data/decode.ts";
import { timeWords } from "../data/names.ts";
import type { Body } from "../data/requests.ts";
import { wordOf, wordWindows } from "../data/text.ts";
import { bestSheet, exactTile, reader, toAsk } from "../data/tiles.ts";
import { add, make, say, span } from "../dom.ts";
import { inks } from "../ink.ts";
import type { Span } from "../protocol.ts";
import { select } from "../store.ts";
import { onFrame, type View } from "../view.ts";
import { createPage, type Page } from "./page.ts";
import { isMasked, valueWords } from "./words.ts";

/** Words come and go in chunks, each a paragraph of its own: so lines break where they did before. */
const CHUNK = 128;
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** The model's own input as words, where it is words, coloured by the selected unit: a line of them, or rows. */
export function text(view: View, parent: Element): void {
  const { store, loader } = view;
  const row = add(parent, make("div", "lw-row lw-text-row"));
  const gutter = add(row, make("div", "lw-gutter lw-input-name"));
  const top = add(gutter, make("div", "lw-text-top"));
  span(top, "", "input");
  const toggle = add(top, make("button", "lw-text-button", { type: "button" }));
  const about = span(gutter, "lw-quiet lw-ellipsis");
  const page = createPage(row, CHUNK);
  const { box } = page;
  const chunk = computed(() => Math.floor(store.timestep.value / CHUNK));

  const turn = () => select(store, { text: store.selected.text.peek() === "rows" ? "line" : "rows" });
  toggle.addEventListener("click", turn, { signal: view.stop });
  attachPointer(view, box);

  onFrame(view, () => {
    loader.version.value;
    view.width.value;
    const shown = store.shown.value;
    const has = shown?.scene.tokens ?? false;
    row.hidden = !has;
    if (!shown || !has) {
      for (const what of ["words", "colours"]) loader.want(`${view.id} ${what}`, []);
      return;
    }
    const { scene } = shown;
    const unit = store.unit.value;
    const rows = store.selected.text.value === "rows";
    const quantities = rows ? scene.quantities : [store.quantity.value];
    const known = quantities.map((each) => store.catalogue.quantities[each] ?? { symbol: "", label: each });
    const names = known.map(({ label }) => label).join(", ");
    say(about, rows ? `unit ${unit}` : names);
    say(toggle, rows ? "line" : "rows");
    toggle.title = rows ? "a line of text" : "for each quantity a row of text";
    box.setAttribute("aria-label", `The words of the input, coloured by ${names} of unit ${unit}`);

    const stretch: Span = [Math.max(0, chunk.value - 1) * CHUNK, Math.min((chunk.value + 2) * CHUNK, scene.timesteps)];
    const tiles = tilesOf(shown, unit, stretch);
    loader.want(`${view.id} words`, wordWindows(scene, stretch));
    loader.want(`${view.id} colours`, toAsk(shown, tiles));
    const sheets = tiles.map((tile) => bestSheet(loader, shown, tile));
    page.keep(() => {
      page.show(`${scene.layer} ${scene.sample} ${scene.timesteps}`, stretch, rows ? quantities.length : 0);
      write(view, shown, page, quantities, sheets);
    });
    page.margin(rows ? known.map(({ symbol }) => symbol) : []);
    page.follow(store.timestep.peek());
  });
  onFrame(view, () => page.follow(store.timestep.value));
}

/** The exact numbers of a stretch, each tile once. */
function tilesOf({ scene }: Shown, unit: number, [start, stop]: Span): Body[] {
  const bodies = [start, Math.floor((start + stop) / 2), stop - 1].map((t) => exactTile(scene, unit, t));
  return [...new Map(bodies.map((body) => [JSON.stringify(body), body])).values()];
}

/** Words, and behind each its values: NaN looks like nothing on the scale, masked words have no value to show. */
function write(view: View, shown: Shown, page: Page, quantities: string[], sheets: (Sheet | null)[]): void {
  const { store, loader } = view;
  const { scene } = shown;
  const unit = store.unit.value;
  const colours = quantities.map((quantity) => inks(store.catalogue, scene, quantity, view.theme.value.dark));
  let fromRight = 0;
  for (const [t, { element, cells }] of page.words) {
    const word = wordOf(loader, shown, t);
    if (RTL.test(word)) fromRight++;
    const isPadding = scene.padding.some(([start, stop]) => start <= t && t < stop);
    element.className = `lw-word${isMasked(scene, t) ? " lw-masked" : isPadding ? " lw-padded" : ""}`;
    const sheet = sheets.find((each) => each?.covers(t, t + 1));
    for (const [i, cell] of cells.entries()) {
      say(cell, word);
      const value = sheet?.value(quantities[i] ?? "", unit, t);
      const isBare = value === undefined || isMasked(scene, t) || Number.isNaN(value);
      const { paper, ink } = (!isBare && colours[i]?.(value)) || { paper: "", ink: "" };
      cell.style.backgroundColor = paper;
      cell.style.color = ink;
      cell.classList.toggle("lw-nan", value !== undefined && Number.isNaN(value) && !isMasked(scene, t));
    }
  }
  // Each word keeps to itself; this is the way from one to the next.
  page.box.dir = 2 * fromRight > page.words.size ? "rtl" : "ltr";
}

/** A press goes to the word's timestep; over a word one reads its value. */
function attachPointer(view: View, box: HTMLElement): void {
  const { store, loader } = view;
  const options = { signal: view.stop };
  const timestepOf = (event: Event) => {
    const word = (event.target as Element).closest<HTMLElement>("[data-t]");
    return word ? Number(word.dataset.t) : null;
  };
  box.addEventListener(
    "click",
    (event) => {
      const t = timestepOf(event);
      if (t !== null) goTo(store, t);
    },
    options,
  );
  box.addEventListener(
    "pointerover",
    (event) => {
      const t = timestepOf(event);
      const shown = store.shown.peek();
      const unit = store.unit.peek();
      view.hover.value = t === null ? null : { unit, timestep: t };
      if (t === null || !shown) return;
      const quantity = store.quantity.peek();
      const value = valueWords(reader(loader, shown, unit, t)(quantity, t), shown.scene, t);
      const label = store.catalogue.quantities[quantity]?.label ?? quantity;
      box.title = `${timeWords(loader, shown.scene, t)}, ${wordOf(loader, shown, t)}: ${label} ${value}`;
    },
    options,
  );
  const leave = () => {
    view.hover.value = null;
  };
  box.addEventListener("pointerleave", leave, options);
}
