import { afterEach, describe, expect, test } from "vitest";
import { between, moved, zoomed } from "../src/window.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { withScene } from "./fake-time.ts";
import { frame, type Page, render, until } from "./render.ts";

let model: FakeModel;
let page: Page;
async function open(timesteps: number, traits: Record<string, unknown> = {}, change = {}): Promise<void> {
  model = withKernel(withScene(makeFake({ timesteps, units: 2 }), change), { traits });
  page = render(model);
  await frame();
}
afterEach(() => page?.close());

describe("a window", () => {
  test("keeps its length wherever it is moved", () => {
    expect(moved([10, 30], -15, 100)).toEqual([0, 20]);
    expect(moved([10, 30], 500, 100)).toEqual([80, 100]);
    expect(moved([10, 30], 2.4, 100)).toEqual([12, 32]);
  });

  test("goes from either side to the other, and is never too short to see", () => {
    expect(between(20, 50, 100)).toEqual([20, 50]);
    expect(between(50, 20, 100)).toEqual([20, 50]);
    expect(between(99, 99, 100)).toEqual([92, 100]);
    expect(between(0, 0, 3)).toEqual([0, 3]);
  });

  test("zooms round the timestep, which stays where it is on the screen", () => {
    expect(zoomed([0, 100], 25, 0.5, 100)).toEqual([13, 63]);
    expect(zoomed([13, 63], 25, 2, 100)).toEqual([0, 100]);
    expect(zoomed([0, 8], 3, 0.5, 100)).toEqual([0, 8]);
  });
});

describe("the minimap", () => {
  const isHidden = () => page.find(".lw-minimap-row").hidden;
  const brush = () => page.find(".lw-brush");
  function drag(from: number, to: number, type = "pointerup"): void {
    const box = page.find(".lw-minimap");
    const { left, top, width } = box.getBoundingClientRect();
    const fire = (name: string, at: number) =>
      box.dispatchEvent(
        new PointerEvent(name, { clientX: left + at * width, clientY: top + 5, pointerId: 5, bubbles: true }),
      );
    fire("pointerdown", from);
    if (from !== to) fire("pointermove", to);
    fire(type, to);
  }

  test("is there where timesteps cannot be told apart, or some are out of sight", async () => {
    await open(150);
    expect(isHidden()).toBe(true);
    page.key("+");
    await frame();
    expect(isHidden()).toBe(false);
    page.key("0");
    await frame();
    expect(isHidden()).toBe(true);
    page.close();
    await open(3000);
    expect(isHidden()).toBe(false);
    expect(page.text(".lw-minimap-row")).toContain("all 3,000");
  });

  test("a drag makes a window, another moves it, its end resizes it, a double click leaves it", async () => {
    await open(3000, { timestep: 1500 });
    drag(0.2, 0.4);
    await frame();
    const [start, stop] = model.get("zoom") as number[];
    expect([start, stop]).toEqual([expect.closeTo(600, -1), expect.closeTo(1200, -1)]);
    expect(model.get("timestep")).toBe((stop ?? 0) - 1);
    drag(0.3, 0.5);
    await frame();
    const moved = model.get("zoom") as number[];
    expect(moved[0]).toBeCloseTo(1200, -1);
    expect((moved[1] ?? 0) - (moved[0] ?? 0)).toBe((stop ?? 0) - (start ?? 0));
    drag((moved[1] ?? 0) / 3000, 0.8);
    await frame();
    expect((model.get("zoom") as number[])[0]).toBe(moved[0]);
    expect((model.get("zoom") as number[])[1]).toBeCloseTo(2400, -1);
    page.find(".lw-minimap").dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    await frame();
    expect(model.get("zoom")).toEqual([0, 3000]);
  });

  test("a click goes there, and takes the window along", async () => {
    await open(3000, { zoom: [0, 300] });
    drag(0.5, 0.5);
    await frame();
    expect(model.get("timestep")).toBeCloseTo(1500, -1);
    const [start, stop] = model.get("zoom") as [number, number];
    expect((start + stop) / 2).toBeCloseTo(1500, -1);
    expect(stop - start).toBe(300);
  });

  test("with the focus on it, arrows move the window and Shift resizes it; all is said", async () => {
    await open(3000, { zoom: [1000, 1200], timestep: 1100 });
    expect(brush().getAttribute("aria-valuetext")).toBe("t = 1000 to t = 1199, of 3000");
    expect(page.key("ArrowRight", brush()).defaultPrevented).toBe(true);
    page.key("ArrowRight", brush(), { shiftKey: true });
    await frame();
    expect(model.get("zoom")).toEqual([1020, 1240]);
    expect(model.get("timestep")).toBe(1100);
    await frame();
    expect(brush().getAttribute("aria-valuenow")).toBe("1020");
  });
});

describe("time", () => {
  test("Shift moves the slider by a pixel, and it says what is there", async () => {
    await open(9000, { timestep: 10 });
    const range = page.find<HTMLInputElement>(".lw-range");
    const pixel = Math.round(9000 / page.find(".lw-slider").offsetWidth);
    expect(pixel).toBeGreaterThan(5);
    page.key("ArrowRight", range, { shiftKey: true });
    await frame();
    expect(model.get("timestep")).toBe(10 + pixel);
    expect(range.getAttribute("aria-valuetext")).toMatch(/^t = \d+, forget gate ~?\d\.\d+, of 9000$/);
  });

  test("play covers a pixel where timesteps are smaller, and ends on the window's last", async () => {
    await open(9000, { timestep: 7985, zoom: [0, 8000] });
    page.key(" ");
    await until(() => model.get("timestep") === 7999, "the last timestep of the window");
    await until(() => page.all('[aria-label="play"]').length === 1, "the end of playing");
    expect(model.get("zoom")).toEqual([0, 8000]);
  });

  test("padding that the layer reads is said, and only then", async () => {
    await open(300, {}, { padding: [[215, 300]] });
    expect(page.text(".lw-padding")).toBe("steps 215\u2013299 are padding; the LSTM reads them");
    page.close();
    await open(300);
    expect(page.find(".lw-padding").offsetHeight).toBe(0);
  });
});
