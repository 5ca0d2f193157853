import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRequests, NoAnswer, Refused } from "../src/data/requests.ts";
import { FakeModel } from "./fake.ts";
import { line } from "./fake-line.ts";

let model: FakeModel;
let end: AbortController;
const body = line(0);
const answer = { start: 0, samples: [] };

beforeEach(() => {
  model = new FakeModel({});
  end = new AbortController();
  vi.useFakeTimers();
});
afterEach(() => {
  end.abort();
  vi.useRealTimers();
});

test("an answer settles the request with its id", async () => {
  const ask = createRequests(model, end.signal);
  const [first, second] = [ask(body), ask(body)];
  model.reply(1, answer, ["second"]);
  model.reply(0, answer, ["first"]);
  expect((await first).buffers).toEqual(["first"]);
  expect((await second).buffers).toEqual(["second"]);
});

test("ids of two pages never meet", () => {
  createRequests(model, end.signal)(body).catch(() => {});
  createRequests(model, end.signal)(body).catch(() => {});
  expect(model.sent[0]?.id).not.toBe(model.sent[1]?.id);
  expect(model.sent[0]?.id.length).toBeLessThanOrEqual(64);
});

test("an error answer rejects with the kernel's words", async () => {
  const asked = createRequests(model, end.signal)(body);
  model.reply(0, { kind: "error", error: "samples: start=0 is outside" });
  await expect(asked).rejects.toThrow(Refused);
  await expect(asked).rejects.toThrow("outside");
});

test("an answer of another kind is not taken for ours", async () => {
  const asked = createRequests(model, end.signal)(body);
  model.reply(0, { kind: "labels", start: 0, labels: [] });
  await expect(asked).rejects.toThrow(Refused);
});

test("silence rejects after its time, and a late answer changes nothing", async () => {
  const asked = createRequests(model, end.signal, 1000)(body);
  const outcome = expect(asked).rejects.toThrow(NoAnswer);
  vi.advanceTimersByTime(1001);
  await outcome;
  expect(() => model.reply(0, answer)).not.toThrow();
});

test("unknown, doubled and broken messages are left alone", async () => {
  const asked = createRequests(model, end.signal)(body);
  for (const odd of [null, undefined, 7, "x", {}, { id: "elsewhere:1", kind: "samples" }, { id: "", kind: "error" }])
    model.answer(odd);
  model.reply(0, answer, ["once"]);
  model.reply(0, answer, ["twice"]);
  expect((await asked).buffers).toEqual(["once"]);
});

test("a comm that is closed counts as silence", async () => {
  model.onSend = () => {
    throw new Error("comm is closed");
  };
  await expect(createRequests(model, end.signal)(body)).rejects.toThrow(NoAnswer);
});

test("closing the widget ends what waits, and listens no more", async () => {
  const ask = createRequests(model, end.signal);
  const asked = ask(body);
  end.abort();
  await expect(asked).rejects.toThrow("closed");
  await expect(ask(body)).rejects.toThrow("closed");
  expect(model.listeners).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
