/** One more slider: the steps of a training, or traces side by side. */

import { afterEach, expect, test } from "vitest";
import type { Request, Steps } from "../src/protocol.ts";
import { clearAt } from "../src/views/steps/clear.ts";
import { ends, logWords } from "../src/views/steps/logs.ts";
import { type FakeModel, overviewBytes, withKernel } from "./fake.ts";
import { type Fake, makeFake } from "./fake-data.ts";
import { frame, type Page, render, rest, until } from "./render.ts";

let page: Page;
afterEach(() => page.close());

const LOSS = [9, 3, 1, 0.5];
const RECORDED: Steps = {
  numbers: [0, 1, 2, 3],
  names: LOSS.map((_, epoch) => `epoch ${epoch}`),
  logs: { loss: [...LOSS], val_loss: [8, null, 2, 1] },
  marks: [[1, "val_loss is nan"]],
  total: 4,
  training: false,
};
const TWO: Steps = { ...RECORDED, numbers: [0, 1], names: ["before", "after"], logs: {}, marks: [], total: 2 };

/** Numbers of its own for each step: h of all units and timesteps is its number. */
function bytesAt(fake: Fake, step: number): DataView {
  const bytes = overviewBytes(fake);
  const { quantities, units } = fake.scene;
  const h = quantities.indexOf("hidden_state") * units * fake.scene.timesteps;
  for (let i = h; i < h + units * fake.scene.timesteps; i++) bytes.setFloat32(4 * i, step, true);
  return bytes;
}

/** A kernel that answers at the pace of a kernel, or not at all while it trains. */
function open(steps: Steps, traits: Record<string, unknown> = {}, fake = makeFake({ timesteps: 20, units: 4 })) {
  const at = Number(traits.step ?? steps.numbers.length - 1);
  const scene = (step: number) => ({ ...fake.scene, step, sample: 3 });
  const first = { _scene: scene(steps.numbers[at] ?? 0), _overview: bytesAt(fake, at), _steps: steps, step: at };
  const model = withKernel(fake, { traits: { ...first, compared: null, compared_step: null, ...traits } });
  const rests = model.onSend;
  const busy = () => (model.get("_steps") as Steps).training;
  model.onSend = (request: Request) => {
    if (busy()) return;
    if (request.kind !== "scene") return rests(request);
    const answer = { id: request.id, kind: "scene", scene: scene(request.step) };
    setTimeout(() => model.answer(answer, [bytesAt(fake, request.step)]), 5);
  };
  model.onSave = (changed) => {
    const number = (model.get("_steps") as Steps).numbers[model.get("step") as number] ?? 0;
    if (changed.has("step") && !busy()) setTimeout(() => model.receive(sent(fake, number)), 20);
  };
  page = render(model);
  return { model, fake };
}

const sent = (fake: Fake, step: number) => ({
  _scene: { ...fake.scene, step, sample: 3 },
  _overview: bytesAt(fake, step),
});
const slider = () => page.find<HTMLInputElement>('.lw-steps input[type="range"]');
const move = (to: number) => {
  slider().value = String(to);
  slider().dispatchEvent(new Event("input"));
};
/** The hidden state of the selected unit, as one reads it. */
const hidden = () => Number(page.all(".lw-numbers dd").at(-1)?.textContent);
const asked = (model: FakeModel, kind: string) => model.sent.filter((request) => request.kind === kind);

test("a trace has one step, and no slider for it", async () => {
  open({ ...RECORDED, numbers: [0], names: [""], logs: {}, marks: [] });
  await frame();
  expect(page.find(".lw-steps").hidden).toBe(true);
});

