import { afterEach, expect, test } from "vitest";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, type Page, render, until } from "./render.ts";

const BARS = /^bars( \u00d7 (2|4|8|16|32|64))?: written$/;

let page: Page;
let model: FakeModel;
const fake = makeFake({ timesteps: 60, units: 4, samples: 5 });
function open(traits: Record<string, unknown> = {}, of = fake): void {
  model = withKernel(of, { traits });
  page = render(model);
}
afterEach(() => page.close());

const alpha = (x: number) => {
  const canvas = page.find<HTMLCanvasElement>(".lw-shade");
  return canvas.getContext("2d")?.getImageData(Math.floor(x * canvas.width), 0, 1, 1).data[3] ?? -1;
};

test("from the crosshair the memory's track shades what is left of earlier writes, and nothing later", async () => {
  open({ timestep: 30, unit: 1 });
  await frame();
  const forget = fake.row("forget_gate", 1);
  expect(alpha(30.5 / 60)).toBeGreaterThan(50);
  expect(alpha(29.5 / 60) / alpha(30.5 / 60)).toBeCloseTo(forget[30] ?? 0, 1);
  expect(alpha(31.5 / 60)).toBe(0);
  page.key("ArrowRight");
  await frame();
  expect(alpha(31.5 / 60)).toBeGreaterThan(50);
});

test("what the bars mean stands beside the memory's track, over no curve, and is not the name of its button", async () => {
  open({ unit: 1 });
  for (const width of ["1000px", "400px"]) {
    page.root.style.width = width;
    await frame();
    const said = page.all(".lw-bars").filter((line) => line.textContent);
    expect(said.map((line) => line.textContent)).toEqual([expect.stringMatching(BARS), "hollow: erased"]);
    const button = page.find(".lw-track-name:nth-child(5)");
    expect(button.querySelector(".lw-ellipsis")?.textContent).toBe("cell state");
    const [around, plot] = [button, page.find(".lw-track-plot")].map((part) => part.getBoundingClientRect());
    for (const line of said) {
      const range = document.createRange();
      range.selectNodeContents(line);
      const { top, right, bottom } = range.getBoundingClientRect();
      expect(top).toBeGreaterThanOrEqual(around?.top ?? Number.NaN);
      expect(bottom).toBeLessThanOrEqual(around?.bottom ?? Number.NaN);
      expect(right).toBeLessThan(plot?.left ?? Number.NaN);
      expect(line.getAttribute("aria-hidden")).toBe("true");
    }
  }
});

test("what bars mean is said as long as there are any", async () => {
  open({ unit: 1, timestep: 9 }, makeFake({ timesteps: 30_000, units: 4 }));
  const said = () => page.all(".lw-bars").some((line) => line.textContent);
  await frame();
  expect(said()).toBe(false);
  model.receive({ zoom: [0, 60] });
  await until(said, "the words under bars that came with a zoom");
  model.receive({ zoom: [0, 30_000] });
  await until(() => !said(), "no words where there are no bars");
});

test("in a backward layer it shades what comes after", async () => {
  open({ timestep: 30, unit: 1 }, makeFake({ timesteps: 60, units: 4, direction: "backward" }));
  await frame();
  expect(alpha(31.5 / 60)).toBeGreaterThan(0);
  expect(alpha(29.5 / 60)).toBe(0);
});

test("the threshold is set by keys, jumped along by brackets, and taken off", async () => {
  open({ timestep: 0, unit: 1, quantity: "cell_candidate" });
  await frame();
  expect(page.key("]").defaultPrevented).toBe(false);
  page.key(".");
  await frame();
  expect(model.get("threshold")).toBe(0);
  const values = fake.row("cell_candidate", 1);
  const expected = [...values.keys()].filter((t) => t > 0 && (values[t] ?? 0) >= 0 !== (values[t - 1] ?? 0) >= 0);
  expect(expected.length).toBeGreaterThan(3);
  for (const timestep of expected.slice(0, 3)) {
    page.key("]");
    await frame();
    expect(model.get("timestep")).toBe(timestep);
  }
  page.key("[");
  await frame();
  expect(model.get("timestep")).toBe(expected[1]);
  page.key(",");
  await frame();
  expect(model.get("threshold")).toBeCloseTo(-0.1, 5);
  page.key("Delete");
  await frame();
  expect(model.get("threshold")).toBeNull();
});

