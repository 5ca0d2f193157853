/** The steps of a training, with the loss above them, or the traces that one compares. */

import { effect } from "@preact/signals-core";
import { add, icon, make, say, span } from "../dom.ts";
import { KEY } from "../relay.ts";
import { select } from "../store.ts";
import { addKey, onFrame, type View } from "../view.ts";
import { stepName } from "./map/compare.ts";
import { createSegments } from "./segments.ts";
import { ICONS, THUMB } from "./slider.ts";
import { curve } from "./steps/curve.ts";
import { logWords } from "./steps/logs.ts";
import { marksAt } from "./steps/marks.ts";

/** Milliseconds a step; a step that is not here yet is waited for. */
const PACE = 160;
const CALM = 500;
/** So many can stand side by side; more are in a list. */
const FEW = 8;

export function steps(view: View, parent: Element): void {
  const { store } = view;
  const box = add(parent, make("div", "lw-steps", { role: "group", "aria-label": "training step" }));
  onFrame(view, () => {
    box.hidden = store.steps.value.numbers.length < 2;
  });
  const isThere = () => store.steps.peek().numbers.length > 1;
  addKey(view, "<", "one step of the training", () => move(view, -1), isThere);
  addKey(view, ">", "one step of the training", () => move(view, 1), isThere);
  addKey(view, "C", "compare with this step, stop comparing", () => hold(view), isThere);
  if (Object.keys(store.steps.peek().logs).length) training(view, box);
  else choice(view, box);
}

function move({ store }: View, by: number): void {
  const last = store.steps.peek().numbers.length - 1;
  select(store, { step: Math.min(Math.max(store.step.peek() + by, 0), last) });
}

/** What is on screen stays beside all that one scrubs to. */
function hold({ store }: View): void {
  const is = store.selected.compared_step.peek() !== null;
  select(store, is ? { compared_step: null, comparison: "a" } : { compared_step: store.step.peek() });
}

/** Traces by their names. */
function choice(view: View, parent: Element): void {
  const { store } = view;
  const row = add(parent, make("div", "lw-row lw-step-row"));
  span(add(row, make("div", "lw-gutter")), "lw-quiet", "trace");
  const plot = add(row, make("div", "lw-plot lw-traces"));
  const { names } = store.steps.peek();
  const show = names.length > FEW ? list(view, plot, names) : segments(view, plot, names);
  const beside = span(plot, "lw-quiet lw-ellipsis");
  onFrame(view, () => {
    show(String(store.step.value));
    const other = store.selected.compared_step.value;
    say(beside, other === null || other === store.step.value ? "" : `beside ${names[other] ?? ""}, dashed`);
    beside.title = beside.textContent ?? "";
  });
}

function segments(view: View, parent: Element, names: string[]): (chosen: string) => void {
  const places = names.map((_, place) => String(place));
  const show = createSegments(parent, "trace", places, (place) => pick(view, Number(place)));
  const words = Object.fromEntries(names.map((name, place) => [place, [name, name] as [string, string]]));
  return (chosen) => show(chosen, words);
}

function list(view: View, parent: Element, names: string[]): (chosen: string) => void {
  const choices = add(parent, make("select", "lw-select", { "aria-label": "trace" }));
  for (const [place, name] of names.entries())
    add(choices, make("option", "", { value: String(place) })).textContent = name;
  choices.addEventListener("change", () => pick(view, Number(choices.value)), { signal: view.stop });
  return (chosen) => {
    choices.value = chosen;
  };
}

/** Of two that are compared, who picks the other turns them round. */
function pick({ store }: View, step: number): void {
  const turned = store.selected.compared_step.peek() === step && store.steps.peek().numbers.length === 2;
  select(store, turned ? { step, compared_step: store.step.peek() } : { step });
}

