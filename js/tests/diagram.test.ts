import { afterEach, expect, test } from "vitest";
import { brief } from "../src/format.ts";
import { halfLife } from "../src/views/diagram/equation.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { type Fake, makeFake, type Options } from "./fake-data.ts";
import { partsOf } from "./fake-parts.ts";
import { frame, type Page, render, until } from "./render.ts";

const UNIT = 2;
let page: Page;
let model: FakeModel & { dead: boolean };
let fake: Fake;

async function open(options: Options = {}, traits: Record<string, unknown> = {}, change = (_: Fake) => {}) {
  fake = makeFake({ timesteps: 40, units: 5, ...options });
  change(fake);
  model = withKernel(fake, { traits: { timestep: 9, unit: UNIT, ...traits } });
  page = render(model);
  await until(() => page.all("text").length > 0 && !/previous \w+ \w+ \u2026/.test(drawn()), "the parts");
}
afterEach(() => page.close());

const at = (quantity: string, t = 9) => fake.row(quantity, UNIT)[t] ?? Number.NaN;
/** What the drawing says beside its buttons, by name. */
const drawn = () => page.find(".lw-cell-drawing").getAttribute("aria-label") ?? "";
const button = (label: string) => page.find(`.lw-cell button[aria-label*=" ${label}: "]`);
const shown = (label: string) => button(label).querySelector(".lw-figure")?.textContent;
const equation = () => page.find(".lw-equation").getAttribute("aria-label") ?? "";
const press = async (label: string) => {
  button(label).click();
  await frame();
};
const go = async (traits: Record<string, unknown>) => {
  model.receive(traits);
  await frame();
};

test("the numbers in the drawing are the scene's", async () => {
  await open();
  for (const quantity of fake.scene.quantities) expect(shown(quantity.replace("_", " "))).toBe(brief(at(quantity)));
  const [kept, written] = [at("forget_gate") * at("cell_state", 8), at("input_gate") * at("cell_candidate")];
  for (const words of [
    `previous cell state ${brief(at("cell_state", 8))}`,
    `previous hidden state ${brief(at("hidden_state", 8))}`,
    `kept ${brief(kept)}`,
    `written ${brief(written)}`,
    `activated c ${brief(Math.tanh(at("cell_state")))}`,
  ])
    expect(drawn()).toContain(words);
  expect(page.find(".lw-diagram").getAttribute("aria-label")).toBe(`LSTM cell of unit ${UNIT} at t = 9`);
  expect(page.text(".lw-cell-note")).toBe(halfLife(at("forget_gate")));
});

test("the more open a gate, the heavier the line", async () => {
  await open();
  const heavy = () => Number(page.find(".lw-cell-drawing .lw-wire:nth-of-type(2) path").style.strokeWidth);
  for (const timestep of [3, 9, 20]) {
    await go({ timestep });
    expect(heavy()).toBeCloseTo(0.6 + 3 * at("forget_gate", timestep), 3);
  }
});

test("a gate opens its equation, shows itself in the map, and closes it again", async () => {
  await open({}, { quantity: "hidden_state" });
  await press("forget gate");
  expect([model.get("equation"), model.get("quantity")]).toEqual(["forget_gate", "forget_gate"]);
  expect(button("forget gate").getAttribute("aria-pressed")).toBe("true");
  const numbers = (
    equation()
      .replaceAll("\u2212", "-")
      .match(/-? ?\d+\.\d+/g) ?? []
  ).map((n) => Number(n.replace(" ", "")));
  expect(equation()).toMatch(/^f = sigmoid\([^)]*\) = [^ ]+$/);
  const [input = 0, recurrent = 0, bias = 0, result] = numbers;
  expect(1 / (1 + Math.exp(-(input + recurrent + bias)))).toBeCloseTo(result ?? 0, 1);
  expect(page.all(".lw-under").map((name) => name.textContent)).toEqual(["input", "recurrent", "bias"]);
  await press("forget gate");
  expect(model.get("equation")).toBe("");
  expect(page.find(".lw-equation").hidden).toBe(true);
});

