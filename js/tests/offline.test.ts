import { afterEach, expect, test } from "vitest";
import fixture from "../../tests/fixtures/page.json";
import { floats } from "../src/data/decode.ts";
import type { Model } from "../src/model.ts";
import { bytesOf, type Embedded } from "../src/offline/embedded.ts";
import { createModel } from "../src/offline/model.ts";
import type { Request, Scene } from "../src/protocol.ts";
import { createStore } from "../src/store.ts";
import { pythonLine } from "../src/views/copy.ts";
import { fileName } from "../src/views/export/file.ts";
import type { FakeModel } from "./fake.ts";
import { frame, type Page, render, until } from "./render.ts";

const embedded = () => structuredClone(fixture.embedded) as unknown as Embedded;

let page: Page | undefined;
afterEach(() => {
  page?.close();
  page = undefined;
});

function ask(model: Model, request: unknown): Promise<[message: unknown, buffers: unknown[]]> {
  return new Promise((resolve) => {
    model.on("msg:custom", (message, buffers) => resolve([message, buffers]));
    model.send(request);
  });
}

test.each(fixture.asked.map(([request, answer, buffers]) => [(request as Request).kind, request, answer, buffers]))(
  "%s is answered as the kernel answers it",
  async (_, request, answer, buffers) => {
    const [message, got] = await ask(createModel(embedded()), request);
    expect(message).toEqual(answer);
    expect(got.length).toBe((buffers as string[]).length);
    for (const [i, expected] of (buffers as string[]).entries()) {
      const bytes = bytesOf(expected);
      const wanted = floats(bytes, 0, bytes.length / 4) ?? [];
      const found = floats(got[i], 0, bytes.length / 4) ?? [];
      expect((got[i] as ArrayBufferView).byteLength).toBe(bytes.length);
      // A mean may be rounded differently; nothing else may.
      for (const [k, value] of [...wanted].entries()) {
        if (Number.isNaN(value)) expect(found[k]).toBeNaN();
        else expect(Math.abs((found[k] ?? Number.NaN) - value)).toBeLessThanOrEqual(1e-7 * Math.abs(value));
      }
    }
  },
);

test("the overview is the kernel's to the last bit, and so are the orders by similarity", () => {
  const model = createModel(embedded());
  expect([...(model.get("_overview") as Uint8Array)]).toEqual([...bytesOf(fixture.overview)]);
  for (const [sort, order] of Object.entries(fixture.orders)) {
    model.set("sort", sort);
    model.save_changes();
    expect((model.get("_scene") as Scene).order).toEqual(order);
  }
});

test("what needs a kernel is refused in so many words", async () => {
  const model = createModel(embedded());
  const [message] = await ask(model, { id: "w:1", kind: "refresh" });
  expect(message).toEqual({ id: "w:1", kind: "error", error: expect.stringContaining("no kernel") });
  const [other] = await ask(model, { id: "w:2", kind: "telepathy" });
  expect(other).toEqual({ id: "w:2", kind: "error", error: expect.stringContaining("telepathy needs a kernel") });
  const [gone] = await ask(model, { id: "w:3", kind: "saturation", layer: "lstm", sample: 9 });
  expect(gone).toEqual({ id: "w:3", kind: "error", error: expect.stringContaining("sample 9") });
});

test("another sample swaps the scene, and what does not fit there is let go", () => {
  const model = createModel(embedded());
  for (const [name, value] of Object.entries({ sample: 0, timestep: 99, pinned: [1, 12], range: [3, 40], compared: 3 }))
    model.set(name, value);
  model.save_changes();
  expect((model.get("_scene") as Scene).title).toBe("sample 0");
  expect(["timestep", "pinned", "range", "compared"].map(model.get)).toEqual([11, [1], null, null]);
  expect(model.get("zoom"), "it was zoomed to the whole").toEqual([0, 5]);
});

test("a sample or layer that is not there leaves a scene that is", () => {
  const model = createModel(embedded());
  model.set("sample", 40);
  model.save_changes();
  expect([model.get("sample"), (model.get("_scene") as Scene).sample]).toEqual([2, 2]);
});

test("the widget works on it: time, units, samples, equations, all without a kernel", async () => {
  page = render(createModel(embedded()) as unknown as FakeModel);
  const widget = page;
  await frame();
  widget.key("ArrowRight");
  widget.key("ArrowDown");
  await until(() => widget.text(".lw-side").includes("t = 4 \u00b7 Ähre"), "its own name");
  widget.find('[aria-label="next sample"]').click();
  await until(() => widget.text(".lw-samples").includes("sample 4"), "the next sample, under its own name");
  expect(widget.text(".lw-caption"), "no word of a kernel").not.toMatch(/kernel/i);
});

test("what leaves the page has the numbers of what the page is a part of", () => {
  const model = createModel(embedded());
  const store = createStore(model, new AbortController().signal);
  // Its second sample is the whole's fourth, its first timestep the third.
  expect(pythonLine(store)).toBe(
    'lw.LSTMWidget(model, x, layer="lstm", sample=3, timestep=5, unit=2, quantity="forget_gate")',
  );
  expect(fileName(store, "csv")).toBe("lstm-sample-3-unit-2.csv");
});
