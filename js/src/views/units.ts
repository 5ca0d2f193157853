import { togglePin } from "../actions.ts";
import { add, make, say } from "../dom.ts";
import { select } from "../store.ts";
import { onFrame, type View } from "../view.ts";
import type { Room } from "./room.ts";

/** Below this a label is higher than its row. */
const READABLE = 10;
/** As high as the style sheet says a label is. */
const LABEL = 14;

/** The labels of the map's rows: a list in which one unit is selected. Only what is on screen exists. */
export function unitList(view: View, parent: Element, room: Room): HTMLElement {
  const { store } = view;
  const list = add(
    parent,
    make("div", "lw-gutter lw-units", { role: "listbox", tabindex: "0", "aria-label": "units" }),
  );
  const options: HTMLDivElement[] = [];
  const unitOf = (event: MouseEvent) => room.at(event.clientY - list.getBoundingClientRect().top)?.unit;

  list.addEventListener(
    "click",
    (event) => {
      const unit = unitOf(event);
      if (unit === undefined) return;
      if (event.shiftKey) togglePin(store, unit);
      else select(store, { unit });
    },
    { signal: view.stop },
  );
  list.addEventListener(
    "pointermove",
    (event) => {
      const unit = unitOf(event);
      view.hover.value = unit === undefined ? null : { unit, timestep: store.timestep.peek() };
    },
    { signal: view.stop },
  );
  list.addEventListener(
    "pointerleave",
    () => {
      view.hover.value = null;
    },
    { signal: view.stop },
  );

  onFrame(view, () => {
    const { height, visible } = room.rows.value;
    const order = store.order.value;
    const pinned = store.pinned.value;
    const selected = store.unit.value;
    const hovered = view.hover.value?.unit;
    while (options.length < visible) options.push(add(list, make("div", "lw-unit", { role: "option" })));
    while (options.length > visible) options.pop()?.remove();
    let active = "";
    // Low rows: every second or third label, and room round the selected unit's.
    const every = Math.ceil(READABLE / height);
    const chosen = order.indexOf(selected) - room.first.value;
    for (const [row, option] of options.entries()) {
      const unit = order[room.first.value + row] ?? -1;
      const isPinned = pinned.includes(unit);
      option.id = `${view.id}-unit-${unit}`;
      const top = row * height + (height - LABEL) / 2;
      // A label higher than its row would leave the map at the first and last.
      const inside = Math.min(Math.max(top, 0), Math.max(0, visible * height - LABEL));
      option.style.top = `${height < READABLE ? inside : top}px`;
      say(option, isPinned ? `\u25c6 ${unit}` : String(unit));
      option.setAttribute("aria-selected", String(unit === selected));
      option.setAttribute("aria-label", isPinned ? `unit ${unit}, pinned` : `unit ${unit}`);
      option.title = `unit ${unit}; Shift and press: ${isPinned ? "take off" : "pin"}`;
      option.classList.toggle("lw-hovered", unit === hovered);
      option.classList.toggle("lw-pinned", isPinned);
      const near = row !== chosen && Math.abs(row - chosen) * height < READABLE;
      option.classList.toggle("lw-unreadable", near || (row !== chosen && row % every > 0));
      if (unit === selected) active = option.id;
    }
    if (active) list.setAttribute("aria-activedescendant", active);
    else list.removeAttribute("aria-activedescendant");
  });
  return list;
}
