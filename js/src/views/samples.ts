import { computed, signal } from "@preact/signals-core";
import { sampleLine, samplesBody } from "../data/names.ts";
import type { Body } from "../data/requests.ts";
import { add, icon, make, say, span } from "../dom.ts";
import { number } from "../format.ts";
import type { SampleLine, SamplesAnswer, SamplesRequest } from "../protocol.ts";
import { select } from "../store.ts";
import { onFrame, type View } from "../view.ts";
import { createFinder, createOpener } from "./picker.ts";
import { createSegments } from "./segments.ts";

const WINDOW = 256;
const AMONG = ["all", "wrong", "right"] as const;
const BY = ["index", "loss"] as const;
const PREVIOUS = "M10 4v8L5 8z";
const NEXT = "M6 4v8l5-4z";

/** A list of samples: which, and in what order. */
type Query = Pick<SamplesRequest, "layer" | "step" | "text" | "among" | "by">;

/** Number and label, neither of them twice: the picker already says "sample", and many labels say the number. */
function sampleWords(sample: number, label: string): string {
  // An exported page that holds some samples of many counts them anew, and keeps their names.
  if (/^sample \d+$/.test(label)) return label.slice(7);
  const rest = label.replace(/^sample /i, "");
  return rest.split(/\W+/).includes(String(sample)) ? rest : `${sample} ${rest}`.trim();
}

/** What the kernel has said about a list of samples so far. */
function reading({ loader, store }: View) {
  const bodyOf = (query: Query, index: number): Body => {
    const start = Math.floor(index / WINDOW) * WINDOW;
    return { kind: "samples", ...query, start, stop: Math.min(start + WINDOW, store.samples.value) };
  };
  const answerOf = (query: Query, index: number) => loader.get(bodyOf(query, index)) as SamplesAnswer | undefined;
  return {
    bodyOf,
    answerOf,
    lineOf(query: Query, index: number): SampleLine | undefined {
      const answer = index < 0 ? undefined : answerOf(query, index);
      return answer?.samples[index - answer.start];
    },
  };
}

/** The sample, the ones before and after it, and a list of all to pick from. */
export function samplePicker(view: View, parent: Element): void {
  const { loader, store } = view;
  const { selected } = store;
  const box = add(parent, make("span", "lw-samples"));
  const text = signal("");
  const by = signal<Query["by"]>("index");
  const wanted = computed<Query>(() => {
    const step = store.steps.value.numbers[store.step.value] ?? 0;
    return { layer: selected.layer.value, step, text: text.value, among: selected.among.value, by: by.value };
  });
  const { bodyOf, answerOf, lineOf } = reading(view);
  /** The last list that has come: it stays until there is an answer about the one that is wanted. */
  let shown = wanted.peek();
  /** Where in which list the sample was picked: previous and next follow that list. */
  let place = { query: shown, index: -1 };

  const arrow = (words: string, path: string, step: number) => {
    const button = add(box, make("button", "lw-button", { type: "button", "aria-label": words, title: words }));
    button.append(icon(path));
    button.addEventListener("click", () => go(step), { signal: view.stop });
    return button;
  };
  const arrows = [arrow("previous sample", PREVIOUS, -1)];
  const { button: opener, words } = createOpener(box, "sample");
  const only = span(box, "lw-ellipsis");
  arrows.push(arrow("next sample", NEXT, 1));

  function go(step: number): void {
    const { query, index } = place;
    const now = selected.sample.peek();
    if (lineOf(query, index)?.sample === now) {
      const next = lineOf(query, index + step);
      if (!next) return;
      place = { query, index: index + step };
      select(store, { sample: next.sample });
    } else select(store, { sample: Math.max(0, Math.min(now + step, store.samples.peek() - 1)) });
  }

  const finder = createFinder(view, opener, "sample", {
    total: () => {
      loader.version.value;
      if (answerOf(wanted.value, 0) || loader.refusal(bodyOf(wanted.value, 0))) shown = wanted.value;
      return loader.refusal(bodyOf(shown, 0)) ? 0 : (answerOf(shown, 0)?.total ?? store.samples.value);
    },
    start() {
      const plain = !text.peek() && by.peek() === "index" && selected.among.peek() === "all";
      const now = selected.sample.peek();
      return plain ? now : lineOf(place.query, place.index)?.sample === now ? place.index : 0;
    },
    fill(row, index) {
      const line = lineOf(shown, index);
      fillLine(row, line);
      return line?.sample === selected.sample.value;
    },
    pick(index) {
      const line = lineOf(shown, index);
      if (!line) return;
      place = { query: shown, index };
      select(store, { sample: line.sample });
    },
    search(typed) {
      text.value = typed.trim();
    },
    seen(first, last) {
      loader.want(`${view.id} finder`, [bodyOf(wanted.value, 0), bodyOf(shown, first), bodyOf(shown, last)]);
    },
    note: () => loader.refusal(bodyOf(shown, 0)) || (answerOf(shown, 0)?.total === 0 ? "no such sample" : ""),
  });
  const among = createSegments(finder.tools, "which samples", AMONG, (value) => {
    select(store, { among: value });
    finder.reset();
  });
  const order = createSegments(finder.tools, "their order", BY, (value) => {
    by.value = value;
    finder.reset();
  });

  onFrame(view, () => {
    loader.version.value;
    among(selected.among.value, { all: ["all"], wrong: ["wrong"], right: ["right"] });
    order(by.value, { index: ["by index"], loss: ["by loss"] });
    const [layer, samples] = [selected.layer.value, store.samples.value];
    const chosen = Math.min(selected.sample.value, samples - 1);
    const near = [place.index - 1, place.index, place.index + 1].filter((index) => index >= 0);
    const bodies = [samplesBody(store, layer, chosen), ...near.map((index) => bodyOf(place.query, index))];
    loader.want(`${view.id} samples`, samples ? bodies : []);
    const scene = store.shown.value?.scene;
    const title = scene?.sample === chosen ? scene.title : "";
    const picked = sampleWords(chosen, sampleLine(loader, store, layer, chosen)?.label ?? title);
    // A name speaks for itself, a number does not.
    const said = /^\d+$/.test(picked) ? `sample ${picked}` : picked;
    words(said);
    say(only, said);
    // One sample is no choice: it reads as text.
    only.hidden = samples > 1;
    for (const button of [opener, ...arrows]) button.hidden = samples < 2;
  });
}

/** Right or wrong, label, prediction, target, loss. */
function fillLine(row: HTMLElement, line: SampleLine | undefined): void {
  if (!row.childElementCount)
    for (const name of ["lw-mark", "lw-ellipsis", "lw-ellipsis lw-quiet", "lw-ellipsis lw-quiet", "lw-loss lw-quiet"])
      span(row, name);
  const mark = row.children[0] as HTMLElement;
  const judged = line?.wrong !== undefined;
  mark.toggleAttribute("data-lw-wrong", Boolean(line?.wrong));
  if (judged) mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", judged ? (line.wrong ? "wrong" : "right") : "");
  const texts = line
    ? [
        judged ? (line.wrong ? "\u2717" : "\u2713") : "",
        sampleWords(line.sample, line.label),
        line.prediction ?? "",
        line.target ?? "",
        line.loss === undefined ? "" : number(line.loss, 2),
      ]
    : ["", "\u2026", "", "", ""];
  for (const [i, text] of texts.entries()) say(row.children[i] as HTMLElement, text);
  row.title = line ? line.label : "";
}
