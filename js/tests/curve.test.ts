/** What is written at a step: its name, the loss, and what the ends of the curve are. */

import { afterEach, expect, test } from "vitest";
import { clearAt } from "../src/views/steps/clear.ts";
import { ends, logWords } from "../src/views/steps/logs.ts";
import { LOSS, openSteps, RECORDED } from "./fake-steps.ts";
import { frame, type Page } from "./render.ts";

let page: Page;
afterEach(() => page?.close());

function open(...what: Parameters<typeof openSteps>) {
  const opened = openSteps(...what);
  page = opened.page;
  return opened;
}

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
