/** A widget over several steps, whose hidden state is the number of the step, and a kernel that is busy while it trains. */

import type { Request, Steps } from "../src/protocol.ts";
import { overviewBytes, withKernel } from "./fake.ts";
import { type Fake, makeFake } from "./fake-data.ts";
import { type Page, render } from "./render.ts";

export const LOSS = [9, 3, 1, 0.5];
export const RECORDED: Steps = {
  numbers: [0, 1, 2, 3],
  names: LOSS.map((_, epoch) => `epoch ${epoch}`),
  logs: { loss: [...LOSS], val_loss: [8, null, 2, 1] },
  marks: [[1, "val_loss is nan"]],
  total: 4,
  training: false,
};
export const TWO: Steps = { ...RECORDED, numbers: [0, 1], names: ["before", "after"], logs: {}, marks: [], total: 2 };

/** Numbers of its own for each step: h of all units and timesteps is its number. */
function bytesAt(fake: Fake, step: number): DataView {
  const bytes = overviewBytes(fake);
  const { quantities, units } = fake.scene;
  const h = quantities.indexOf("hidden_state") * units * fake.scene.timesteps;
  for (let i = h; i < h + units * fake.scene.timesteps; i++) bytes.setFloat32(4 * i, step, true);
  return bytes;
}

/** A kernel that answers at the pace of a kernel, or not at all while it trains. */
export function openSteps(
  steps: Steps,
  traits: Record<string, unknown> = {},
  fake = makeFake({ timesteps: 20, units: 4 }),
) {
  const at = Number(traits.step ?? steps.numbers.length - 1);
  const scene = (step: number) => ({ ...fake.scene, step, sample: 3 });
  const first = { _scene: scene(steps.numbers[at] ?? 0), _overview: bytesAt(fake, at), _steps: steps, step: at };
  const model = withKernel(fake, { traits: { ...first, compared: null, compared_step: null, ...traits } });
  const rests = model.onSend;
  const busy = () => (model.get("_steps") as Steps).training;
  model.onSend = (request: Request) => {
    if (busy()) return;
    if (request.kind !== "scene") return rests(request);
    const answer = { id: request.id, kind: "scene", scene: { ...scene(request.step), sort: request.sort } };
    setTimeout(() => model.answer(answer, [bytesAt(fake, request.step)]), 5);
  };
  model.onSave = (changed) => {
    const number = (model.get("_steps") as Steps).numbers[model.get("step") as number] ?? 0;
    if (changed.has("step") && !busy()) setTimeout(() => model.receive(sent(fake, number)), 20);
  };
  return { model, fake, page: render(model) };
}

export const sent = (fake: Fake, step: number) => ({
  _scene: { ...fake.scene, step, sample: 3 },
  _overview: bytesAt(fake, step),
});
export const slider = (page: Page) => page.find<HTMLInputElement>('.lw-steps input[type="range"]');
export const move = (page: Page, to: number) => {
  slider(page).value = String(to);
  slider(page).dispatchEvent(new Event("input"));
};
/** The hidden state of the selected unit, as one reads it. */
export const hidden = (page: Page) => Number(page.all(".lw-numbers dd").at(-1)?.textContent);