function training(view: View, parent: Element): void {
  const { store } = view;
  const above = add(parent, make("div", "lw-row"));
  const names = add(above, make("div", "lw-gutter lw-input-name"));
  const where = span(names, "lw-ellipsis lw-step-name");
  const logs = span(names, "lw-quiet lw-ellipsis");
  curve(view, above);

  const row = add(parent, make("div", "lw-row lw-step-row"));
  const gutter = add(row, make("div", "lw-gutter lw-transport"));
  const button = (label: string, path: string, act: () => void) => {
    const element = add(gutter, make("button", "lw-button", { type: "button", "aria-label": label, title: label }));
    element.append(icon(path));
    element.addEventListener("click", act, { signal: view.stop });
    return element;
  };
  button("previous step (<)", ICONS.previous, () => move(view, -1));
  const play = button("play the training", ICONS.play, () => {
    view.training.value = !view.training.peek();
  });
  button("next step (>)", ICONS.next, () => move(view, 1));
  const compare = add(gutter, make("button", "lw-text-button", { type: "button" }));
  compare.textContent = "compare";
  compare.addEventListener("click", () => hold(view), { signal: view.stop });
  const plot = add(row, make("div", "lw-plot lw-slider"));
  const range = add(plot, make("input", "lw-range", { type: "range", step: "1", min: "0", "aria-label": "step" }));
  range.addEventListener(
    "input",
    () => {
      view.training.value = false;
      select(store, { step: Number(range.value) });
    },
    { signal: view.stop },
  );
  // On this slider the arrows move through the training, not through the sequence.
  range.addEventListener(
    KEY,
    (event) => {
      const far = store.steps.peek().numbers.length;
      const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -far, End: far }[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      move(view, by);
    },
    { signal: view.stop },
  );

  onFrame(view, () => {
    const all = store.steps.value;
    const [at, count] = [store.step.value, all.numbers.length];
    const column = view.width.value / count;
    range.style.left = `${column / 2 - THUMB / 2}px`;
    range.style.width = `${view.width.value - column + THUMB}px`;
    range.max = String(count - 1);
    range.value = String(at);
    const words = logWords(all, at);
    const marks = marksAt(store, all.numbers[at] ?? 0);
    range.setAttribute("aria-valuetext", [all.names[at], words, marks].filter(Boolean).join(", "));
    const thinned = all.total > count ? `; ${count} of ${all.total} steps are shown` : "";
    say(where, all.names[at] ?? "");
    where.title = all.names[at] ?? "";
    say(logs, marks || words.replace("val_loss", "val"));
    logs.title = [words, marks].filter(Boolean).join("; ") + thinned;
    logs.toggleAttribute("data-lw-marked", Boolean(marks));
    const other = store.selected.compared_step.value;
    const held = other === null ? "" : stepName(store, all.numbers[other] ?? -1);
    compare.setAttribute("aria-pressed", String(Boolean(held)));
    compare.title = held ? `stop comparing with ${held} (C)` : "compare all that follows with this step (C)";
    const label = view.training.value ? "pause" : "play the training";
    play.setAttribute("aria-label", label);
    play.title = label;
    play.replaceChildren(icon(view.training.value ? ICONS.pause : ICONS.play));
  });
  attachPlay(view);
}

/** From the first step, or from where one is, to the last. */
function attachPlay(view: View): void {
  const { store } = view;
  const dispose = effect(() => {
    if (!view.training.value) return;
    view.playing.value = false;
    const last = () => store.steps.peek().numbers.length - 1;
    if (store.step.peek() === last()) select(store, { step: 0 });
    const pace = matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM : PACE;
    const timer = setInterval(() => {
      const at = store.step.peek();
      if (store.shown.peek()?.scene.step !== store.placeOf(at).step) return;
      if (at === last()) view.training.value = false;
      else select(store, { step: at + 1 });
    }, pace);
    return () => clearInterval(timer);
  });
  const yieldTo = effect(() => {
    if (view.playing.value) view.training.value = false;
  });
  view.stop.addEventListener("abort", () => {
    dispose();
    yieldTo();
  });
}
