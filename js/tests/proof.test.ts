import { afterEach, expect, test } from "vitest";
import type { Proof, Scene } from "../src/protocol.ts";
import { overviewBytes, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, type Page, render } from "./render.ts";

let page: Page;
afterEach(() => page.close());

/** The stand-in, with the error at each timestep behind all other numbers; NaN where nothing was compared. */
function open(values: number[] | null): ReturnType<typeof withKernel> {
  const fake = makeFake({ timesteps: 8, units: 2 });
  const base = new Uint8Array(overviewBytes(fake).buffer);
  const errors = new Uint8Array(Float32Array.from(values ?? []).buffer);
  const bytes = new Uint8Array(base.length + errors.length);
  bytes.set(base);
  bytes.set(errors, base.length);
  const block = { features: ["h"], start: 0, stop: 8, stride: 1, offset: base.length };
  const compared = "h at every step, when it was saved";
  fake.scene.proof = { ...(fake.scene.proof as Proof), compared, errors: values && block };
  const model = withKernel(fake, { traits: { _overview: new DataView(bytes.buffer), timestep: 2 } });
  page = render(model);
  return model;
}

test("the badge opens what was compared, and the error of the timestep one stands at", async () => {
  const model = open([0, 1e-7, 2.5e-7, 3e-7, Number.NaN, 1e-8, 1e-8, 1e-8]);
  const badge = page.find(".lw-proof");
  expect(badge.getAttribute("aria-expanded")).toBe("false");
  badge.click();
  await frame();
  const panel = page.find(".lw-certificate");
  expect(panel.hidden).toBe(false);
  expect([...panel.querySelectorAll("dd")].filter(({ hidden }) => !hidden).map((value) => value.textContent)).toEqual([
    "h at every step, when it was saved",
    "tf.function, CPU",
    "2.4e-7",
    "1.1e-5",
  ]);
  expect(page.text(".lw-error-now")).toBe("At t = 2: 2.5e-7.");
  page.key("ArrowRight", panel);
  page.key("ArrowRight", panel);
  await frame();
  expect(model.get("timestep")).toBe(4);
  expect(page.text(".lw-error-now")).toBe("At t = 4: nothing to compare.");
  page.key("Home", panel);
  await frame();
  expect(page.text(".lw-error-now")).toBe("At t = 0: 0.");
  page.key("Escape", panel);
  expect(panel.hidden).toBe(true);
  expect(document.activeElement).toBe(badge);
});

test("where all numbers are NaN, nothing is said to be proved", async () => {
  const model = open([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(getComputedStyle(page.find(".lw-proof"), "::before").content).toContain("\u2713");
  const scene = model.get("_scene") as Scene;
  const proof = { ...(scene.proof as Proof), max_abs_error: 0, empty: true, odd: "16 numbers NaN or infinite" };
  model.receive({ _scene: { ...scene, proof } });
  await frame();
  const badge = page.find(".lw-proof");
  expect(badge.textContent).toBe("nothing to compare");
  expect(getComputedStyle(badge, "::before").content).toBe("none");
  expect(badge.title).toBe("h at every step, when it was saved; 16 numbers NaN or infinite");
  badge.click();
  await frame();
  const shown = [...page.find(".lw-certificate").querySelectorAll("dd")].filter((value) => !value.hidden);
  expect(shown.map((value) => value.textContent)).toEqual([
    "h at every step, when it was saved",
    "16 numbers NaN or infinite, here as in the layer's own run",
    "tf.function, CPU",
  ]);
  expect(page.find(".lw-error-plot").checkVisibility()).toBe(false);
  expect(page.text(".lw-error-now")).toBe("There is no finite number of h to compare.");
});

test("its chart stands over the time axis, with the crosshair where it is below", async () => {
  open([0, 1e-7, 2.5e-7, 3e-7, 1e-8, 1e-8, 1e-8, 1e-8]);
  page.find(".lw-proof").click();
  await frame();
  await frame();
  const left = (selector: string) => page.find(selector).getBoundingClientRect().left;
  expect(left(".lw-error-plot canvas")).toBeCloseTo(left(".lw-track-plot canvas"), 0);
  expect(left(".lw-error-plot .lw-crosshair")).toBeCloseTo(left(".lw-track-plot .lw-crosshair"), 0);
  const wide = (selector: string) => page.find(selector).clientWidth;
  expect(wide(".lw-error-plot")).toBe(wide(".lw-track-plot"));
  // Something is drawn.
  const canvas = page.find<HTMLCanvasElement>(".lw-error-plot canvas");
  const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  expect(pixels.some((value) => value > 0)).toBe(true);
});

test("errors that were not kept are said to be", async () => {
  open(null);
  page.find(".lw-proof").click();
  await frame();
  expect(page.text(".lw-error-now")).toBe("The difference at each timestep was not kept.");
  expect(page.find(".lw-error-plot").checkVisibility()).toBe(false);
});