test("the neighbours are fetched, and scrubbing shows them in the next frame", async () => {
  const { model } = open(RECORDED);
  await until(() => asked(model, "scene").length === 3, "the scenes of the other steps");
  await rest(50);
  const unit = model.get("unit");
  move(1);
  await frame();
  expect(slider().getAttribute("aria-valuetext")).toBe("epoch 1, loss 3.00, val_loss NaN, val_loss is nan");
  expect(hidden()).toBe(1);
  expect(page.root.hasAttribute("data-lw-behind")).toBe(false);
  await until(() => model.get("step") === 1, "the kernel to hear of it");
  expect(model.get("unit")).toBe(unit);
  expect(asked(model, "scene").length).toBe(3);
});

test("what is asked for names its step, so that no cache can mix two", async () => {
  const { model } = open(RECORDED);
  move(0);
  await until(
    () => model.sent.some((request) => request.kind === "parts" && request.step === 0),
    "the parts of step 0",
  );
  for (const request of model.sent) if ("layer" in request) expect(RECORDED.numbers).toContain(request.step);
  // The input is the same at each step: its names are asked for once.
  expect(new Set(asked(model, "labels").map((request) => (request as { step: number }).step))).toEqual(new Set([0]));
});

test("keys and buttons walk through the training, and the mark of a step is read out", async () => {
  const { model } = open(RECORDED, { step: 2 });
  page.key("<");
  await until(() => model.get("step") === 1, "the step before");
  await frame();
  expect(page.text(".lw-steps .lw-input-name")).toContain("val_loss is nan");
  page.key(">");
  page.key(">");
  page.key(">");
  await until(() => model.get("step") === 3, "the last step");
});

test("playing goes on to the last step and stops", async () => {
  const { model } = open(RECORDED, { step: 1 });
  page.find('[aria-label="play the training"]').click();
  await until(() => model.get("step") === 3, "the last step");
  await until(() => page.all('[aria-label="play the training"]').length === 1, "the end of playing");
});

test("a step that is held stays beside all that follow", async () => {
  const { model } = open(RECORDED, { step: 0 });
  page.key("C");
  move(2);
  const words = () => page.all('[aria-label="which of both"] button').map((button) => button.textContent);
  await until(() => words()[0] === "A: epoch 2", "both steps");
  expect(words()).toEqual(["A: epoch 2", "B: epoch 0", "A \u2212 B"]);
  await until(() => model.get("compared_step") === 0, "the kernel to hear of it");
  expect(page.find(".lw-track-plot canvas").getAttribute("aria-label")).toContain("dashed, the same unit in epoch 0");
  page.key("C");
  await until(() => model.get("compared_step") === null, "nothing to be compared");
});

test("two traces stand side by side by their names, and are turned round by a click", async () => {
  const { model } = open(TWO, { step: 1, compared_step: 0, comparison: "difference" });
  await frame();
  const names = page.all(".lw-steps button").map((button) => button.textContent);
  expect(names).toEqual(["before", "after"]);
  page.all(".lw-steps button")[0]?.click();
  await until(() => model.get("step") === 0, "the other trace");
  expect(model.get("compared_step")).toBe(1);
});

test("while a training runs nothing is asked, what was pushed can be scrubbed, and more is asked when it is over", async () => {
  const training = { ...RECORDED, training: true, numbers: [0], names: ["epoch 0"], logs: { loss: [9] }, total: 1 };
  const { model, fake } = open(training);
  await frame();
  for (const step of [1, 2, 3]) {
    const numbers = RECORDED.numbers.slice(0, step + 1);
    model.receive({
      ...sent(fake, step),
      _steps: { ...training, numbers, logs: { loss: LOSS.slice(0, step + 1) } },
      step,
    });
    await frame();
  }
  expect(page.text(".lw-status")).toContain("Training runs");
  expect(hidden()).toBe(3);
  move(1);
  await frame();
  expect(hidden()).toBe(1);
  await rest(50);
  expect(model.sent).toEqual([]);
  model.receive({ _steps: { ...RECORDED } });
  await until(() => asked(model, "parts").length > 0, "exact numbers");
  await frame();
  expect(page.text(".lw-status")).toBe("");
});

