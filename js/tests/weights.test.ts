/** The weights of a gate, and how those of all gates are spread. */

import { afterEach, expect, test } from "vitest";
import type { Request } from "../src/protocol.ts";
import { cellsOf } from "../src/views/map/weights.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake, type Options } from "./fake-data.ts";
import { frame, type Page, render, until } from "./render.ts";

let page: Page;
afterEach(() => page?.close());

const STEPS = { numbers: [0, 1, 2], names: ["a", "b", "c"], logs: {}, marks: [], total: 3, training: false };

function open(options: Options = {}, traits: Record<string, unknown> = {}): FakeModel {
  const fake = makeFake({ timesteps: 20, units: 4, ...options });
  const model = withKernel(fake, { traits: { panel: "weights", unit: 2, ...traits } });
  page = render(model);
  return model;
}

const asked = (model: FakeModel, kind: Request["kind"]) => model.sent.filter((request) => request.kind === kind);
const canvas = (name: string) => page.find<HTMLCanvasElement>(`canvas[aria-label^="${name}"]`);
const readout = () => page.text(".lw-readout");
const shown = () => until(() => /most by/.test(readout()), "the weights");

test("w opens the weights of the gate on screen, and closes them again", async () => {
  const model = open({}, { panel: "map" });
  await frame();
  expect(asked(model, "drift")).toEqual([]);
  page.key("w");
  await shown();
  expect(model.get("panel")).toBe("weights");
  expect(asked(model, "weights")[0]).toMatchObject({ gate: "forget_gate", layer: "encoder", step: 0 });
  expect(page.find(".lw-map-plot").hidden).toBe(true);
  page.key("w");
  await frame();
  expect(model.get("panel")).toBe("map");
  expect(canvas("Weights of").checkVisibility()).toBe(false);
  page.key("?");
  expect(page.text(".lw-help")).toContain("weights of a gate, and how they are spread");
});

test("what they are is read out: the largest of the selected unit, the norms of all gates", async () => {
  const unit = makeFake({ timesteps: 20, units: 4 }).scene.order[2];
  open({}, { unit });
  await shown();
  const largest = `unit ${unit}: most by W of load = 4.0000, U of h ${unit} = \u22124.0000, b = 1.0000`;
  expect(readout()).toBe(largest);
  expect(canvas("Weights of the forget gate").getAttribute("aria-label")).toContain(largest);
  expect(canvas("Norms").getAttribute("aria-label")).toContain("forget gate W,0.00,U,0.00,b,0.00");
  expect(page.all(".lw-drift div").map((line) => line.textContent)).toEqual(
    ["W", "U", "b"].map((part) => `${part} \u22124 \u2026 4`),
  );
  page.key("4");
  await until(() => page.all('canvas[aria-label^="Weights of the output gate"]').length > 0, "another gate");
});

test("a cell under the pointer is read, and a press selects its unit", async () => {
  const model = open();
  await shown();
  const box = canvas("Weights of").parentElement as HTMLElement;
  const { left, top } = box.getBoundingClientRect();
  const over = { clientX: left + 70, clientY: top + 3, bubbles: true };
  box.dispatchEvent(new PointerEvent("pointermove", over));
  await frame();
  const unit = (model.get("_scene") as { order: number[] }).order[0];
  expect(readout()).toBe(`unit ${unit}: W of wind = \u22122.0000`);
  box.dispatchEvent(new PointerEvent("pointerdown", over));
  await frame();
  expect(model.get("unit")).toBe(unit);
});

test("each part has its own colours, from blue to red, and gaps between them", async () => {
  open({}, { quantity: "input_gate" });
  await shown();
  const element = canvas("Weights of");
  const at = (x: number) => [...(element.getContext("2d")?.getImageData(x * devicePixelRatio, 4, 1, 1).data ?? [])];
  const [red = 0, , blue = 0] = at(30);
  expect(red).toBeGreaterThan(blue + 80);
  const [less = 0, , more = 0] = at(100);
  expect(more).toBeGreaterThan(less);
  expect(at(2 * 64 + 6)[3]).toBe(0);
});

test("a press on the charts of a gate shows its weights", async () => {
  const model = open();
  await shown();
  const box = canvas("Norms").parentElement as HTMLElement;
  const { left, width } = box.getBoundingClientRect();
  box.dispatchEvent(new MouseEvent("click", { clientX: left + 0.6 * width, bubbles: true }));
  await until(
    () => asked(model, "weights").some((request) => "gate" in request && request.gate === "cell_candidate"),
    "it",
  );
  expect(model.get("quantity")).toBe("cell_candidate");
});

test("of a state, which has no weights, the first gate is shown", async () => {
  const model = open({}, { quantity: "cell_state" });
  await shown();
  expect(asked(model, "weights")[0]).toMatchObject({ gate: "input_gate" });
});

test("the weights of the next steps of a training come before they are wanted", async () => {
  const model = open({}, { _steps: STEPS, step: 1 });
  const fake = makeFake({ timesteps: 20, units: 4 });
  model.receive({ _scene: { ...fake.scene, step: 1 } });
  await shown();
  await until(
    () => new Set(asked(model, "weights").map((request) => "step" in request && request.step)).size === 3,
    "all",
  );
  expect(asked(model, "drift").at(-1)).toMatchObject({ step: 2 });
  // The norm of the step on screen.
  expect(canvas("Norms").getAttribute("aria-label")).toContain("forget gate W,1.00");
});

