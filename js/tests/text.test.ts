import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { visible } from "../src/data/text.ts";
import { inks } from "../src/ink.ts";
import { withKernel } from "./fake.ts";
import { makeFake, type Options } from "./fake-data.ts";
import { withTokens, wordAt } from "./fake-time.ts";
import { frame, type Page, render, until } from "./render.ts";

let page: Page;
let model: ReturnType<typeof withKernel>;
const complaints = vi.fn();
const open = (options: Options, traits: Record<string, unknown> = {}, label?: (t: number) => string) => {
  const fake = withTokens(makeFake({ units: 2, ...options }));
  model = withKernel(fake, { traits, ...(label && { label }) });
  page = render(model);
  return fake;
};
beforeEach(() => {
  complaints.mockClear();
  vi.spyOn(console, "error").mockImplementation(complaints);
});
afterEach(() => {
  page.close();
  vi.restoreAllMocks();
  expect(complaints).not.toHaveBeenCalled();
});
const word = (t: number) => page.find(`[data-t="${t}"]`);
const arrived = () =>
  until(() => page.text(".lw-word[aria-current]") === wordAt(model.get("timestep") as number), "words");

test("words stand where the series stood, and the current one is marked and in view", async () => {
  open({ timesteps: 600 }, { timestep: 300 });
  await arrived();
  expect(page.find(".lw-input").offsetHeight).toBe(0);
  const box = page.find(".lw-text").getBoundingClientRect();
  for (const key of ["ArrowRight", "PageDown", "PageDown", "End", "Home"]) {
    page.key(key);
    await frame();
    await arrived();
    const { top, bottom } = page.find(".lw-word[aria-current]").getBoundingClientRect();
    expect(top).toBeGreaterThanOrEqual(box.top - 1);
    expect(bottom).toBeLessThanOrEqual(box.bottom + 1);
  }
});

test("of a long text only the words near the timestep exist", async () => {
  open({ timesteps: 20_000 }, { timestep: 10_000 });
  await arrived();
  expect(page.all(".lw-word").length).toBeLessThanOrEqual(400);
  const asked = model.sent.filter(({ kind }) => kind === "words");
  expect(asked.length).toBeLessThanOrEqual(3);
});

test("words that come and go do not move those that stay", async () => {
  open({ timesteps: 900 }, { timestep: 383 });
  await arrived();
  const before = word(380).getBoundingClientRect();
  page.key("ArrowRight");
  await until(
    () => page.all('[data-t="600"]').length > 0 && page.text('[data-t="600"]') === wordAt(600),
    "the next chunk",
  );
  await frame();
  // The current one may begin a line that was out of sight; then all move by whole lines.
  const shift = word(380).getBoundingClientRect().top - before.top;
  expect(word(380).getBoundingClientRect().left).toBe(before.left);
  expect(Math.abs(shift % 20)).toBeLessThan(0.5);
});

test("the colour is the value's, on the map's own scale, and masked words have none", async () => {
  const fake = open({ timesteps: 40, masked: [[0, 5]] }, { timestep: 20, quantity: "cell_state", unit: 1 });
  await arrived();
  const { paper } = inks(fake.catalogue, fake.scene, "cell_state", false)(fake.row("cell_state", 1)[20] ?? 0);
  const cell = word(20).firstElementChild as HTMLElement;
  expect(getComputedStyle(cell).backgroundColor.replaceAll(" ", "")).toBe(paper);
  expect((word(2).firstElementChild as HTMLElement).style.backgroundColor).toBe("");
  expect(word(2).classList.contains("lw-masked")).toBe(true);
});

test("every colour of a table carries text at 4.5:1", () => {
  const { catalogue, scene } = makeFake({ timesteps: 4, units: 1 });
  const light = (css: string) => {
    const channels = css === "#000" ? [0, 0, 0] : css === "#fff" ? [255, 255, 255] : css.match(/\d+/g)?.map(Number);
    const [r = 0, g = 0, b = 0] = (channels ?? []).map((x) =>
      x / 255 <= 0.04045 ? x / 255 / 12.92 : ((x / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  for (const dark of [false, true])
    for (const quantity of ["forget_gate", "hidden_state"])
      for (let value = -1; value <= 1; value += 0.01) {
        const { paper, ink } = inks(catalogue, scene, quantity, dark)(value);
        const [a, b] = [light(paper), light(ink)];
        expect(Math.max(a, b) / Math.min(a, b)).toBeGreaterThan(4.5);
      }
});

test("rows show each word once a quantity, within a bounded height, and survive in the trait", async () => {
  open({ timesteps: 300 }, { timestep: 100 });
  await arrived();
  page.find(".lw-text-row button").click();
  await frame();
  await frame();
  expect(model.get("text")).toBe("rows");
  expect(word(100).childElementCount).toBe(6);
  expect(page.find(".lw-text").offsetHeight).toBe(220);
  expect(page.find(".lw-text").tabIndex).toBe(0);
  const symbols = page.find(".lw-text-symbols > div");
  expect(symbols.textContent).toBe("ifgoch");
  const [first] = page.all(".lw-word");
  expect(Math.abs(symbols.getBoundingClientRect().top - (first?.getBoundingClientRect().top ?? 0))).toBeLessThan(1);
  const height = page.all(".lw-text-symbols > div").length * (6 * 17 + 7);
  expect(Math.abs(height - page.find(".lw-text").scrollHeight)).toBeLessThan(2);
});

test("a click goes to the word", async () => {
  open({ timesteps: 60 });
  await arrived();
  (word(3).firstElementChild as HTMLElement).click();
  await frame();
  expect(model.get("timestep")).toBe(3);
});

test("words that would leave no trace are shown", () => {
  expect([visible(""), visible("  "), visible("\n"), visible(" a")]).toEqual([
    "\u2205",
    "\u2423\u2423",
    "\u23ce",
    " a",
  ]);
});

test("odd labels on the axis neither overlap nor leave it", async () => {
  const odd = [
    "",
    "long ".repeat(99),
    "\u05e9\u05dc\u05d5\u05dd",
    "\u{1f469}\u200d\u{1f467}",
    "<b>x</b>",
    "\u65e5\u672c",
    " ",
  ];
  open({ timesteps: 400 }, { timestep: 5 }, (t) => odd[t % 7] ?? "");
  for (const t of [5, 1, 202, 399]) {
    model.receive({ timestep: t });
    await until(() => page.text(".lw-now").startsWith(`t = ${t}`), "the label");
    await frame();
    await frame();
    const plot = page.find(".lw-labels").getBoundingClientRect();
    const boxes = page
      .all(".lw-label")
      .map((label) => label.getBoundingClientRect())
      .sort((a, b) => a.left - b.left);
    expect(boxes.length).toBeGreaterThan(2);
    for (const [i, box] of boxes.entries()) {
      expect(box.left).toBeGreaterThanOrEqual((boxes[i - 1]?.right ?? plot.left) - 1);
      expect(box.right).toBeLessThanOrEqual(plot.right + 1);
    }
  }
  expect(page.root.querySelector("b")).toBeNull();
});
