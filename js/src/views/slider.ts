import { goTo, goToEnd, step, zoomTo } from "../actions.ts";
import { middle, ticks } from "../axis.ts";
import { labelOf, labelWindows, timeWords } from "../data/names.ts";
import { add, icon, make, say, span } from "../dom.ts";
import { onFrame, type View } from "../view.ts";

const THUMB = 12;
/** About as wide as a letter; only used to keep labels apart and inside. */
const LETTER = 6.6;
const ICONS = {
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
    const scene = store.shown.value?.scene;
    const column = view.width.value / (stop - start);
    // A native thumb runs from half its own width to the same from the other end: move the ends to the outer timesteps.
    range.style.left = `${column / 2 - THUMB / 2}px`;
    range.style.width = `${view.width.value - column + THUMB}px`;
    range.min = String(start);
    range.max = String(stop - 1);
    range.value = String(store.timestep.value);
    if (scene) {
      const words = `${timeWords(view.loader, scene, store.timestep.value)} of ${scene.timesteps}`;
      range.setAttribute("aria-valuetext", words);
    }
  });
  timeAxis(view, parent);
}

/** Labels under the slider; the selected timestep's own, in bold, takes the place of those that it would cover. */
function timeAxis(view: View, parent: Element): void {
  const { store, loader } = view;
  const row = add(parent, make("div", "lw-row lw-axis"));
  const gutter = add(row, make("div", "lw-gutter"));
  const window = add(gutter, make("button", "lw-text-button", { type: "button" }));
  const box = add(row, make("div", "lw-plot lw-labels", { "aria-hidden": "true" }));
  const marks: HTMLSpanElement[] = [];

  window.addEventListener(
    "click",
    () => {
      const scene = store.shown.peek()?.scene;
      if (!scene) return;
      const [start, stop] = store.zoom.peek();
      const full = start === 0 && stop === scene.timesteps;
      zoomTo(store, full ? scene.unmasked : [0, scene.timesteps]);
    },
    { signal: view.stop },
  );

  onFrame(view, () => {
    loader.version.value;
    const scene = store.shown.value?.scene;
    if (!scene) return;
    const zoom = store.zoom.value;
    const width = view.width.value;
    const now = store.timestep.value;
    const full = zoom[0] === 0 && zoom[1] === scene.timesteps;
    const [first, past] = scene.unmasked;
    window.hidden = full && ((first === 0 && past === scene.timesteps) || past <= first);
    say(window, full ? "show unmasked" : "show all");
    window.title = full ? `zoom to the unmasked steps, ${first} to ${past - 1}` : `all ${scene.timesteps} timesteps`;

    const shown = ticks(zoom, width, 64);
    loader.want(`${view.id} labels`, labelWindows(scene, [now, ...shown]));
    const current = timeWords(loader, scene, now);
    const half = (LETTER * current.length) / 2 + 22;
    const visible = now >= zoom[0] && now < zoom[1];
    const here = middle(now, zoom, width);
    const labels = shown
      .map((t) => ({ x: middle(t, zoom, width), text: labelOf(loader, scene, t), strong: false }))
      .filter(({ x }) => !visible || Math.abs(x - here) > half);
    if (visible) labels.push({ x: here, text: current, strong: true });
    while (marks.length < labels.length) marks.push(span(box, "lw-label"));
    for (const [i, mark] of marks.entries()) {
      const label = labels[i];
      mark.hidden = !label;
      if (!label) continue;
      say(mark, label.text);
      mark.classList.toggle("lw-now", label.strong);
      // The outermost stay inside the plot.
      const reach = Math.min(LETTER * label.text.length, 180) / 2;
      mark.style.left = `${Math.max(reach, Math.min(width - reach, label.x))}px`;
    }
  });
}
