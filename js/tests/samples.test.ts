import { afterEach, expect, test } from "vitest";
import type { Request } from "../src/protocol.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, type Page, render, rest, until } from "./render.ts";

let page: Page;
let model: FakeModel & { dead: boolean };
afterEach(() => page.close());

function open(samples: number): void {
  model = withKernel(makeFake({ timesteps: 12, units: 3, samples }));
  page = render(model);
}
const opener = () => page.find(".lw-samples .lw-opener");
const field = () => page.find<HTMLInputElement>(".lw-search");
const lines = () => page.all(".lw-samples [role=option]");
const label = (line?: HTMLElement) => line?.querySelector(".lw-ellipsis")?.textContent;
const press = (name: string) =>
  page
    .all("button")
    .find((button) => (button.getAttribute("aria-label") ?? button.textContent) === name)
    ?.click();
const asked = () => model.sent.filter((request: Request) => request.kind === "samples");

function type(text: string): void {
  field().value = text;
  field().dispatchEvent(new Event("input"));
}

test("of a million samples only the visible lines exist, and the last can be reached", async () => {
  open(1_000_000);
  // The stand-in would build them all; ours answers any window.
  model.onSend = (request) => {
    if (request.kind !== "samples") return;
    const { id, kind, start, stop } = request;
    const samples = Array.from({ length: stop - start }, (_, i) => ({ sample: start + i, label: `s${start + i}` }));
    setTimeout(() => model.answer({ id, kind, start, total: 1_000_000, samples }));
  };
  opener().click();
  await until(() => label(lines()[0]) === "0 s0", "the first line");
  expect(lines()).toHaveLength(12);
  const list = page.find(".lw-list");
  list.scrollTop = list.scrollHeight;
  await until(() => label(lines().at(-1)) === "999999 s999999", "the last line");
  expect(lines()).toHaveLength(12);
  expect(Math.max(...asked().map(({ start, stop }) => stop - start))).toBe(256);
});

test("arrows walk, Enter picks, and the focus is back at the button", async () => {
  open(40);
  opener().click();
  await until(() => label(lines()[3]) === "GunPoint 3", "lines");
  expect((opener().getRootNode() as Document).activeElement).toBe(field());
  expect(page.find("[aria-selected=true]").textContent).toContain("GunPoint 3");
  for (const _ of Array(12)) page.key("ArrowDown", field());
  await frame();
  const active = document.getElementById(field().getAttribute("aria-activedescendant") ?? "");
  expect(label(active ?? undefined)).toBe("GunPoint 15");
  expect(active?.getAttribute("aria-posinset")).toBe("16");
  page.key("Enter", field());
  await frame();
  expect(model.get("sample")).toBe(15);
  expect(page.all(".lw-finder").every((panel) => panel.hidden)).toBe(true);
  expect(document.activeElement).toBe(opener());
});

test("wrong ones by loss, with words for the mark; next and previous follow that list", async () => {
  open(40);
  opener().click();
  press("wrong");
  press("by loss");
  await until(() => lines().length === 10, "the ten wrong ones");
  await frame();
  expect(model.get("among")).toBe("wrong");
  expect(lines().every((line) => line.querySelector("[role=img]")?.getAttribute("aria-label") === "wrong")).toBe(true);
  const losses = lines().map((line) => Number(line.querySelector(".lw-loss")?.textContent));
  expect(losses).toEqual([...losses].sort((a, b) => b - a));
  const [worst, second] = lines().map((line) => Number(label(line)?.replace("GunPoint ", "")));
  lines()[0]?.click();
  await frame();
  expect(model.get("sample")).toBe(worst);
  press("next sample");
  await frame();
  expect(model.get("sample")).toBe(second);
  press("previous sample");
  press("previous sample");
  await frame();
  expect(model.get("sample")).toBe(worst);
});

test("typing filters, once it rests", async () => {
  open(300);
  opener().click();
  await until(() => lines().length === 12, "lines");
  for (const text of ["2", "29", "299"]) {
    type(text);
    await rest(30);
  }
  await until(() => lines().length === 1, "the one that holds 299");
  expect(label(lines()[0])).toBe("GunPoint 299");
  const texts = asked().map(({ text }) => text);
  expect(new Set(texts)).toEqual(new Set(["", "299"]));
  type("nothing");
  await until(() => page.text(".lw-note") === "no such sample", "a word");
});

test("what the kernel refuses is said in the list, in its words", async () => {
  open(30);
  const answer = model.onSend;
  model.onSend = (request) => {
    if (request.kind !== "samples" || request.among === "all") answer(request);
    else model.answer({ id: request.id, kind: "error", error: "needs <b>targets=</b>" });
  };
  opener().click();
  press("right");
  await until(() => page.text(".lw-note") === "needs <b>targets=</b>", "why");
  expect(lines()).toHaveLength(0);
  expect(page.text(".lw-status")).toBe("");
  press("all");
  await until(() => lines().length === 12, "all again");
});

test("Escape closes the list and not more; a press outside closes it, too", async () => {
  open(30);
  opener().click();
  page.key("Escape", field());
  expect(document.activeElement).toBe(opener());
  expect(opener().getAttribute("aria-expanded")).toBe("false");
  opener().click();
  document.body.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  expect(opener().getAttribute("aria-expanded")).toBe("false");
});

test("one sample is text", async () => {
  open(1);
  model.receive({ sample: 0 });
  await frame();
  expect(opener().hidden).toBe(true);
  expect(page.text(".lw-samples > .lw-ellipsis")).toMatch(/0$/);
});
