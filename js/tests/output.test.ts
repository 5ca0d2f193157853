import { afterEach, expect, test } from "vitest";
import { shown } from "../src/data/decode.ts";
import { answerLines, answerWords, limitsOf, linesBeside, linesOf } from "../src/views/answers.ts";
import { points } from "../src/views/lines.ts";
import { runsThrough } from "../src/views/output.ts";
import { overviewBytes, withKernel } from "./fake.ts";
import { type Fake, makeFake } from "./fake-data.ts";
import { withClasses, withValues } from "./fake-time.ts";
import { frame, type Page, render } from "./render.ts";

let page: Page | undefined;
afterEach(() => page?.close());
const decoded = (fake: Fake) => shown(fake.scene, overviewBytes(fake));
const fake = makeFake({ timesteps: 100, units: 2 });
const gutter = () => (page?.all(".lw-input-name") ?? []).map((each) => each.textContent);

test("the prediction so far stands under the input, with its value at the timestep and its check", async () => {
  page = render(withKernel(withClasses(fake), { traits: { timestep: 5 } }));
  await frame();
  expect(gutter()).toContain("prediction so farGun 0.85");
  page.key("End");
  await frame();
  expect(gutter()).toContain("prediction so farPoint 0.88expected Gun");
  expect(page.all(".lw-line-name").map((each) => each.textContent)).toEqual(["Point", "Gun, expected"]);
  // One below the other as their lines are.
  const [upper, lower] = page.all(".lw-line-name").map((each) => each.getBoundingClientRect());
  expect(upper?.bottom).toBeLessThanOrEqual((lower?.top ?? 0) + 0.5);
  const canvas = page.find("canvas[aria-label^='The prediction so far']");
  expect(canvas.getAttribute("aria-label")).toContain("at the end Point 0.88, expected Gun");
  expect(canvas.closest<HTMLElement>(".lw-row")?.title).toBe("checked against the model's own output: off by 1.0e-7");
});

test("what was said and what was expected can both be read, at any width", async () => {
  for (const width of [320, 1600]) {
    page = render(withKernel(withValues(fake), { traits: { timestep: 5 } }));
    page.find(".lw-root").style.width = `${width}px`;
    await frame();
    const lines = page.all(".lw-answer > *") as HTMLElement[];
    expect(lines.map(({ textContent }) => textContent)).toEqual(["prediction", expect.any(String), expect.any(String)]);
    expect(lines[2]?.textContent).toMatch(/^expected \d/);
    for (const line of lines) expect(line.scrollWidth).toBeLessThanOrEqual(line.clientWidth);
    // None reaches into the next row.
    const row = page.find(".lw-answer").getBoundingClientRect();
    expect(lines[2]?.getBoundingClientRect().bottom).toBeLessThanOrEqual(row.bottom + 0.5);
    page.close();
  }
});

test("no line runs through a name where another place is free", async () => {
  // What was said runs level, just over the end of what was expected.
  const [wanted, said] = [(t: number) => (t < 12 ? t / 3 : 4), (t: number) => (t ? 5.5 : 10)];
  const fake = withValues(makeFake({ timesteps: 20, units: 2 }), {}, wanted, said);
  page = render(withKernel(fake, { traits: { timestep: 5 } }));
  await frame();
  await frame();
  const box = page.find(".lw-input:has(.lw-line-name)").getBoundingClientRect();
  const found = decoded(fake);
  const [low, high] = limitsOf(found);
  const band = { top: 3, height: 34, low, high, zoom: [0, 20] as [number, number], width: box.width };
  const names = page.all(".lw-line-name").map((each) => each.getBoundingClientRect());
  expect(names.length).toBe(1);
  for (const { left, right, top, bottom } of names)
    for (const { sheet, feature } of linesOf(found)) {
      const line = points(sheet, feature, 0, band);
      const across: [number, number] = [left - box.left, right - box.left];
      expect(runsThrough(line, across, [top - box.top + 2, bottom - box.top - 2])).toBe(false);
    }
});

test("a line runs through what it crosses, and through nothing beside it", () => {
  const line = [0, 100].map((x) => ({ x, y: x / 2, clipped: false }));
  expect(runsThrough(line, [40, 60], [10, 21])).toBe(true);
  expect(runsThrough(line, [40, 60], [31, 50])).toBe(false);
  expect(runsThrough(line, [40, 60], [0, 19])).toBe(false);
  expect(runsThrough(line, [101, 120], [0, 60])).toBe(false);
  expect(runsThrough([{ x: 5, y: Number.NaN, clipped: false }], [0, 10], [0, 40])).toBe(false);
});

