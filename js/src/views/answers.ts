/** What the model answers along time: as lines, and in words. */

import { Sheet, type Shown } from "../data/decode.ts";
import { bound, brief } from "../format.ts";
import type { Output } from "../protocol.ts";

/** Of many classes, so many faint ones are drawn. */
const MOST = 12;

/** Weight, dash and name tell lines apart; colour does not have to. */
export interface Line {
  sheet: Sheet;
  feature: string;
  look: "said" | "expected" | "other" | "beside";
  label: string;
}

/** Of one class alone the probability is a value like any other: nothing competes with it. */
export function hasClasses({ scene }: Shown): boolean {
  return Boolean(scene.output?.probabilities) && (scene.output?.series.features.length ?? 0) > 1;
}

/** One scale for all that is drawn together. */
export function limitsOf(...all: Shown[]): [low: number, high: number] {
  if (all[0]?.scene.output?.probabilities) return [0, 1];
  const known = all.flatMap(({ scene, output, expected }) => [
    ...(output?.extent() ?? []),
    ...(expected?.extent() ?? []),
    scene.output?.target ?? [],
  ]);
  return [Math.min(...known.flat()), Math.max(...known.flat())];
}

/** Those that stand out come last, over the others. */
export function linesOf(shown: Shown): Line[] {
  const { output, expected } = shown;
  if (!output) return [];
  return hasClasses(shown) ? classes(shown, output) : values(output, expected);
}

/** What is said of the same in another sample, or at another step of the training. */
export function linesBeside(lines: Line[], { output: sheet, overview }: Shown, name: string): Line[] {
  const said = lines.filter(({ look }) => look === "said");
  // Where only its name is here yet, the numbers are not its own.
  if (!sheet || !overview) return [];
  return said.map(({ feature }) => ({ sheet, feature, look: "beside", label: said.length > 1 ? "" : name }));
}

/** What the model says in the end, and what it should have said. */
function classes(shown: Shown, sheet: Sheet): Line[] {
  const names = sheet.block.quantities;
  const said = best(sheet, lastOf(shown));
  const target = shown.scene.output?.target ?? said;
  const line = (i: number, look: Line["look"], label = ""): Line => ({ sheet, feature: names[i] ?? "", look, label });
  const others = names.map((_, i) => i).filter((i) => i !== said && i !== target);
  const lines = others.slice(0, MOST).map((i) => line(i, "other"));
  if (target !== said) lines.push(line(target, "expected", `${names[target]}, expected`));
  lines.push(line(said, "said", names[said]));
  const right = shown.expected && ofExpected(sheet, shown.expected);
  return right
    ? [...lines, { sheet: right, feature: "expected", look: "expected", label: "of what was expected" }]
    : lines;
}

/** The probability that each timestep gives to the class that was expected there. */
function ofExpected(sheet: Sheet, expected: Sheet): Sheet | null {
  // A mean of classes is no class.
  if (!sheet.exact || !expected.exact) return null;
  const { start, stop } = expected.block;
  const [classes] = expected.block.quantities.map((name) => expected.row(name, 0));
  const value = (at: number, t: number) => sheet.value(sheet.block.quantities[at] ?? "", 0, t) ?? Number.NaN;
  const data = Float32Array.from(classes ?? [], (at, i) => value(at, start + i));
  return new Sheet({ quantities: ["expected"], units: [0], start, stop, stride: 1 }, data);
}

function values(sheet: Sheet, expected: Sheet | null): Line[] {
  const names = sheet.block.quantities.slice(0, MOST);
  const lines: Line[] = names.map((feature) => ({
    sheet,
    feature,
    look: "said",
    label: names.length > 1 ? feature : "",
  }));
  for (const feature of expected?.block.quantities.slice(0, MOST) ?? [])
    lines.unshift({
      sheet: expected as Sheet,
      feature,
      look: "expected",
      label: names.length > 1 ? "" : "expected",
    });
  return lines;
}

export function outputName({ kind }: Output): string {
  return kind === "so far" ? "prediction so far" : "prediction";
}

/** The class with the largest probability, as a place among the series; 0 where there are no numbers. */
function best(sheet: Sheet, timestep: number): number {
  const found = sheet.block.quantities.map((feature) => sheet.value(feature, 0, timestep) ?? Number.NaN);
  return found.reduce((top, value, i) => (value > (found[top] ?? 0) ? i : top), 0);
}

/** The last timestep that the model's answer rests on. */
export function lastOf({ scene }: Shown): number {
  return Math.max(0, scene.unmasked[1] - 1);
}

/** What was expected at a timestep; nothing of a prediction so far before its end. */
function expectedAt(shown: Shown, timestep: number, place = 0): number | undefined {
  const { scene, expected } = shown;
  if (!expected) return timestep === lastOf(shown) ? (scene.output?.target ?? undefined) : undefined;
  const value = expected.value(expected.block.quantities[place] ?? "", 0, timestep);
  const isKnown = value !== undefined && !Number.isNaN(value) && (expected.exact || !hasClasses(shown));
  return isKnown ? value : undefined;
}

/** One answer: what it is of, and what was expected of it; nothing where that is not known. */
interface Answer {
  name: string;
  said: string;
  wanted: string;
}

/** The most probable class, or the first few values. */
function answersAt(shown: Shown, timestep: number): Answer[] {
  const { output: sheet } = shown;
  if (!sheet) return [];
  const names = sheet.block.quantities;
  const places = hasClasses(shown) ? [best(sheet, timestep)] : names.slice(0, 3).keys();
  return [...places].flatMap((place) => {
    const name = names[place] ?? "";
    const value = sheet.value(name, 0, timestep) ?? Number.NaN;
    if (Number.isNaN(value)) return [];
    const expected = expectedAt(shown, timestep, hasClasses(shown) ? 0 : place);
    const right = hasClasses(shown) ? (names[expected ?? -1] ?? String(expected)) : brief(expected ?? Number.NaN);
    const wanted = expected === undefined ? "" : right === name ? "as expected" : `expected ${right}`;
    return [{ name, said: (sheet.exact ? "" : "~") + brief(value), wanted }];
  });
}

const NOTHING = "no answer here";

/** `Gun 0.93, expected Point`; `load 2.31, expected 2.50`. */
export function answerWords(shown: Shown, timestep: number): string {
  const words = answersAt(shown, timestep).map(({ name, said, wanted }) => [`${name} ${said}`, wanted]);
  return words.flat().filter(Boolean).join(", ") || NOTHING;
}

/** The same to be read one below the other: both numbers are what one compares. */
export function answerLines(shown: Shown, timestep: number): [said: string, wanted: string] {
  const answers = answersAt(shown, timestep);
  const [first] = answers;
  if (!first) return [NOTHING, ""];
  if (answers.length === 1) return [`${first.name} ${first.said}`, first.wanted];
  // Of several there is room for the numbers alone; the lines are named.
  const wanted = answers.map((answer) => answer.wanted.replace("expected ", "")).filter(Boolean);
  return [answers.map(({ said }) => said).join(", "), wanted.length ? `expected ${wanted.join(", ")}` : ""];
}

export function checkWords({ error }: Output): string {
  return error === null ? "" : `checked against the model's own output: off by ${bound(error)}`;
}