test("c and h have equations of the numbers that made them", async () => {
  await open({}, { equation: "cell_state" });
  const g = at("cell_candidate");
  const factor = g < 0 ? `(${brief(g)})` : brief(g);
  const [f, before, i] = [at("forget_gate"), at("cell_state", 8), at("input_gate")].map(brief);
  const product = before?.startsWith("\u2212") ? `(${before})` : before;
  expect(equation()).toBe(`c = ${f} \u00d7 ${product} + ${i} \u00d7 ${factor} = ${brief(at("cell_state"))}`);
  expect(page.all(".lw-under").map((name) => name.textContent)).toEqual(["f", "cprev", "i", "g"]);
  await press("hidden state");
  expect(equation()).toBe(
    `h = ${brief(at("output_gate"))} \u00d7 tanh(${brief(at("cell_state"))}) = ${brief(at("hidden_state"))}`,
  );
});

test("previous at the start is the initial state, in a backward layer the next timestep's", async () => {
  await open({ direction: "backward" }, { timestep: 39 });
  expect(drawn()).toContain("previous cell state 0.00");
  await go({ timestep: 9 });
  expect(drawn()).toContain(`previous cell state ${brief(at("cell_state", 10))}`);
});

test("a backward layer's drawing is mirrored: it reads from right to left", async () => {
  const left = (label: string) => button(label).getBoundingClientRect().left;
  await open();
  expect(left("forget gate")).toBeLessThan(left("output gate"));
  page.close();
  await open({ direction: "backward" });
  expect(left("forget gate")).toBeGreaterThan(left("output gate"));
  expect(left("cell state")).toBeLessThan(left("output gate"));
  expect(page.text(".lw-diagram-bar")).toContain("read backward");
});

test("a masked timestep computes nothing and carries its states", async () => {
  await open({ masked: [[8, 12]] });
  expect(page.text(".lw-cell-note")).toBe("masked: nothing is computed, c and h carried");
  for (const gate of ["input gate", "forget gate", "cell candidate", "output gate"]) expect(shown(gate)).toBe("");
  expect(drawn()).toContain(`previous cell state ${brief(at("cell_state", 7))}`);
  expect(shown("cell state")).toBe(brief(at("cell_state", 7)));
  expect(drawn()).not.toContain("kept");
  await go({ timestep: 12 });
  await until(() => drawn().includes("kept"), "the step after the mask");
  await until(() => !drawn().includes("\u2026"), "its parts");
  expect(drawn()).toContain(`previous cell state ${brief(at("cell_state", 7))}`);
});

test("a GRU keeps with z, writes with 1 - z, and r stands before the recurrent part", async () => {
  await open({ cell: "gru" }, { equation: "candidate" });
  const z = at("update_gate");
  expect(drawn()).toContain(`1 \u2212 z ${brief(1 - z)}`);
  expect(drawn()).toContain(`kept ${brief(z * at("hidden_state", 8))}, 1`);
  expect(drawn()).toContain(`written ${brief((1 - z) * at("candidate"))}`);
  expect(page.all(".lw-under").map((name) => name.textContent)).toEqual(["input", "r", "recurrent", "bias"]);
  page.close();
  await open({ cell: "gru" }, { equation: "candidate" }, ({ catalogue }) => {
    for (const layer of catalogue.layers) layer.reset_after = false;
  });
  expect(page.all(".lw-under").map((name) => name.textContent)).toEqual(["input", "recurrent", "bias"]);
});

