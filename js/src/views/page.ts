/** A page of words of which only those near the reader exist, and which stands still while they come and go. */

import { add, make, span } from "../dom.ts";
import type { Span } from "../protocol.ts";

/** As the style sheet has them: a row of words for one quantity, and what is free below all of them. */
const ROW = 17;
const BELOW = 7;

/** In the document: the word as it is, or once for each quantity. */
interface Word {
  element: HTMLElement;
  cells: HTMLElement[];
}

export interface Page {
  box: HTMLElement;
  /** By timestep. */
  words: Map<number, Word>;
  /** The words of `stretch`, each in `rows` copies under each other; none is plain text. */
  show(name: string, stretch: Span, rows: number): void;
  /** Runs what may change the page; the word in front of the reader stays where it is. */
  keep(change: () => void): void;
  /** Before each line, what its rows are. */
  margin(symbols: string[]): void;
  /** Marks a word and scrolls no further than needed to see it. */
  follow(timestep: number): void;
}

export function createPage(parent: Element, chunk: number): Page {
  const box = add(parent, make("div", "lw-plot lw-text", { role: "group" }));
  const symbols = make("div", "lw-text-symbols", { "aria-hidden": "true" });
  const words = new Map<number, Word>();
  let shown = "";
  let current = -1;

  const word = (paragraph: Element, timestep: number, rows: number) => {
    const element = add(paragraph, make("span", "lw-word", { "data-t": String(timestep) }));
    const cells = Array.from({ length: Math.max(1, rows) }, () => add(element, make("span", "", { dir: "auto" })));
    // The same word again says nothing to those who cannot see its colour.
    for (const cell of cells.slice(1)) cell.setAttribute("aria-hidden", "true");
    words.set(timestep, { element, cells });
  };

  return {
    box,
    words,
    show(name, [start, stop], rows) {
      const wanted = JSON.stringify([name, start, stop, rows]);
      if (wanted === shown) return;
      shown = wanted;
      words.clear();
      const paragraphs: HTMLElement[] = [];
      for (let t = start; t < stop; t++) {
        if (t === start || t % chunk === 0) paragraphs.push(make("div"));
        word(paragraphs[paragraphs.length - 1] as Element, t, rows);
      }
      box.replaceChildren(symbols, ...paragraphs);
      box.toggleAttribute("data-lw-rows", rows > 0);
      // What scrolls under the hand must be reached by keys; a line of text follows the time by itself.
      if (rows > 0) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    },
    keep(change) {
      const before = words.get(current)?.element;
      const top = before ? before.offsetTop - box.scrollTop : 0;
      change();
      const after = words.get(current)?.element;
      if (before && after) box.scrollTop = after.offsetTop - top;
    },
    margin(names) {
      const height = names.length * ROW + BELOW;
      const last = box.lastElementChild as HTMLElement | null;
      const lines = names.length && last ? Math.round((last.offsetTop + last.offsetHeight) / height) : 0;
      if (symbols.firstElementChild?.textContent !== names.join("")) symbols.replaceChildren();
      while (symbols.childElementCount > lines) symbols.lastElementChild?.remove();
      while (symbols.childElementCount < lines) {
        const line = add(symbols, make("div"));
        for (const name of names) span(line, "", name);
      }
    },
    follow(timestep) {
      words.get(current)?.element.removeAttribute("aria-current");
      current = timestep;
      const element = words.get(current)?.element;
      if (!element) return;
      element.setAttribute("aria-current", "true");
      const { offsetTop: top, offsetHeight: height } = element;
      if (top < box.scrollTop || top + height > box.scrollTop + box.clientHeight) box.scrollTop = top;
    },
  };
}