test("without an answer there is no row", async () => {
  page = render(withKernel(fake));
  await frame();
  expect(page.all("canvas[aria-label^='The prediction']").length).toBe(0);
});

test("what was said and what was expected differ in weight and dash, and have names", () => {
  const looks = linesOf(decoded(withClasses(fake))).map(({ feature, look }) => [feature, look]);
  expect(looks).toEqual([
    ["Other", "other"],
    ["Gun", "expected"],
    ["Point", "said"],
  ]);
  const right = linesOf(decoded(withClasses(fake, { target: 1 }))).map(({ look }) => look);
  expect(right).toEqual(["other", "other", "said"]);
});

test("values have what was expected beside them, on one scale", () => {
  const values = decoded(withValues(fake));
  expect(linesOf(values).map(({ feature, look }) => [feature, look])).toEqual([
    ["expected", "expected"],
    ["load", "said"],
  ]);
  expect(answerWords(values, 0)).toBe("load 0.50, expected 0.00");
  expect(answerLines(values, 0)).toEqual(["load 0.50", "expected 0.00"]);
  const target = decoded(withValues(fake, { expected: null, target: 9 }));
  expect(limitsOf(target)[1]).toBe(9);
  expect(answerWords(target, 3)).toMatch(/^load /);
  expect(answerWords(target, 99)).toMatch(/, expected 9\.00$/);
});

test("of several values, each has what was expected of it", () => {
  const base = withValues(fake);
  const { series } = base.scene.output ?? {};
  if (!series) throw new Error("no output");
  // The same two rows, once as what was said and once as what was expected.
  const two = { ...series, features: ["low", "high"] };
  const both = decoded(withValues(fake, { series: two, expected: two }));
  expect(linesOf(both).map(({ feature, look, label }) => [feature, look, label])).toEqual([
    ["high", "expected", ""],
    ["low", "expected", ""],
    ["low", "said", "low"],
    ["high", "said", "high"],
  ]);
  expect(answerWords(both, 0)).toMatch(/^low (\S+), expected \1, high (\S+), expected \2$/);
  const [said, wanted] = answerLines(both, 0);
  expect(wanted).toBe(`expected ${said}`);
  expect(said).toMatch(/^\d\.\d\d, \d\.\d\d$/);
});

test("of classes a timestep, the line is the probability of the one that was expected", () => {
  const base = withClasses(fake);
  const { series } = base.scene.output ?? {};
  if (!series) throw new Error("no output");
  // As expected class at each step: 0, 0, ... taken from a row of zeros after all others.
  const zeros = new Float32Array(100);
  const expected = { ...series, features: ["expected"], offset: series.offset + 3 * 400 };
  const whole = withClasses(fake, { kind: "timestep", target: null, expected });
  const line = linesOf(decoded({ ...whole, input: [...whole.input, zeros] })).pop();
  expect(line?.look).toBe("expected");
  expect([...(line?.sheet.data ?? [])]).toEqual([...(whole.input[1] ?? [])]);
});

test("a single probability is a value on 0 to 1", () => {
  const one = decoded(withValues(fake, { probabilities: true, expected: null, kind: "so far" }));
  expect(limitsOf(one)).toEqual([0, 1]);
  expect(linesOf(one)).toHaveLength(1);
});

test("the same line of another step stands beside it, dotted and named; of classes, that of the same class", () => {
  const [values, other] = [decoded(withValues(fake)), decoded(withValues(fake, {}, undefined, () => 2))];
  const [line, ...more] = linesBeside(linesOf(values), other, "epoch 0");
  expect(more).toEqual([]);
  expect(line).toMatchObject({ feature: "load", look: "beside", label: "epoch 0", sheet: other.output });
  expect(limitsOf(values, decoded(withValues(fake, {}, undefined, () => 50)))[1]).toBe(50);
  const classes = decoded(withClasses(fake));
  const changed = decoded(withClasses(fake, {}, ["Gun", "Point", "Other"]));
  expect(linesBeside(linesOf(classes), changed, "epoch 0").map(({ feature }) => feature)).toEqual(["Point"]);
  // As long as its numbers are not here, those that stand in for them are not its own.
  expect(linesBeside(linesOf(values), { ...other, overview: null }, "epoch 0")).toEqual([]);
});