test("a simple cell is one sum, and an activation's name is what the kernel calls it", async () => {
  await open({ cell: "simple_rnn" }, { equation: "hidden_state" }, ({ catalogue }) => {
    for (const layer of catalogue.layers) layer.activation = "<b>swish</b>";
  });
  const [input] = partsOf(fake, UNIT).rows;
  expect(drawn()).toContain(`hidden state input ${brief(input?.[9] ?? 0)}`);
  expect(equation()).toMatch(/^h = <b>swish<\/b>\(/);
  expect(page.root.querySelector("b")).toBeNull();
});

test("the veil hides every number of the side and of the caption; a gate lifts it, a step brings it back", async () => {
  await open({}, { equation: "cell_state" });
  page.key("v");
  await frame();
  expect(model.get("veiled")).toBe(true);
  const side = page.find(".lw-side");
  const said = () =>
    [...side.querySelectorAll("*")].flatMap((e) => [
      e.textContent,
      e.getAttribute("aria-label"),
      (e as HTMLElement).title,
    ]);
  expect(said().filter((words) => /\d\.\d/.test(words ?? ""))).toEqual([]);
  expect(page.text(".lw-caption")).not.toMatch(/\d\.\d/);
  expect(page.all(".lw-dot").every((dot) => dot.hidden)).toBe(true);
  expect(page.all(".lw-gauge").map((gauge) => gauge.style.clipPath)).toEqual(
    Array(6).fill(expect.stringMatching(/inset\((100% 0px 0%|50% 0px)/)),
  );
  expect(side.querySelectorAll('.lw-wire path[style*="stroke-width"]')).toHaveLength(0);

  await press("forget gate");
  expect(shown("forget gate")).toBe(brief(at("forget_gate")));
  expect(shown("input gate")).toBe("?");
  expect(equation()).toMatch(/ = \d\.\d+$/);
  page.key("ArrowRight", button("forget gate"));
  await frame();
  expect(model.get("timestep")).toBe(10);
  expect(shown("forget gate")).toBe("?");
  expect(equation()).toBe("f = sigmoid(? + ? + ?) = ?");
  page.key("v");
  await frame();
  expect(shown("forget gate")).toBe(brief(at("forget_gate", 10)));
});

test("Escape closes the equation and stays in the widget", async () => {
  await open({}, { equation: "forget_gate" });
  button("forget gate").focus();
  expect(page.key("Escape", button("forget gate")).defaultPrevented).toBe(true);
  await frame();
  expect(model.get("equation")).toBe("");
  expect(document.activeElement).toBe(button("forget gate"));
  page.key("Escape", button("forget gate"));
  expect(document.activeElement).not.toBe(button("forget gate"));
});

test("folded, the exact numbers stay, and nothing is asked for", async () => {
  await open({}, { diagram: true });
  const fold = page.all(".lw-diagram-bar button")[1];
  fold?.click();
  await frame();
  expect(model.get("diagram")).toBe(false);
  expect(page.find(".lw-cell").offsetHeight).toBe(0);
  expect(fold?.textContent).toBe("cell diagram");
  expect(page.all(".lw-numbers dd")).toHaveLength(6);
  const asked = model.sent.length;
  await go({ unit: 4 });
  expect(model.sent.slice(asked).filter(({ kind }) => kind === "parts")).toEqual([]);
});

test("NaN and infinity are shown as such", async () => {
  await open({}, { equation: "cell_state" }, ({ row }) => {
    row("cell_state", UNIT)[9] = Number.POSITIVE_INFINITY;
    row("forget_gate", UNIT)[9] = Number.NaN;
  });
  expect(shown("cell state")).toBe("\u221e");
  expect(shown("forget gate")).toBe("NaN");
  expect(drawn()).toContain("kept NaN");
  expect(page.text(".lw-cell-note")).toBe("half-life NaN");
});

test("until the parts are here, what is not known is not said", async () => {
  fake = makeFake({ timesteps: 40, units: 5 });
  model = withKernel(fake, { traits: { timestep: 9, unit: UNIT, equation: "forget_gate" } });
  model.dead = true;
  page = render(model);
  await frame();
  expect(drawn()).toContain("previous cell state \u2026, kept \u2026, written");
  expect(equation()).toBe(`f = sigmoid(\u2026 + \u2026 + \u2026) = ${brief(at("forget_gate"))}`);
});

test("half-lives in words", () => {
  expect(halfLife(0.5)).toBe("half-life 1.0 steps");
  expect(halfLife(0.93)).toBe("half-life 9.6 steps");
  expect(halfLife(0.9999)).toBe("half-life 6931 steps");
  expect(halfLife(1)).toBe("half-life: never fades");
  expect(halfLife(0)).toBe("half-life: gone at once");
  expect(halfLife(Number.NaN)).toBe("half-life NaN");
});
