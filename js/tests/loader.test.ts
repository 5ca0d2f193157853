import { afterEach, beforeEach, expect, test } from "vitest";
import { createLoader, type Loader } from "../src/data/loader.ts";
import { type Body, createRequests } from "../src/data/requests.ts";
import type { SamplesRequest } from "../src/protocol.ts";
import { createStore, SILENT, type Store } from "../src/store.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { line } from "./fake-line.ts";
import { frame, until } from "./render.ts";

let model: FakeModel;
let end: AbortController;
let store: Store;
let loader: Loader;
const started = () => model.sent.map((request) => (request as SamplesRequest).start);
const reply = (index: number) => model.reply(index, { start: index, samples: [{ label: `${index}` }] });

beforeEach(() => {
  model = withKernel(makeFake({ timesteps: 4, units: 2 }));
  model.onSend = () => {};
  end = new AbortController();
  store = createStore(model, end.signal);
  loader = createLoader(createRequests(model, end.signal, 80), store, end.signal);
});
afterEach(() => end.abort());

test("what is wanted is asked for in the next frame, a few at once, and kept", async () => {
  loader.want("view", [0, 1, 2, 3, 4, 5].map(line));
  expect(started()).toEqual([]);
  await frame();
  expect(started()).toEqual([0, 1, 2, 3]);
  reply(0);
  await frame();
  expect(started()).toEqual([0, 1, 2, 3, 4]);
  expect(loader.get(line(0))).toMatchObject({ samples: [{ label: "0" }] });
  loader.want("view", [line(0)]);
  await frame();
  expect(started()).toHaveLength(5);
});

test("what is no longer wanted is never asked for", async () => {
  loader.want("view", [0, 1, 2, 3, 4].map(line));
  await frame();
  loader.want("view", [line(9)]);
  for (const index of [0, 1, 2, 3]) reply(index);
  await frame();
  expect(started()).toEqual([0, 1, 2, 3, 9]);
});

test("two that want the same ask once", async () => {
  loader.want("one", [line(3)]);
  loader.want("other", [line(3)]);
  await frame();
  expect(started()).toEqual([3]);
});

test("a refusal is said and not asked for again", async () => {
  const body: Body = { kind: "labels", layer: "encoder", sample: 3, step: 0, start: 0, stop: 9 };
  loader.want("view", [body]);
  await frame();
  model.reply(0, { kind: "error", error: "labels: start=0 is outside" });
  await frame();
  expect(store.trouble.value).toContain("start=0 is outside");
  loader.want("view", [body]);
  await frame();
  expect(started()).toEqual([0]);
});

test("what the picker asked for is refused to the picker alone", async () => {
  loader.want("view", [line(0)]);
  await frame();
  model.reply(0, { kind: "error", error: "samples: needs targets=" });
  await frame();
  expect(store.trouble.value).toBe("");
  expect(loader.refusal(line(0))).toBe("samples: needs targets=");
  expect(loader.refusal(line(1))).toBe("");
});

test("silence is said, and any answer takes it back", async () => {
  loader.want("view", [line(0)]);
  await until(() => store.trouble.value === SILENT, "words about the silence");
  loader.want("view", [line(1)]);
  await frame();
  reply(1);
  await frame();
  expect(store.trouble.value).toBe("");
  expect(started()).toEqual([0, 1]);
});

test("numbers that are forgotten do not come back by a late answer", async () => {
  loader.want("view", [line(0)]);
  await frame();
  loader.want("view", []);
  loader.forget();
  reply(0);
  await frame();
  expect(loader.get(line(0))).toBeUndefined();
});

test("a tile whose buffer does not fit is not shown", async () => {
  const block = { quantities: ["f"], units: [0], start: 0, stop: 4, stride: 1 };
  const body: Body = { kind: "tile", layer: "encoder", sample: 3, step: 0, ...block };
  loader.want("view", [body]);
  await frame();
  model.reply(0, { layer: "encoder", sample: 3, block }, [new Uint8Array(15)]);
  await frame();
  expect(loader.tile(body)).toBeUndefined();
});

test("memory is bounded: the least recently used go first", async () => {
  const blockAt = (start: number) => {
    return { quantities: ["f"], units: [0], start, stop: start + 5_000_000, stride: 1 };
  };
  const tile = (start: number): Body => ({ kind: "tile", layer: "encoder", sample: 3, step: 0, ...blockAt(start) });
  for (const [index, start] of [0, 1, 2].entries()) {
    loader.want("view", [tile(start)]);
    await frame();
    model.reply(index, { layer: "encoder", sample: 3, block: blockAt(start) }, [new Float32Array(5_000_000)]);
    await frame();
    loader.tile(tile(0));
  }
  expect([0, 1, 2].map((start) => Boolean(loader.tile(tile(start))))).toEqual([true, false, true]);
});
