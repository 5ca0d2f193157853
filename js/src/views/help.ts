import { add, make, span } from "../dom.ts";
import { KEY } from "../relay.ts";
import { addKey, type View } from "../view.ts";
import { createPopover } from "./popover.ts";

const SIGNS: Record<string, string> = {
  ArrowLeft: "\u2190",
  ArrowRight: "\u2192",
  ArrowUp: "\u2191",
  ArrowDown: "\u2193",
  " ": "space",
};

const GESTURES: [gesture: string, words: string][] = [
  ["press, drag", "the timestep under the pointer; on the map its unit, too"],
  ["double click", "leaves a zoom"],
  ["Shift + drag", "a range of time, to ask what is special in it"],
  ["drag the overview", "moves and sizes the window, where a sequence is long"],
  ["drag in the scatter", "a lasso picks units"],
];

function sign(key: string): string {
  return key
    .split(/(?<=.)\+(?=.)/)
    .map((part) => SIGNS[part] ?? part)
    .join(" + ");
}

/** Keys with the same words share a line; so do the digits, as a range. */
export function keyLines(keys: View["keys"]): [keys: string[], words: string][] {
  const lines = new Map<string, string[]>();
  for (const [key, { words }] of keys) lines.set(words, [...(lines.get(words) ?? []), sign(key)]);
  return [...lines].map(([words, names]) => {
    const isRange = names.length > 2 && names.every((name) => /^\d$/.test(name));
    return [isRange ? [`${names[0]} \u2013 ${names.at(-1)}`] : names, words];
  });
}

/** `?` lists all keys and gestures. */
export function help(view: View, parent: Element): void {
  const button = add(parent, make("button", "lw-button lw-help-button", { type: "button", title: "keys (?)" }));
  button.textContent = "?";
  button.setAttribute("aria-label", "keys");
  const popover = createPopover(view, button, "keys and gestures", true);
  const { panel } = popover;
  panel.classList.add("lw-help");

  const open = () => {
    panel.replaceChildren();
    const head = add(panel, make("div", "lw-help-head"));
    span(head, "lw-strong", "keys");
    const close = add(head, make("button", "lw-text-button", { type: "button" }));
    close.textContent = "close";
    close.addEventListener("click", popover.close);
    const exist = new Map([...view.keys].filter(([, key]) => key.when()));
    const gestures = GESTURES.map(([gesture, words]): [string[], string] => [[gesture], words]);
    list(panel, "kbd", [...keyLines(exist), [["Esc"], "leaves the widget; closes what is open"]]);
    span(panel, "lw-strong", "pointer");
    list(panel, "span", gestures);
    popover.open(close);
  };
  button.addEventListener("click", () => (popover.isOpen.peek() ? popover.close() : open()), { signal: view.stop });
  panel.addEventListener(KEY, (event) => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    popover.close();
  });
  addKey(view, "?", "this list", open);
}

function list(parent: Element, tag: "kbd" | "span", lines: [string[], string][]): void {
  const table = add(parent, make("dl", "lw-keys"));
  for (const [names, words] of lines) {
    const line = add(table, make("div", "lw-key-line"));
    const term = add(line, make("dt"));
    for (const name of names) add(term, make(tag, "lw-key")).textContent = name;
    add(line, make("dd")).textContent = words;
  }
}
