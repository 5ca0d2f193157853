import { zoomTo } from "../actions.ts";
import { middle, ticks } from "../axis.ts";
import { labelOf, labelWindows, timeWords } from "../data/names.ts";
import { add, make, say, span } from "../dom.ts";
import { onFrame, type View } from "../view.ts";
import { goToField } from "./goto.ts";

/** Between two labels, and from one to the next where all are short. */
const GAP = 12;
const APART = 64;
/** Longer labels end in dots. */
const WIDEST = 220;
const MOST = 124;

/** Labels under the slider; the selected timestep's own, in bold, takes the place of those that it would cover. */
export function timeAxis(view: View, parent: Element): void {
  const row = add(parent, make("div", "lw-row lw-axis"));
  windowButton(view, add(row, make("div", "lw-gutter")));
  const box = add(row, make("div", "lw-plot lw-labels"));
  const marks = add(box, make("div", "", { "aria-hidden": "true" }));
  const open = goToField(view, box);
  const current = add(box, make("button", "lw-label lw-now", { type: "button", dir: "auto" }));
  current.title = "type an index or a label (key t)";
  current.addEventListener("click", open, { signal: view.stop });
  const widthOf = ruler(view, box);

  onFrame(view, () => {
    const { store, loader } = view;
    loader.version.value;
    const scene = store.shown.value?.scene;
    if (!scene) return;
    const [zoom, width, now] = [store.zoom.value, view.width.value, store.timestep.value];
    const words = timeWords(loader, scene, now);
    const reach = Math.min(WIDEST, widthOf(words, true)) / 2;
    // The outermost stay inside the plot.
    const inside = (x: number, half: number) => Math.max(half, Math.min(width - half, x));
    const here = inside(middle(now, zoom, width), reach);
    current.hidden = now < zoom[0] || now >= zoom[1];
    say(current, words);
    current.style.left = `${here}px`;

    const close = ticks(zoom, width, APART);
    loader.want(`${view.id} labels`, labelWindows(scene, [now, ...close]));
    const longest = Math.max(...close.map((t) => widthOf(labelOf(loader, scene, t))), 0);
    const apart = Math.min(MOST, Math.max(APART, longest + GAP));
    let end = -GAP;
    let used = 0;
    for (const t of ticks(zoom, width, apart)) {
      const text = labelOf(loader, scene, t);
      const half = Math.min(apart - GAP, widthOf(text)) / 2;
      const x = inside(middle(t, zoom, width), half);
      const isCovered = !current.hidden && Math.abs(x - here) < half + reach + GAP;
      if (isCovered || x - half < end + GAP) continue;
      end = x + half;
      const mark = (marks.children[used++] as HTMLElement | undefined) ?? span(marks, "lw-label");
      mark.dir = "auto";
      say(mark, text);
      mark.style.maxWidth = `${apart - GAP}px`;
      mark.style.left = `${x}px`;
    }
    while (marks.childElementCount > used) marks.lastElementChild?.remove();
  });
}

/** From the whole to the unmasked steps and back. */
function windowButton(view: View, gutter: Element): void {
  const { store } = view;
  const button = add(gutter, make("button", "lw-text-button", { type: "button" }));
  const isFull = (timesteps: number, [start, stop]: [number, number]) => start === 0 && stop === timesteps;
  button.addEventListener(
    "click",
    () => {
      const scene = store.shown.peek()?.scene;
      if (!scene) return;
      zoomTo(store, isFull(scene.timesteps, store.zoom.peek()) ? scene.unmasked : [0, scene.timesteps]);
    },
    { signal: view.stop },
  );
  onFrame(view, () => {
    const scene = store.shown.value?.scene;
    if (!scene) return;
    const { timesteps, unmasked } = scene;
    const full = isFull(timesteps, store.zoom.value);
    button.hidden = full && (isFull(timesteps, unmasked) || unmasked[1] <= unmasked[0]);
    say(button, full ? "show unmasked" : "show all");
    button.title = full
      ? `zoom to the unmasked steps, ${unmasked[0]} to ${unmasked[1] - 1}`
      : `all ${timesteps} timesteps (key 0)`;
  });
}

/** How wide a text is in the widget's font: labels may hold anything, so counting letters will not do. */
function ruler(view: View, box: Element): (text: string, strong?: boolean) => number {
  const context = document.createElement("canvas").getContext("2d");
  return (text, strong = false) => {
    if (!context) return 0;
    // Fonts come with the theme, and only once the host has attached us.
    view.theme.value;
    context.font = `${strong ? 600 : 400} 12px ${getComputedStyle(box).fontFamily}`;
    return Math.ceil(context.measureText(text.slice(0, 99)).width) + 1;
  };
}