/** A kernel that trains: it sends each step, thinned out as `numbers` says, and reads nothing. */
function train(model: FakeModel, fake: Fake, numbers: number[], traits: Record<string, unknown> = {}) {
  const names = numbers.map((number) => `epoch ${number}`);
  const told = { ...RECORDED, training: true, numbers, names, logs: {}, marks: [], total: numbers.length };
  const step = numbers.length - 1;
  model.receive({ ...sent(fake, numbers[step] ?? 0), _steps: told, step, _heard: 0, ...traits });
  return frame();
}
const here = () => page.text(".lw-step-name");

test("who is at the newest step of a training goes on with it, who is elsewhere stays there", async () => {
  const { model, fake } = open({ ...RECORDED, training: true });
  await train(model, fake, [0, 1, 2, 3, 4]);
  expect([here(), hidden()]).toEqual(["epoch 4", 4]);
  page.key("<");
  await train(model, fake, [0, 1, 2, 3, 4, 5]);
  await train(model, fake, [0, 1, 2, 3, 4, 5, 6]);
  expect([here(), hidden()]).toEqual(["epoch 3", 3]);
  move(6);
  await train(model, fake, [0, 1, 2, 3, 4, 5, 6, 7]);
  expect([here(), hidden()]).toEqual(["epoch 7", 7]);
});

test("steps that are thinned out move no one from the step on screen, nor what is held beside it", async () => {
  const { model, fake } = open({ ...RECORDED, training: true });
  move(1);
  page.key("C");
  move(2);
  await frame();
  await train(model, fake, [0, 2, 4], { compared_step: null });
  expect([here(), model.get("step"), model.get("compared_step")]).toEqual(["epoch 2", 1, 0]);
  // A step that is gone is followed by the one before it.
  await train(model, fake, [0, 4], { compared_step: null });
  expect([here(), model.get("step"), model.get("compared_step")]).toEqual(["epoch 0", 0, 0]);
});

test("playing goes on while steps come", async () => {
  const { model, fake } = open({ ...RECORDED, training: true }, { step: 3 });
  for (const number of [4, 5]) await train(model, fake, [...RECORDED.numbers, ...(number > 4 ? [4, 5] : [4])]);
  page.find('[aria-label="play the training"]').click();
  await rest(250);
  await train(model, fake, [0, 1, 2, 3, 4, 5, 6]);
  expect(page.all('.lw-steps [aria-label="pause"]').length).toBe(1);
  expect(Number(slider().value)).toBeLessThan(4);
});

test("when a training is over the kernel hears what was chosen last, and the page never leaves it", async () => {
  const { model, fake } = open({ ...RECORDED, training: true, numbers: [0], names: ["epoch 0"] });
  const told: Record<string, unknown>[] = [];
  model.onSave = (changed) => {
    if (changed.has("step")) told.push(Object.fromEntries([...changed].map((name) => [name, model.get(name)])));
  };
  for (const last of [1, 2, 3, 4, 5, 6]) {
    await train(model, fake, [0, 1, 2, 3, 4, 5, 6].slice(0, last + 1));
    if (last > 3) move([2, 0, 1][last - 4] as number);
    await frame();
  }
  const seen = new Set<string>();
  const watch = new MutationObserver(() => seen.add(`${here()}: ${hidden()}`));
  watch.observe(page.root, { subtree: true, childList: true, characterData: true });
  // The training ends, and units are ordered by its last step.
  fake.scene.order = [3, 2, 1, 0];
  model.receive({ ...sent(fake, 6), _steps: { ...(model.get("_steps") as Steps), training: false }, _heard: 0 });
  await frame();
  expect(page.all('[role="option"]').map((row) => row.textContent)).toEqual(["3", "2", "1", "0"]);
  expect(page.root.hasAttribute("data-lw-behind")).toBe(false);
  // The kernel reads all that it was told meanwhile, one after the other.
  for (const { step, _heard } of told) {
    model.receive({ ...sent(fake, step as number), _heard });
    await frame();
  }
  watch.disconnect();
  expect(told.map(({ step }) => step)).toEqual([2, 2, 0, 0, 1]);
  expect(seen).toEqual(new Set(["epoch 1: 1"]));
});

