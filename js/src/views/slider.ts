import { goTo, goToEnd, step } from "../actions.ts";
import { timeWords } from "../data/names.ts";
import { reader } from "../data/tiles.ts";
import { add, icon, make } from "../dom.ts";
import { onFrame, type View } from "../view.ts";
import { timeAxis } from "./labels.ts";
import { paddingNote } from "./padding.ts";
import { valueWords } from "./words.ts";

export const THUMB = 12;
export const ICONS = {
  first: "M3 3h2v10H3zM13 3v10L6 8z",
  previous: "M11 3v10L4 8z",
  play: "M4 2.5v11L13 8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  next: "M5 3v10l7-5z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
};

/** Play, previous, next, and a slider whose thumb stands exactly under the crosshair. */
export function slider(view: View, parent: Element): void {
  const { store } = view;
  const row = add(parent, make("div", "lw-row lw-time"));
  const gutter = add(row, make("div", "lw-gutter lw-transport", { role: "group", "aria-label": "time" }));
  const button = (label: string, path: string, act: () => void) => {
    const element = add(gutter, make("button", "lw-button", { type: "button", "aria-label": label, title: label }));
    element.append(icon(path));
    element.addEventListener("click", act, { signal: view.stop });
    return element;
  };
  button("first timestep", ICONS.first, () => goToEnd(store, "first"));
  button("previous timestep", ICONS.previous, () => step(store, -1));
  const play = button("play", ICONS.play, () => {
    view.playing.value = !view.playing.peek();
  });
  button("next timestep", ICONS.next, () => step(store, 1));
  button("last timestep", ICONS.last, () => goToEnd(store, "last"));
  onFrame(view, () => {
    const label = view.playing.value ? "pause" : "play";
    play.setAttribute("aria-label", label);
    play.title = `${label} (space)`;
    play.replaceChildren(icon(ICONS[label]));
  });

  const box = add(row, make("div", "lw-plot lw-slider"));
  const range = add(box, make("input", "lw-range", { type: "range", step: "1", "aria-label": "timestep" }));
  range.addEventListener(
    "input",
    () => {
      view.playing.value = false;
      goTo(store, Number(range.value));
    },
    { signal: view.stop },
  );
  onFrame(view, () => {
    view.loader.version.value;
    const [start, stop] = store.zoom.value;
    const column = view.width.value / (stop - start);
    // A native thumb runs from half its own width to the same from the other end: move the ends to the outer timesteps.
    range.style.left = `${column / 2 - THUMB / 2}px`;
    range.style.width = `${view.width.value - column + THUMB}px`;
    range.min = String(start);
    range.max = String(stop - 1);
    range.value = String(store.timestep.value);
    range.setAttribute("aria-valuetext", whereWords(view));
  });
  timeAxis(view, parent);
  paddingNote(view, parent);
}

/** Time, its label, and what the map's quantity is there. */
function whereWords({ store, loader }: View): string {
  const shown = store.shown.value;
  if (!shown) return "";
  const { scene } = shown;
  const [t, unit, quantity] = [store.timestep.value, store.unit.value, store.quantity.value];
  const value = valueWords(reader(loader, shown, unit, t)(quantity, t), scene, t);
  const label = store.catalogue.quantities[quantity]?.label ?? quantity;
  return `${timeWords(loader, scene, t)}, ${label} ${value}, of ${scene.timesteps}`;
}
