/** Layers of which not all was kept: some quantities, or no weights. */

import { afterEach, expect, test } from "vitest";
import { hue } from "../src/colour.ts";
import { Sheet } from "../src/data/decode.ts";
import { brief } from "../src/format.ts";
import { changes, memoryOf } from "../src/memory.ts";
import type { Scene } from "../src/protocol.ts";
import { sentence } from "../src/views/words.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { type Fake, makeFake, type Options } from "./fake-data.ts";
import { frame, type Page, render, until } from "./render.ts";

const UNIT = 2;
let page: Page;
let fake: Fake;
afterEach(() => page?.close());

function open(options: Options, traits: Record<string, unknown> = {}): FakeModel {
  fake = makeFake({ timesteps: 40, units: 4, ...options });
  const model = withKernel(fake, { traits: { timestep: 9, unit: UNIT, ...traits } });
  page = render(model);
  return model;
}

const at = (quantity: string, t = 9) => fake.row(quantity, UNIT)[t] ?? Number.NaN;
const drawn = () => page.find(".lw-cell-drawing").getAttribute("aria-label") ?? "";
const asked = (model: FakeModel) => model.sent.map(({ kind }) => kind);

test("without weights the cell is drawn with all that its numbers say, and nothing is complained of", async () => {
  const model = open({ weights: false }, { panel: "weights" });
  await until(() => /previous cell state [^\u2026]/.test(drawn()), "the previous states");
  expect(drawn()).toContain(`previous cell state ${brief(at("cell_state", 8))}`);
  expect(drawn()).toContain(`previous hidden state ${brief(at("hidden_state", 8))}`);
  expect(drawn()).toContain(`kept ${brief(at("forget_gate") * at("cell_state", 8))}`);
  expect(drawn()).not.toContain("\u2026");
  model.receive({ timestep: 10 });
  await frame();
  expect(page.text(".lw-status")).toBe("");
  // What needs them is not offered.
  expect(page.all(".lw-segment").map(({ textContent }) => textContent)).not.toContain("weights");
  expect(page.all(".lw-segment").length).toBeGreaterThan(2);
  expect(page.find(".lw-map-plot").checkVisibility()).toBe(true);
  page.key("w");
  await frame();
  expect(asked(model)).not.toContain("drift");
  expect(asked(model)).not.toContain("weights");
});

test("without weights a gate says why it has no equation, and a state has one", async () => {
  open({ weights: false });
  await until(() => /previous cell state [^\u2026]/.test(drawn()), "the previous states");
  page.find<HTMLElement>('.lw-cell button[aria-label*=" forget gate: "]').click();
  await frame();
  expect(page.find(".lw-equation").checkVisibility()).toBe(false);
  expect(page.text(".lw-reading")).toContain("needs the weights, and they were not kept");
  page.find<HTMLElement>('.lw-cell button[aria-label*=" cell state: "]').click();
  await frame();
  expect(page.find(".lw-equation").getAttribute("aria-label")).toContain(brief(at("cell_state")));
  expect(page.text(".lw-reading")).not.toContain("weights");
});

test("a simple cell without weights leaves out what it added up", async () => {
  open({ cell: "simple_rnn", weights: false });
  await until(() => /previous hidden state [^\u2026]/.test(drawn()), "the previous state");
  expect(drawn()).toBe(`previous hidden state ${brief(at("hidden_state", 8))}`);
});

test("a word has its colour whatever else was kept", async () => {
  open({ kept: ["forget_gate", "cell_state"] });
  await frame();
  const { catalogue, scene } = fake;
  const bare = document.createElement("i");
  for (const selector of [".lw-tracks .lw-symbol", ".lw-numbers .lw-symbol"])
    for (const [k, quantity] of scene.quantities.entries()) {
      const whole = makeFake({ timesteps: 40, units: 4 });
      bare.style.color = hue(whole.catalogue, whole.scene.layer, quantity, false);
      expect(hue(catalogue, scene.layer, quantity, false)).toBe(hue(whole.catalogue, scene.layer, quantity, false));
      expect((page.all(selector)[k] as HTMLElement).style.color).toBe(bare.style.color);
    }
});

test("what cannot be ordered by is not offered", async () => {
  const options = () => [...page.find(".lw-sort").querySelectorAll("option")].filter(({ hidden }) => !hidden);
  open({ kept: ["input_gate", "cell_state"] });
  await frame();
  expect(options().map(({ value }) => value)).toEqual(["change", "index", "saturation", "similarity"]);
  page.close();
  open({ kept: ["forget_gate"] });
  await frame();
  expect(options().map(({ value }) => value)).toEqual(["change", "index", "saturation", "half_life"]);
});

test("what was written follows from the memory and its keeper", () => {
  const few = makeFake({ timesteps: 12, units: 1, kept: ["forget_gate", "cell_state"] });
  const all = makeFake({ timesteps: 12, units: 1 });
  const found = [few, all].map(({ scene, row }) => {
    const block = { quantities: scene.quantities, units: [0], start: 0, stop: 12, stride: 1 };
    const sheet = new Sheet(block, Float32Array.from(scene.quantities.flatMap((quantity) => [...row(quantity, 0)])));
    const memory = memoryOf(scene);
    return memory ? changes(scene, sheet, 0, memory) : [];
  });
  // What was there before the first step is not known.
  expect(found[0]?.length).toBe(11);
  for (const [k, change] of (found[0] ?? []).entries()) {
    expect(change.timestep).toBe(found[1]?.[k + 1]?.timestep);
    expect(change.written).toBeCloseTo(found[1]?.[k + 1]?.written ?? Number.NaN, 5);
    expect(change.erased).toBeCloseTo(found[1]?.[k + 1]?.erased ?? Number.NaN, 5);
  }
  for (const kept of [["forget_gate"], ["cell_state", "input_gate"], ["hidden_state"]])
    expect(memoryOf(makeFake({ timesteps: 2, units: 1, kept }).scene)).toBeNull();
});

test("the sentence says what it can", () => {
  const say = (kept: string[], options: Options = {}, t = 5) => {
    fake = makeFake({ timesteps: 12, units: 3, kept, ...options });
    const read = (quantity: string, at: number) =>
      kept.includes(quantity) ? { value: fake.row(quantity, UNIT)[at] ?? Number.NaN, exact: true } : undefined;
    return sentence(fake.scene as Scene, read, UNIT, t, `t = ${t}`)?.replace(`Unit 2, t = ${t}: `, "");
  };
  const all = ["input_gate", "forget_gate", "cell_candidate", "output_gate", "cell_state", "hidden_state"];
  expect(say(["forget_gate", "cell_state"])).toBe(say(all));
  expect(say(["forget_gate", "cell_state"], {}, 0)).toBe(
    `the layer's first step makes c ${brief(at("cell_state", 0))}.`,
  );
  const cell = [4, 5].map((t) => brief(at("cell_state", t)));
  expect(say(["input_gate", "cell_state"])).toBe(`c goes from ${cell[0]} to ${cell[1]}.`);
  expect(say(["forget_gate", "hidden_state"])).toMatch(/^h goes from/);
  expect(say(["input_gate", "forget_gate"])).toBe(
    `input gate ${brief(at("input_gate", 5))}, forget gate ${brief(at("forget_gate", 5))}.`,
  );
  expect(say(["forget_gate"], { masked: [[5, 6]] })).toBe("masked; nothing is computed.");
  expect(say(["update_gate", "hidden_state"], { cell: "gru" })).toMatch(/^h goes from/);
});
