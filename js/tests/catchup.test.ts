import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BEHIND } from "../src/catchup.ts";
import type { Request } from "../src/protocol.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, type Page, render } from "./render.ts";

let page: Page | undefined;
let model: FakeModel & { dead: boolean };
/** How many times the kernel has sent traits, and what it sends when it is asked for all. */
let kernel: { count: number; send(): void };
let delay: number;

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => {
  page?.close();
  vi.useRealTimers();
});

/** A view of a kernel that has sent once. */
async function open(traits: Record<string, unknown> = { _revision: 1 }): Promise<Page> {
  model = withKernel(makeFake({ timesteps: 8, units: 4 }), { traits });
  kernel = { count: 1, send: () => model.receive({ unit: 3, _revision: kernel.count }) };
  delay = 5;
  const others = model.onSend;
  model.onSend = (request) => {
    if (request.kind !== "state") return others(request);
    setTimeout(() => model.dead || answer(request), delay);
  };
  page = render(model);
  await vi.advanceTimersByTimeAsync(50);
  return page;
}

function answer({ id, kind, send }: Extract<Request, { kind: "state" }>): void {
  if (send) {
    kernel.count++;
    kernel.send();
  }
  model.answer({ id, kind, revision: kernel.count });
}

const asked = () => model.sent.flatMap((request) => (request.kind === "state" ? [request.send] : []));
const comeBack = () => window.dispatchEvent(new Event("focus"));

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await frame();
}

test("who comes back to a page that has all is asked nothing more", async () => {
  const { text } = await open();
  comeBack();
  await pass(50);
  expect(asked()).toEqual([false]);
  expect(text(".lw-status")).toBe("");
});

test("what was lost is sent once more", async () => {
  const { text } = await open();
  kernel.count = 2;
  document.documentElement.dispatchEvent(new Event("pointerenter"));
  await pass(50);
  expect(asked()).toEqual([false, true]);
  expect(text(".lw-caption")).toContain("Unit 3");
  expect(text(".lw-status")).toBe("");
});

test("what is lost once more is said, until it comes", async () => {
  const { text } = await open();
  kernel.count = 2;
  kernel.send = () => {};
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(50);
  expect(text(".lw-status")).toBe(BEHIND);
  model.receive({ unit: 1, _revision: 3 });
  await pass(0);
  expect(text(".lw-status")).toBe("");
});

test("a kernel that says it is ahead, and then nothing, is ahead", async () => {
  const { text } = await open();
  kernel.count = 2;
  kernel.send = () => {
    model.dead = true;
  };
  const send = model.answer.bind(model);
  model.answer = (message) => model.dead || send(message);
  comeBack();
  await pass(50);
  expect(text(".lw-status")).toBe("");
  await pass(10_000);
  expect(text(".lw-status")).toBe(BEHIND);
});

test("a late answer says nothing, and the next one is asked for anew", async () => {
  const { text } = await open();
  kernel.count = 2;
  delay = 11_000;
  comeBack();
  await pass(20_000);
  expect(asked()).toEqual([false]);
  expect(text(".lw-status")).toBe("");
  delay = 5;
  comeBack();
  await pass(50);
  expect(text(".lw-caption")).toContain("Unit 3");
});

test("without a kernel nothing is said", async () => {
  const { text } = await open();
  model.onSend = () => {
    throw new Error("comm is closed");
  };
  comeBack();
  await pass(50);
  expect(asked()).toEqual([false]);
  expect(text(".lw-status")).not.toContain(BEHIND);
});

test("an exported page, which counts nothing, does not ask", async () => {
  await open({});
  comeBack();
  await pass(50);
  expect(asked()).toEqual([]);
});

test("however often somebody comes and goes, the kernel is asked every two seconds, and after the last time", async () => {
  await open();
  for (let k = 0; k < 100; k++) {
    comeBack();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(asked().length).toBeLessThanOrEqual(6);
  kernel.count = 2;
  await pass(2_100);
  expect(asked().at(-1)).toBe(true);
  const before = asked().length;
  await pass(60_000);
  expect(asked()).toHaveLength(before);
});

test("a page that waits for the first step of a training catches up too", async () => {
  const { root, text, all } = await open({ _revision: 1, _catalogue: { layers: [] } });
  kernel.count = 2;
  kernel.send = () => {};
  comeBack();
  await pass(50);
  expect(root.textContent).toContain(BEHIND);
  kernel.send = () => model.receive({ _catalogue: makeFake({ timesteps: 8, units: 4 }).catalogue, _revision: 4 });
  await pass(2_000);
  comeBack();
  await pass(50);
  expect(all(".lw-waiting")).toEqual([]);
  expect(text(".lw-status")).toBe("");
});

test("a view that is closed asks no more", async () => {
  (await open()).close();
  const read = vi.spyOn(model, "get");
  comeBack();
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(50);
  expect(asked()).toEqual([]);
  expect(read).not.toHaveBeenCalled();
});