test("of two steps the weights of one are shown, or how they differ", async () => {
  const traits = { _steps: STEPS, step: 1, compared: null, compared_step: 0, comparison: "difference" };
  const model = open({ units: 40 }, traits);
  model.receive({ _scene: { ...makeFake({ timesteps: 20, units: 40 }).scene, step: 1 } });
  await shown();
  const offered = () => page.all('[aria-label="which of both"] button').filter((button) => !button.hidden);
  expect(offered().map((button) => [button.textContent, button.getAttribute("aria-pressed")])).toEqual([
    ["A: b", "false"],
    ["B: a", "false"],
    ["A \u2212 B", "true"],
  ]);
  expect(readout()).toMatch(/unit 2: A \u2212 B, most by W of load = 0\.5000, U of h \d+ = 0\.0000, b = 0\.0000/);
  offered()[0]?.click();
  await until(() => /W of load = 4\.5000/.test(readout()), "the weights of step 1");
  offered()[1]?.click();
  await until(() => /W of load = 4\.0000/.test(readout()), "the weights of step 0");
  expect(canvas("Norms").getAttribute("aria-label")).toContain("W,0.00");
});

test("two samples have the same weights: no difference is offered", async () => {
  const model = open({}, { _steps: STEPS, step: 0, compared: 1, compared_step: null, comparison: "difference" });
  await shown();
  const offered = () => page.all('[aria-label="which of both"] button').filter((button) => !button.hidden);
  expect(offered().length).toBe(2);
  expect(readout()).toContain("W of load = 4.0000");
  model.set("panel", "map");
  await until(() => offered().length === 3, "the difference in the map");
});

test("a layer without weights says so, in the kernel's words", async () => {
  const fake = makeFake({ timesteps: 20, units: 4 });
  const model = withKernel(fake, { traits: { panel: "weights" } });
  const answers = model.onSend;
  model.onSend = (request) => {
    if (request.kind !== "drift") return answers(request);
    setTimeout(() => model.answer({ id: request.id, kind: "error", error: "The weights were not kept." }));
  };
  page = render(model);
  await until(() => page.text(".lw-status").includes("The weights were not kept."), "the reason");
  expect(asked(model, "weights")).toEqual([]);
});

test("of weights that are all NaN no scale is made up, and of those that are not there none is written", async () => {
  const model = open();
  const answers = model.onSend;
  model.onSend = (request) => {
    if (request.kind !== "drift") return answers(request);
    const [some, none] = [Array(6).fill(Number.NaN), [0, ...Array(5).fill(Number.NaN)]];
    const data = Float32Array.from([...some, ...some, ...none]);
    const said = { id: request.id, kind: "drift", steps: [0], gates: ["forget_gate"] };
    setTimeout(() => model.answer(said, [new DataView(data.buffer)]));
  };
  await until(() => page.all(".lw-drift div").some(({ textContent }) => /NaN/.test(textContent ?? "")), "the scale");
  expect(page.all(".lw-drift div").map(({ textContent }) => textContent)).toEqual(["W NaN", "U NaN", "b \u2013"]);
});

test("a step without weights says so where they would be read", async () => {
  const model = open();
  const answers = model.onSend;
  model.onSend = (request) => {
    if (request.kind !== "weights") return answers(request);
    setTimeout(() => model.answer({ id: request.id, kind: "error", error: "They were not kept at this step." }));
  };
  await until(() => readout() === "They were not kept at this step.", "the reason");
  expect(page.text(".lw-status")).toBe("");
});

test("where no weights are, as on an exported page, none are offered", async () => {
  const model = open({ weights: false });
  await frame();
  page.key("w");
  await frame();
  expect(model.sent.filter(({ kind }) => kind === "drift")).toEqual([]);
  expect(page.all(".lw-segment").map((button) => button.textContent)).not.toContain("weights");
  expect(page.find(".lw-map-plot").hidden).toBe(false);
});

test("columns stand in the order of the rows, and of too many every second is there", () => {
  const values = Float32Array.of(0);
  const cells = cellsOf({ features: ["a", "b"], strides: [3, 2], biases: 2, values }, [3, 2, 0, 1], 600);
  expect(cells.map(({ part, name, column }) => [part, name, column])).toEqual([
    [0, "a", 0],
    [0, "b", 1],
    [1, "2", 3],
    [1, "0", 2],
    [2, "b", 4],
    [2, "b\u2032", 5],
  ]);
  const ends = cells.map(({ left, width }) => left + width);
  expect(cells.every(({ left }, k) => !k || left >= (ends[k - 1] ?? 0) - 1e-9)).toBe(true);
  expect(ends.at(-1)).toBeLessThanOrEqual(600);
});

test("a feature beside a thousand units can still be seen", () => {
  const values = Float32Array.of(0);
  const order = Array.from({ length: 1000 }, (_, unit) => unit);
  const [first] = cellsOf({ features: ["x"], strides: [1, 1], biases: 0, values }, order, 600);
  expect(first?.width).toBeGreaterThan(50);
});
