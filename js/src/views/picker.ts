import { signal } from "@preact/signals-core";
import { add, make, say, span } from "../dom.ts";
import { KEY } from "../relay.ts";
import { onFrame, type View } from "../view.ts";
import { createPopover, type Popover } from "./popover.ts";

/** The height of a line, in pixels, and how many are on screen. */
const LINE = 22;
const MOST = 12;
/** Browsers lose track of taller things; past it a pixel of the scroll bar is more than a pixel of the list. */
const TALLEST = 8_000_000;
/** Milliseconds without a key before a search begins. */
const REST = 150;

/** A native list; one choice is no choice and reads as text. */
export function createSelect(parent: Element, name: string, words: string[], pick: (index: number) => void) {
  const choice = add(parent, make("select", "lw-select", { "aria-label": name }));
  for (const [i, text] of words.entries()) say(add(choice, make("option", "", { value: String(i) })), text);
  choice.addEventListener("change", () => pick(Number(choice.value)));
  choice.disabled = words.length < 2;
  return choice;
}

/** What a list shows. Its functions may read signals: the list is painted again when they change. */
export interface Lines {
  total(): number;
  /** The line to begin at. */
  start(): number;
  /** Writes a line into `row` and says whether it is the selected one. */
  fill(row: HTMLElement, index: number): boolean;
  pick(index: number): void;
  search(text: string): void;
  /** These are on screen now. */
  seen?(first: number, last: number): void;
  /** What stands there instead of lines, or empty. */
  note(): string;
}

export interface Finder {
  popover: Popover;
  /** Between the field and the list. */
  tools: HTMLElement;
  /** Back to the first line: these are other lines now. */
  reset(): void;
}

/** A list that opens at `button`, with a field to search it; only the lines on screen exist, however many there are. */
export function createFinder(view: View, button: HTMLElement, name: string, lines: Lines): Finder {
  const popover = createPopover(view, button, `pick a ${name}`);
  const { panel } = popover;
  panel.classList.add("lw-finder");
  const id = `${view.id}-${name}s`;
  const field = add(panel, make("input", "lw-search", { type: "text", role: "combobox", placeholder: "search" }));
  const about = { "aria-label": `search ${name}s`, "aria-expanded": "true", "aria-controls": id, autocomplete: "off" };
  for (const [key, value] of Object.entries({ ...about, "aria-autocomplete": "list", spellcheck: "false" }))
    field.setAttribute(key, value);
  const tools = add(panel, make("div", "lw-finder-tools"));
  const list = add(panel, make("div", "lw-list", { role: "listbox", id, "aria-label": `${name}s`, tabindex: "-1" }));
  const spacer = add(list, make("div", "", { role: "presentation" }));
  const rows = add(spacer, make("div", "lw-lines", { role: "presentation" }));
  const note = add(panel, make("div", "lw-quiet lw-note", { role: "status" }));
  const [active, scrolled] = [signal(0), signal(0)];
  /** Bring the active line into view when its list is painted. */
  let reveal = false;

  const paint = () => {
    if (!popover.isOpen.value) return;
    const total = lines.total();
    const visible = Math.min(MOST, total);
    const tall = Math.min(total * LINE, TALLEST);
    const travel = tall - visible * LINE;
    spacer.style.height = `${tall}px`;
    list.style.height = rows.style.height = `${visible * LINE}px`;
    const now = Math.min(active.value, Math.max(0, total - 1));
    let first = travel > 0 ? Math.round((scrolled.value / travel) * (total - visible)) : 0;
    first = Math.max(0, Math.min(first, total - visible));
    if (reveal && (now < first || now >= first + visible)) {
      first = now < first ? now : now - visible + 1;
      list.scrollTop = (first / (total - visible)) * travel;
      scrolled.value = list.scrollTop;
    }
    reveal = false;
    lines.seen?.(first, Math.max(first, first + visible - 1));
    while (rows.childElementCount > visible) rows.lastElementChild?.remove();
    while (rows.childElementCount < visible) add(rows, make("div", "lw-line", { role: "option" }));
    for (const [i, row] of [...rows.children].entries()) {
      const index = first + i;
      row.id = `${id}-${index}`;
      row.setAttribute("aria-setsize", String(total));
      row.setAttribute("aria-posinset", String(index + 1));
      row.classList.toggle("lw-active", index === now);
      row.setAttribute("aria-selected", String(lines.fill(row as HTMLElement, index)));
    }
    if (total) field.setAttribute("aria-activedescendant", `${id}-${now}`);
    else field.removeAttribute("aria-activedescendant");
    say(note, lines.note());
    note.hidden = !note.textContent;
  };
  onFrame(view, paint);

  const go = (to: number) => {
    reveal = true;
    active.value = Math.max(0, Math.min(to, lines.total() - 1));
  };
  const choose = (index: number) => {
    if (index < lines.total()) lines.pick(index);
    popover.close();
  };
  const options = { signal: view.stop };
  button.addEventListener(
    "click",
    () => {
      if (popover.isOpen.peek()) return popover.close();
      go(lines.start());
      popover.open(field, paint);
      field.select();
    },
    options,
  );
  list.addEventListener("scroll", () => {
    scrolled.value = list.scrollTop;
  });
  // The field keeps the focus, but the scroll bar its own presses.
  list.addEventListener("mousedown", (event) => event.target !== list && event.preventDefault());
  list.addEventListener("click", (event) => {
    const row = (event.target as Element).closest(".lw-line");
    if (row) choose(Number(row.getAttribute("aria-posinset")) - 1);
  });
  field.addEventListener(KEY, (event) => {
    if (event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: MOST, PageUp: -MOST }[event.key];
    if (by) go(active.peek() + by);
    else if (event.key === "Enter") choose(active.peek());
    else return;
    event.preventDefault();
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      lines.search(field.value);
      reset();
    }, REST);
  });
  view.stop.addEventListener("abort", () => clearTimeout(timer));
  function reset(): void {
    reveal = true;
    active.value = 0;
    list.scrollTop = scrolled.value = 0;
  }
  return { popover, tools, reset };
}

/** A button that reads as what is picked. */
export function createOpener(parent: Element, name: string): { button: HTMLButtonElement; words(text: string): void } {
  const button = add(parent, make("button", "lw-opener", { type: "button" }));
  const text = span(button, "lw-ellipsis");
  return {
    button,
    words(picked) {
      say(text, picked);
      button.title = picked;
      button.setAttribute("aria-label", `${name}: ${picked}`);
    },
  };
}
