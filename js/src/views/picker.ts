import { add, make, say, span } from "../dom.ts";

/** A list longer than this is not read but typed into. */
const LONGEST = 200;

export interface Picker {
  show(chosen: number, words: (index: number) => string): void;
}

/** A select, or a number field where there are too many to list. */
export function createPicker(parent: Element, name: string, count: number, pick: (index: number) => void): Picker {
  const label = add(parent, make("label", "lw-picker"));
  span(label, "lw-quiet", name);
  return count <= LONGEST ? list(label, name, count, pick) : field(label, name, count, pick);
}

function list(label: Element, name: string, count: number, pick: (index: number) => void): Picker {
  const choice = add(label, make("select", "lw-select", { "aria-label": name }));
  const options = Array.from({ length: count }, (_, i) => add(choice, make("option", "", { value: String(i) })));
  choice.addEventListener("change", () => pick(Number(choice.value)));
  // One choice is no choice: it reads as text.
  choice.disabled = count < 2;
  return {
    show(chosen, words) {
      for (const [i, option] of options.entries()) say(option, words(i));
      choice.value = String(chosen);
      choice.title = words(chosen);
    },
  };
}

function field(label: Element, name: string, count: number, pick: (index: number) => void): Picker {
  const limits = { min: "0", max: String(count - 1), step: "1" };
  const input = add(label, make("input", "lw-number", { type: "number", "aria-label": name, ...limits }));
  const words = span(label, "lw-sample-label");
  const of = span(label, "lw-quiet", `of ${count}`);
  label.insertBefore(of, words);
  input.addEventListener("change", () => {
    const index = Math.trunc(Number(input.value));
    if (input.value !== "" && Number.isFinite(index)) pick(Math.min(Math.max(index, 0), count - 1));
  });
  return {
    show(chosen, wordsOf) {
      // Not under the hands of somebody who types.
      const root = input.getRootNode() as Document | ShadowRoot;
      if (root.activeElement !== input || Number(input.value) !== chosen) input.value = String(chosen);
      say(words, wordsOf(chosen).replace(/^\d+ ?/, ""));
    },
  };
}
