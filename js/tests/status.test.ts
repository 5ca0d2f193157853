import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BUSY, SILENT } from "../src/store.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, type Page, render } from "./render.ts";

let page: Page;
let model: FakeModel & { dead: boolean };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  model = withKernel(makeFake({ timesteps: 8, units: 2 }));
  page = render(model);
});
afterEach(() => {
  page.close();
  vi.useRealTimers();
});

const refreshes = () => model.sent.filter(({ kind }) => kind === "refresh");

test("a kernel that takes its time is busy, then silent, and fine once it answers", async () => {
  await vi.advanceTimersByTimeAsync(50);
  model.dead = true;
  model.receive({ sample: 700 });
  await frame();
  await vi.advanceTimersByTimeAsync(1_900);
  await frame();
  expect(page.text(".lw-status")).toBe("");
  await vi.advanceTimersByTimeAsync(200);
  await frame();
  expect(page.text(".lw-status")).toContain(BUSY);
  await vi.advanceTimersByTimeAsync(8_000);
  await frame();
  expect(page.text(".lw-status")).toContain(SILENT);
  model.receive({ _scene: { ...(model.get("_scene") as object), sample: 700 } });
  await frame();
  expect(page.text(".lw-status")).toBe("");
});

test("any answer takes busy back", async () => {
  await vi.advanceTimersByTimeAsync(50);
  model.dead = true;
  model.receive({ _stale: "The weights have changed." });
  await frame();
  page.find<HTMLButtonElement>(".lw-stale button").click();
  await vi.advanceTimersByTimeAsync(2_100);
  await frame();
  expect(page.text(".lw-status")).toBe(BUSY);
  model.answer({ id: refreshes()[0]?.id, kind: "refresh" });
  await vi.advanceTimersByTimeAsync(1);
  await frame();
  expect(page.text(".lw-status")).toBe("");
});

test("old numbers are said to be old; refresh asks each time anew and says what failed", async () => {
  expect(page.find(".lw-stale").hidden).toBe(true);
  model.receive({ _stale: "The weights <i>have</i> changed." });
  await frame();
  const words = () => page.text(".lw-stale [role=status]");
  expect(words()).toBe("The weights <i>have</i> changed.");
  const button = page.find<HTMLButtonElement>(".lw-stale button");
  const send = model.onSend;
  model.onSend = () => {};
  button.click();
  button.click();
  await frame();
  expect(refreshes()).toHaveLength(1);
  expect(button.textContent).toBe("refreshing\u2026");
  model.answer({ id: refreshes()[0]?.id, kind: "error", error: "out of memory" });
  await frame();
  expect(words()).toContain("Not refreshed: out of memory");
  button.click();
  expect(refreshes()).toHaveLength(2);
  model.onSend = send;
  model.receive({ _stale: "" });
  await frame();
  expect(page.find(".lw-stale").hidden).toBe(true);
});
