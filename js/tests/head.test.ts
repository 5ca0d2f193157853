import { afterEach, expect, test } from "vitest";
import type { Layer } from "../src/protocol.ts";
import { choicesOf } from "../src/views/head.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, type Page, render, until } from "./render.ts";

let page: Page | undefined;
afterEach(() => page?.close());

const fake = makeFake({ timesteps: 8, units: 2 });
const like = (name: string, direction: Layer["direction"] = "forward") =>
  ({ ...fake.catalogue.layers[0], name, direction }) as Layer;
const pair = (name: string, call = "") => [
  like(`${name}/forward_lstm${call}`),
  like(`${name}/backward_lstm${call}`, "backward"),
];

function open(layers: Layer[], width = 1000): [FakeModel, Page] {
  const layer = layers[0]?.name ?? "";
  const model = withKernel({ ...fake, catalogue: { ...fake.catalogue, layers }, scene: { ...fake.scene, layer } });
  // The stand-in would go back to the one layer that it has.
  model.onSave = () => {};
  page = render(model);
  (page.root.parentElement as HTMLElement).style.width = `${width}px`;
  return [model, page];
}

test("only two directions of one layer are one choice", () => {
  const names = (layers: Layer[]) => choicesOf(layers).map(({ name, layers }) => [name, layers.length]);
  expect(names([...pair("bi"), like("top")])).toEqual([
    ["bi", 2],
    ["top", 1],
  ]);
  expect(names([...pair("bi"), ...pair("bi", "#2")])).toEqual([
    ["bi", 2],
    ["bi#2", 2],
  ]);
  // Stacked cells read the same way, and are two.
  expect(names([like("rnn/lstm_cell"), like("rnn/lstm_cell_1")])).toEqual([
    ["rnn/lstm_cell", 1],
    ["rnn/lstm_cell_1", 1],
  ]);
});

test("a direction is chosen, and kept where the next layer has it", async () => {
  const [model, page] = open([...pair("bi"), ...pair("top")]);
  await frame();
  const pressed = () => page.text(".lw-direction [aria-pressed=true]");
  expect(pressed()).toBe("\u2192 forward");
  page.find(".lw-direction [aria-pressed=false]").click();
  await frame();
  expect([model.get("layer"), pressed()]).toEqual(["bi/backward_lstm", "\u2190 backward"]);
  const list = page.find<HTMLSelectElement>(".lw-picker select");
  list.value = "1";
  list.dispatchEvent(new Event("change"));
  await frame();
  expect(model.get("layer")).toBe("top/backward_lstm");
});

test("a layer that reads one way says which", async () => {
  const [, page] = open([like("alone", "backward")]);
  await frame();
  expect(page.text(".lw-direction > .lw-quiet")).toBe("\u2190 reads backward");
  expect(page.find(".lw-direction .lw-segments").hidden).toBe(true);
});

test("many layers are searched", async () => {
  const [model, page] = open(Array.from({ length: 30 }, (_, k) => like(`block_${k}`)));
  page.find(".lw-picker .lw-opener").click();
  await frame();
  const field = page.find<HTMLInputElement>(".lw-picker .lw-search");
  field.value = "K_29";
  field.dispatchEvent(new Event("input"));
  await until(() => page.all(".lw-picker [role=option]").length === 1, "the one");
  page.key("Enter", field);
  await frame();
  expect(model.get("layer")).toBe("block_29");
  expect(page.text(".lw-picker .lw-opener")).toBe("block_29 (lstm, 2)");
});

test.each([
  [1000, 1],
  [480, 2],
])("at %i px the head has at most %i lines, whatever the names, and panels are not cut off", async (width, most) => {
  const long = `<b>\u05e9\u05dc\u05d5\u05dd</b> \ud83e\udd8a ${"very ".repeat(30)}`;
  fake.scene = { ...fake.scene, title: long, prediction: long, target: long };
  const [, page] = open(pair(long), width);
  await until(() => page.root.hasAttribute("data-lw-wide") === width > 900, "the width");
  await frame();
  expect(page.find(".lw-head").offsetHeight).toBeLessThanOrEqual(10 + most * 25);
  expect(page.find(".lw-samples .lw-opener").offsetWidth).toBeGreaterThan(40);
  for (const opener of [".lw-samples .lw-opener", ".lw-proof", ".lw-help-button"]) {
    page.find(opener).click();
    await frame();
    const panel = page
      .all(".lw-popover")
      .find((each) => !each.hidden)
      ?.getBoundingClientRect();
    const root = page.root.getBoundingClientRect();
    expect(panel?.left).toBeGreaterThanOrEqual(root.left);
    expect(panel?.right).toBeLessThanOrEqual(root.right + 0.5);
    expect(panel?.bottom).toBeLessThanOrEqual(root.bottom);
    page.find(opener).click();
  }
});
