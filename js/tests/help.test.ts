import { afterEach, beforeEach, expect, test } from "vitest";
import { withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { type Page, render } from "./render.ts";

let page: Page;
beforeEach(() => {
  page = render(withKernel(makeFake({ timesteps: 8, units: 2 })));
});
afterEach(() => page.close());
const panel = () => page.find(".lw-help");
const line = (words: string) =>
  [...panel().querySelectorAll(".lw-key-line")].find((each) => each.querySelector("dd")?.textContent === words);
const keys = (words: string) => [...(line(words)?.querySelectorAll(".lw-key") ?? [])].map((key) => key.textContent);

test("? lists the keys that do something; those that do the same share a line", () => {
  page.key("?", page.root, { shiftKey: true });
  expect(panel().hidden).toBe(false);
  expect(panel().getAttribute("aria-modal")).toBe("true");
  expect(keys("one timestep")).toEqual(["\u2190", "\u2192"]);
  expect(keys("one pixel of the time axis")).toEqual(["Shift + \u2190", "Shift + \u2192"]);
  expect(keys("quantity of the map")).toEqual(["1 \u2013 6"]);
  expect(keys("play, pause")).toEqual(["space"]);
  expect(line("leaves a zoom")?.textContent).toContain("double click");
});

test.each(["Escape", "?"])("%s closes it, and the focus is at its button; nothing reaches the host", (key) => {
  const heard: string[] = [];
  const listen = (event: KeyboardEvent) => heard.push(event.key);
  document.addEventListener("keydown", listen);
  page.find(".lw-help-button").click();
  const inside = document.activeElement as HTMLElement;
  expect(panel().contains(inside)).toBe(true);
  page.key("a", inside);
  expect(page.key("Tab", inside).defaultPrevented).toBe(true);
  expect(panel().contains(document.activeElement)).toBe(true);
  page.key(key, inside);
  document.removeEventListener("keydown", listen);
  expect(heard).toEqual([]);
  expect(panel().hidden).toBe(true);
  expect(document.activeElement).toBe(page.find(".lw-help-button"));
});

test("a modifier is the host's also in here", () => {
  page.find(".lw-help-button").click();
  expect(page.key("s", document.activeElement as Element, { ctrlKey: true }).defaultPrevented).toBe(false);
});