test("the threshold is dragged by its handle, and double click takes it off", async () => {
  open({ quantity: "forget_gate" });
  await frame();
  const handle = page.find(".lw-handle");
  const plot = page.find(".lw-track-plot").getBoundingClientRect();
  const { left, top, height } = handle.getBoundingClientRect();
  const at = (y: number) => ({ clientX: left + 7, clientY: y, bubbles: true, pointerId: 1, button: 0 });
  handle.setPointerCapture = () => {};
  handle.hasPointerCapture = () => true;
  handle.dispatchEvent(new PointerEvent("pointerdown", at(top + height / 2)));
  // The forget gate's track is the second, 28 px from the top, 24 high behind 2 of gap.
  handle.dispatchEvent(new PointerEvent("pointermove", at(plot.top + 30 + 6)));
  await frame();
  expect(model.get("threshold")).toBeCloseTo(0.75, 2);
  expect(model.get("timestep")).toBe(0);
  handle.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
  await frame();
  expect(model.get("threshold")).toBeNull();
});

test("c asks for the nearest right sample, and the same unit of it is drawn dashed; again it is gone", async () => {
  open();
  await frame();
  page.key("c");
  await until(() => model.get("compared") === 4, "the answer of the kernel");
  await until(() => model.sent.some((r) => r.kind === "tile" && r.sample === 4), "its numbers");
  expect(page.find(".lw-track-plot canvas").getAttribute("aria-label")).toContain("sample 4");
  page.key("c");
  await frame();
  expect(model.get("compared")).toBeNull();
});

test("m marks a stretch of time from here to here, then takes it off", async () => {
  open({ timestep: 10 });
  await frame();
  page.key("m");
  for (let i = 0; i < 5; i++) page.key("ArrowRight");
  page.key("m");
  await frame();
  expect(model.get("range")).toEqual([10, 16]);
  expect(page.find(".lw-map-plot .lw-range-band").hidden).toBe(false);
  page.key("m");
  await frame();
  expect(model.get("range")).toBeNull();
});

test("dragging with Shift marks a stretch and leaves the time alone", async () => {
  open({ timestep: 3 });
  await frame();
  const plot = page.find(".lw-track-plot");
  const { left, top, width } = plot.getBoundingClientRect();
  const at = (t: number) => ({
    clientX: left + ((t + 0.5) / 60) * width,
    clientY: top + 9,
    bubbles: true,
    shiftKey: true,
    pointerId: 5,
  });
  plot.dispatchEvent(new PointerEvent("pointerdown", at(40)));
  plot.dispatchEvent(new PointerEvent("pointermove", at(20)));
  plot.dispatchEvent(new PointerEvent("pointerup", at(20)));
  await frame();
  expect([model.get("range"), model.get("timestep")]).toEqual([[20, 41], 3]);
});

test("over a long sequence the kernel says what is left, once the slider rests", async () => {
  open({ timestep: 4000, unit: 1 }, makeFake({ timesteps: 5000, units: 2 }));
  const asked = () => model.sent.filter((request) => request.kind === "memory");
  await frame();
  page.key("ArrowRight");
  await until(() => asked().length > 0, "the question");
  expect(asked().map((request) => request.kind === "memory" && request.timestep)).toEqual([4001]);
});

test("hovering says how much of a write is left", async () => {
  open({ timestep: 30, unit: 1 });
  await frame();
  const plot = page.find(".lw-track-plot");
  const { left, top, width } = plot.getBoundingClientRect();
  plot.dispatchEvent(new PointerEvent("pointermove", { clientX: left + (29.5 / 60) * width, clientY: top + 9 }));
  await frame();
  const share = 100 * (fake.row("forget_gate", 1)[30] ?? 0);
  expect(page.text(".lw-left")).toBe(`${share.toFixed(2)} % of what t = 29 wrote is left at 30`);
});
