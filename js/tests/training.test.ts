/** A training that goes on: the kernel sends its steps along, and hears nothing. */

import { afterEach, expect, test } from "vitest";
import type { SceneRequest, Steps } from "../src/protocol.ts";
import type { FakeModel } from "./fake.ts";
import { type Fake, makeFake } from "./fake-data.ts";
import { hidden, LOSS, move, openSteps, RECORDED, sent, slider } from "./fake-steps.ts";
import { frame, type Page, rest, until } from "./render.ts";

let page: Page;
afterEach(() => page.close());

function open(...what: Parameters<typeof openSteps>) {
  const opened = openSteps(...what);
  page = opened.page;
  return opened;
}
const asked = (model: FakeModel, kind: string) => model.sent.filter((request) => request.kind === kind);

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
  expect(hidden(page)).toBe(3);
  move(page, 1);
  await frame();
  expect(hidden(page)).toBe(1);
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
  expect([here(), hidden(page)]).toEqual(["epoch 4", 4]);
  page.key("<");
  await train(model, fake, [0, 1, 2, 3, 4, 5]);
  await train(model, fake, [0, 1, 2, 3, 4, 5, 6]);
  expect([here(), hidden(page)]).toEqual(["epoch 3", 3]);
  move(page, 6);
  await train(model, fake, [0, 1, 2, 3, 4, 5, 6, 7]);
  expect([here(), hidden(page)]).toEqual(["epoch 7", 7]);
});

test("what a training sends is in the kernel's order of units, whatever the page has chosen since", async () => {
  const { model, fake } = open({ ...RECORDED, training: true });
  await train(model, fake, [0, 1]);
  const order = page.find<HTMLSelectElement>(".lw-sort");
  order.value = "index";
  order.dispatchEvent(new Event("change"));
  await train(model, fake, [0, 1, 2]);
  await train(model, fake, [0, 1, 2, 3]);
  model.receive({ _steps: { ...RECORDED }, sort: "index" });
  const places = () => (asked(model, "scene") as SceneRequest[]).map(({ step, sort }) => [step, sort]);
  await until(() => places().length > 2, "scenes in the new order");
  expect(places()).toContainEqual([3, "index"]);
});

test("the newest step is there for who goes to it, also where the kernel has another on screen", async () => {
  const { model, fake } = open({ ...RECORDED, training: true }, { step: 1 });
  const numbers = [0, 1, 2, 3, 4];
  const { _scene, _overview } = sent(fake, 4);
  await train(model, fake, numbers, { ...sent(fake, 1), step: 1 });
  model.answer({ id: "", kind: "scene", scene: _scene }, [_overview]);
  await frame();
  expect([here(), hidden(page)]).toEqual(["epoch 1", 1]);
  move(page, 4);
  await frame();
  expect([here(), hidden(page)]).toEqual(["epoch 4", 4]);
  expect(page.root.hasAttribute("data-lw-behind")).toBe(false);
});

test("steps that are thinned out move no one from the step on screen, nor what is held beside it", async () => {
  const { model, fake } = open({ ...RECORDED, training: true });
  move(page, 1);
  page.key("C");
  move(page, 2);
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
  expect(Number(slider(page).value)).toBeLessThan(4);
});

test("when a training is over the kernel hears what was chosen last, and the page never leaves it", async () => {
  const { model, fake } = open({ ...RECORDED, training: true, numbers: [0], names: ["epoch 0"] });
  const told: Record<string, unknown>[] = [];
  model.onSave = (changed) => {
    if (changed.has("step")) told.push(Object.fromEntries([...changed].map((name) => [name, model.get(name)])));
  };
  for (const last of [1, 2, 3, 4, 5, 6]) {
    await train(model, fake, [0, 1, 2, 3, 4, 5, 6].slice(0, last + 1));
    if (last > 3) move(page, [2, 0, 1][last - 4] as number);
    await frame();
  }
  const seen = new Set<string>();
  const watch = new MutationObserver(() => seen.add(`${here()}: ${hidden(page)}`));
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

test("while a training runs, what can only come later says so", async () => {
  open({ ...RECORDED, training: true }, { panel: "weights" });
  await frame();
  expect(page.all('canvas[aria-label="Weights come when training is over."]').length).toBe(1);
  expect(page.text(".lw-reading")).toBe("\u2026 comes when training is over");
});
