import { afterEach, expect, test } from "vitest";
import { filtered, parseUnits } from "../src/filter.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, type Page, render, until } from "./render.ts";

let page: Page;
let model: FakeModel;
const fake = makeFake({ timesteps: 60, units: 12, samples: 9 });
async function open(traits: Record<string, unknown> = {}, of = fake): Promise<void> {
  model = withKernel(of, { traits });
  page = render(model);
  await frame();
  await frame();
}
afterEach(() => page?.close());

const rows = () => page.all(".lw-unit").map((row) => Number(row.textContent?.replace(/\D/g, "")));
const field = () => page.find<HTMLInputElement>('[aria-label="show only these units"]');
async function type(text: string): Promise<void> {
  field().value = text;
  field().dispatchEvent(new Event("input", { bubbles: true }));
  await frame();
  await frame();
}

test("numbers and ranges name units; anything else says what would", () => {
  expect([...(parseUnits("12, 40-42", 512) as Set<number>)]).toEqual([12, 40, 41, 42]);
  expect([...(parseUnits("5 - 3", 8) as Set<number>)]).toEqual([3, 4, 5]);
  expect(parseUnits("x", 8)).toContain("type numbers and ranges");
  expect(parseUnits("9", 8)).toBe("there is no unit 9; the last is 7");
  expect(filtered([3, 1, 2, 0], "0-1")).toEqual([1, 0]);
  expect(filtered([3, 1, 2, 0], "nonsense")).toEqual([3, 1, 2, 0]);
});

test("the search narrows the map, Down walks what is left, and Escape brings all back", async () => {
  await open({ unit: fake.scene.order[0] });
  await type("2, 5-7");
  const left = fake.scene.order.filter((unit) => [2, 5, 6, 7].includes(unit));
  expect(rows()).toEqual(left);
  expect(page.text(".lw-count")).toContain("4 of 12");
  page.key("ArrowDown");
  page.key("ArrowDown");
  await frame();
  expect(left).toContain(model.get("unit"));
  await type("x");
  expect(page.text(".lw-narrow-problem")).toContain("type numbers and ranges");
  page.key("Escape", field());
  await frame();
  await frame();
  expect(rows()).toEqual(fake.scene.order);
});

test("similarity is to the selected unit", async () => {
  await open({ unit: 4 });
  const choice = page.find<HTMLSelectElement>('[aria-label="order of the units"]');
  expect([...choice.options].map(({ value }) => value)).toContain("half_life");
  choice.value = [...choice.options].find(({ value }) => value.startsWith("similarity"))?.value ?? "";
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  await frame();
  expect(model.get("sort")).toBe("similarity:4");
});

test("a simple cell offers no order by its gates, and no saturation", async () => {
  await open({}, makeFake({ timesteps: 20, units: 4, cell: "simple_rnn" }));
  const options = [...page.find<HTMLSelectElement>('[aria-label="order of the units"]').options];
  expect(options.filter(({ disabled }) => !disabled).map(({ value }) => value)).toEqual([
    "change",
    "index",
    "similarity",
  ]);
  expect(page.key("s").defaultPrevented).toBe(false);
});

test("a stacks all quantities, in each of which one selects", async () => {
  await open({ unit: fake.scene.order[0], timestep: 0 });
  page.key("a");
  await frame();
  await frame();
  expect(model.get("panel")).toBe("all");
  const plot = page.find(".lw-map-plot");
  const { left, top, width, height } = plot.getBoundingClientRect();
  const at = { clientX: left + 0.5 * width + 1, clientY: top + height - 3, bubbles: true, pointerId: 3 };
  plot.dispatchEvent(new PointerEvent("pointerdown", at));
  await frame();
  expect(model.get("timestep")).toBe(30);
  expect(model.get("unit")).not.toBe(fake.scene.order[0]);
  page.key("a");
  await frame();
  expect(model.get("panel")).toBe("map");
});

test("in the scatter a lasso picks units, and they are pinned", async () => {
  await open({ panel: "saturation" });
  await until(() => model.sent.some(({ kind }) => kind === "saturation"), "the question");
  await frame();
  await frame();
  const canvas = page.find(".lw-scatter canvas, canvas.lw-scatter");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const fire = (kind: string, x: number, y: number) =>
    canvas.dispatchEvent(
      new PointerEvent(kind, { clientX: left + x, clientY: top + y, bubbles: true, pointerId: 4, button: 0 }),
    );
  fire("pointerdown", 1, 1);
  for (const [x, y] of [
    [width / 2, 1],
    [width - 1, 1],
    [width - 1, height - 1],
    [1, height - 1],
    [1, 2],
  ] as const)
    fire("pointermove", x, y);
  fire("pointerup", 1, 2);
  await frame();
  expect([...(model.get("pinned") as number[])].sort((a, b) => a - b)).toEqual([...Array(12).keys()]);
});

test("a range and a threshold list the units that are above it only there; they narrow the map", async () => {
  await open({ range: [10, 20], threshold: 0.6, quantity: "forget_gate" });
  await until(() => page.all("[data-lw-unit]").length > 0, "the list");
  const listed = page.all("[data-lw-unit]").map((button) => Number(button.dataset.lwUnit));
  const asked = model.sent.find(({ kind }) => kind === "matches");
  expect(asked).toMatchObject({ quantity: "forget_gate", start: 10, stop: 20, threshold: 0.6 });
  page.find("[data-lw-unit]").click();
  await frame();
  expect(model.get("unit")).toBe(listed[0]);
  const only = page.all(".lw-matches button").find((button) => button.textContent === "show only these");
  only?.click();
  await frame();
  await frame();
  expect(rows().every((unit) => listed.includes(unit))).toBe(true);
});

test("the difference to the compared sample is what the pointer reads", async () => {
  await open({ compared: 5, comparison: "difference" });
  await until(() => model.sent.some((r) => r.kind === "tile" && r.sample === 5), "the other sample");
  const plot = page.find(".lw-map-plot");
  const { left, top } = plot.getBoundingClientRect();
  plot.dispatchEvent(new PointerEvent("pointermove", { clientX: left + 9, clientY: top + 3, bubbles: true }));
  // The stand-in has the same numbers in every sample.
  await until(() => /: 0\.0000$/.test(page.text(".lw-readout")), "no difference");
});