test("at a step that is not proved, the badge says so and the rest is empty", async () => {
  const fake = makeFake({ timesteps: 20, units: 4 });
  open({ ...RECORDED, marks: [[3, "VerificationError: off"]] }, {}, { ...fake, scene: { ...fake.scene, proof: null } });
  await frame();
  expect(page.text(".lw-proof")).toBe("not proved");
  expect(page.find(".lw-proof").title).toBe("VerificationError: off");
});

test("an empty recording waits, and becomes a widget with the first step", async () => {
  const fake = makeFake({ timesteps: 20, units: 4 });
  const empty = { numbers: [], names: [], logs: {}, marks: [], total: 0, training: false };
  const { model } = open(
    empty,
    { _catalogue: {}, _scene: {}, _overview: new DataView(new ArrayBuffer(0)), step: 0 },
    fake,
  );
  await frame();
  expect(page.text(".lw-waiting")).toContain("Waiting for the first step");
  model.receive({ _catalogue: fake.catalogue, _steps: { ...RECORDED }, ...sent(fake, 3), step: 3 });
  await frame();
  expect(page.all(".lw-waiting")).toEqual([]);
  expect(page.text(".lw-steps")).toContain("epoch 3");
});

test("the loss comes first, whatever a training says before it, and what is cut can be read", async () => {
  const logs = { accuracy: [0.1, 0.2, 0.3, 0.4], sparse_top_k_categorical_accuracy: [1, 1, 1, 1], loss: [...LOSS] };
  open({ ...RECORDED, logs, marks: [] });
  await frame();
  const words = "loss 0.50, accuracy 0.40, sparse_top_k_categorical_accuracy 1.00";
  expect(logWords({ ...RECORDED, logs }, 3)).toBe(words);
  expect(page.text(".lw-steps .lw-input-name .lw-quiet")).toBe(words);
  expect(page.find(".lw-steps .lw-input-name .lw-quiet").title).toBe(words);
  expect(page.find(".lw-curve canvas").getAttribute("aria-label")).toContain("loss over 4 steps");
});

test("a step with a long name keeps the way to compare it in the gutter", async () => {
  const names = LOSS.map((_, epoch) => `fit 12, epoch ${epoch}, batch 1500`);
  open({ ...RECORDED, names });
  await frame();
  const plot = page.find(".lw-curve").getBoundingClientRect().left;
  const [button, name] = [page.find(".lw-steps .lw-text-button"), page.find(".lw-step-name")];
  expect(button.textContent).toBe("compare");
  for (const element of [button, name]) expect(element.getBoundingClientRect().right).toBeLessThan(plot);
  expect(name.title).toBe(names[3]);
  // Its own row, with none of the other buttons over it.
  const others = page.all(".lw-step-row .lw-button").map((each) => each.getBoundingClientRect().right);
  expect(Math.max(...others)).toBeLessThan(button.getBoundingClientRect().left);
});

test.each([
  [0.04451, 0.0447, ["0.0445", "0.0447"]],
  [1.1012, 1.1049, ["1.101", "1.105"]],
  [0.5, 9, ["0.50", "9.00"]],
  [0.00001234, 0.00001238, ["1.23e\u22125", "1.24e\u22125"]],
  [2, 2, ["2.00", "2.00"]],
])("the ends of a curve, %f and %f, can be told apart", (least, most, words) => {
  expect(ends(least, most)).toEqual(words);
});

