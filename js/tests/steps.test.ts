/** One more slider: the steps of a training, or traces side by side. */

import { afterEach, expect, test } from "vitest";
import type { FakeModel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { hidden, move, openSteps, RECORDED, slider, TWO } from "./fake-steps.ts";
import { frame, type Page, rest, until } from "./render.ts";

let page: Page;
afterEach(() => page.close());

function open(...what: Parameters<typeof openSteps>) {
  const opened = openSteps(...what);
  page = opened.page;
  return opened;
}
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
  move(page, 1);
  await frame();
  expect(slider(page).getAttribute("aria-valuetext")).toBe("epoch 1, loss 3.00, val_loss NaN, val_loss is nan");
  expect(hidden(page)).toBe(1);
  expect(page.root.hasAttribute("data-lw-behind")).toBe(false);
  await until(() => model.get("step") === 1, "the kernel to hear of it");
  expect(model.get("unit")).toBe(unit);
  expect(asked(model, "scene").length).toBe(3);
});

test("what is asked for names its step, so that no cache can mix two", async () => {
  const { model } = open(RECORDED);
  move(page, 0);
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
  move(page, 2);
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

test("at a step that is not proved, the badge says so and the rest is empty", async () => {
  const fake = makeFake({ timesteps: 20, units: 4 });
  open({ ...RECORDED, marks: [[3, "VerificationError: off"]] }, {}, { ...fake, scene: { ...fake.scene, proof: null } });
  await frame();
  expect(page.text(".lw-proof")).toBe("not proved");
  expect(page.find(".lw-proof").title).toBe("VerificationError: off");
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