test("the ends of a curve are written where no line is", () => {
  const [plot, words] = [
    { width: 100, height: 40 },
    { width: 30, height: 12 },
  ] as const;
  const line = (...ys: number[]) => ys.map((y, k) => ({ x: (k + 0.5) * (100 / ys.length), y, clipped: false }));
  // A loss that falls leaves both corners free.
  const falling = [line(3, 20, 36, 37)];
  expect(clearAt(falling, [], words, plot, "right")).toEqual([70, 0]);
  expect(clearAt(falling, [], words, plot, "left")).toEqual([0, 28]);
  // One that rises has them on the other side.
  expect(clearAt([line(37, 36, 20, 3)], [], words, plot, "right")[0]).toBeLessThan(50);
  // A flat one is stepped under, and what stands at the end is kept clear of.
  expect(clearAt([line(3, 3)], [], words, plot, "right")).toEqual([70, 4]);
  expect(clearAt(falling, [99], words, plot, "right")).toEqual([68, 0]);
  // Where there is no room at all they stay in their corner.
  expect(clearAt([line(0, 40, 0, 40, 0, 40, 0, 40)], [], words, plot, "right")).toEqual([70, 0]);
});

test("on the way past the step that is held, nothing moves: it is compared with itself", async () => {
  const { model } = open(RECORDED, { step: 2, comparison: "difference", compared_step: 1 });
  await until(() => asked(model, "scene").length === 3, "the scenes of the other steps");
  await frame();
  const words = () => page.all('[aria-label="which of both"] button:not([hidden])').map((each) => each.textContent);
  const top = () => page.find(".lw-scroller").getBoundingClientRect().top;
  const [before, place] = [words(), top()];
  expect(before).toEqual(["A: epoch 2", "B: epoch 1", "A \u2212 B"]);
  page.key("<");
  await frame();
  expect(words()).toEqual(["A: epoch 1", "B: epoch 1", "A \u2212 B"]);
  expect(page.find('[aria-label="which of both"] [aria-pressed="true"]').textContent).toBe("A \u2212 B");
  expect(page.find('[aria-label="which of both"] button').title).toBe("A is epoch 1, B is the same");
  expect(top()).toBe(place);
});

test("while a training runs, what can only come later says so", async () => {
  open({ ...RECORDED, training: true }, { panel: "weights" });
  await frame();
  expect(page.all('canvas[aria-label="Weights come when training is over."]').length).toBe(1);
  expect(page.text(".lw-reading")).toBe("\u2026 comes when training is over");
});

test("many traces are no training: one is picked from a list", async () => {
  const names = Array.from({ length: 10 }, (_, k) => `trace ${k}`);
  const many = { ...TWO, numbers: [...names.keys()], names, total: 10 };
  const { model } = open(many, { step: 9 });
  await frame();
  expect(page.all(".lw-curve")).toEqual([]);
  const list = page.find<HTMLSelectElement>('.lw-steps select[aria-label="trace"]');
  expect([...list.options].map((option) => option.textContent)).toEqual(names);
  expect(list.value).toBe("9");
  list.value = "4";
  list.dispatchEvent(new Event("change"));
  await until(() => model.get("step") === 4, "the kernel to hear of it");
});

test("names of traces stay in their row, however long, and short ones are never cut", async () => {
  const names = ["a rather long name of the model before its training", "b", "another long name of a model ".repeat(9)];
  open({ ...TWO, numbers: [0, 1, 2], names, total: 3 }, { step: 1, compared_step: 0 });
  await frame();
  const { right } = page.find(".lw-traces").getBoundingClientRect();
  const buttons = page.all(".lw-traces button");
  for (const element of [...buttons, ...page.all(".lw-traces > .lw-quiet")])
    expect(element.getBoundingClientRect().right).toBeLessThanOrEqual(right);
  expect(buttons.map((button) => button.title)).toEqual(names);
  expect(buttons[1]?.scrollWidth).toBeLessThanOrEqual(buttons[1]?.clientWidth ?? 0);
});
