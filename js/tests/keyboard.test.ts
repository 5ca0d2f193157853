import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, type Page, render, until } from "./render.ts";

const fake = makeFake({ timesteps: 50, units: 8, samples: 999 });
let model: FakeModel;
let page: Page;
const heard: string[] = [];
const listen = (event: KeyboardEvent) => heard.push(event.key);

beforeEach(() => {
  model = withKernel(fake, { traits: { timestep: 20 } });
  page = render(model);
  heard.length = 0;
  document.addEventListener("keydown", listen);
});
afterEach(() => {
  document.removeEventListener("keydown", listen);
  page.close();
});

async function timestepAfter(...keys: string[]): Promise<unknown> {
  for (const key of keys) page.key(key);
  await frame();
  return model.get("timestep");
}

test("Left, Right, PageUp, PageDown, Home and End are time", async () => {
  expect(await timestepAfter("ArrowRight")).toBe(21);
  expect(await timestepAfter("ArrowLeft", "ArrowLeft")).toBe(19);
  expect(await timestepAfter("PageDown")).toBe(29);
  expect(await timestepAfter("PageUp")).toBe(19);
  expect(await timestepAfter("End")).toBe(49);
  expect(await timestepAfter("ArrowRight")).toBe(49);
  expect(await timestepAfter("Home")).toBe(0);
});

test("Up and Down are units, in the order of the map", async () => {
  page.key("ArrowDown");
  page.key("ArrowDown");
  page.key("ArrowUp");
  await frame();
  expect(model.get("unit")).toBe(fake.scene.order[1]);
});

test("digits choose the quantity, and those beyond pass", async () => {
  page.key("5");
  await frame();
  expect(model.get("quantity")).toBe("cell_state");
  expect(page.key("7").defaultPrevented).toBe(false);
});

test("p pins, space plays", async () => {
  page.key("p");
  page.key(" ");
  await frame();
  expect(model.get("pinned")).toEqual([fake.scene.order[0]]);
  expect(page.all('[aria-label="pause"]')).toHaveLength(1);
  page.key(" ");
  await frame();
  expect(page.all('[aria-label="play"]')).toHaveLength(1);
});

test("handled keys end here, all others and all combinations pass", () => {
  for (const key of ["ArrowLeft", "ArrowDown", " ", "p", "1", "Home"]) {
    expect(page.key(key).defaultPrevented).toBe(true);
  }
  expect(heard).toEqual([]);
  page.key(" ");
  const passing: [string, KeyboardEventInit][] = [
    ["s", { ctrlKey: true }],
    ["Enter", { shiftKey: true }],
    ["ArrowLeft", { altKey: true }],
    ["p", { metaKey: true }],
    ["q", {}],
    ["Tab", {}],
    ["constructor", {}],
  ];
  for (const [key, init] of passing) expect(page.key(key, undefined, init).defaultPrevented).toBe(false);
  expect(heard).toEqual(passing.map(([key]) => key));
});

test("a host that reads keys before they come down sees none that are ours, and all others", () => {
  const seen: string[] = [];
  const listen = (event: KeyboardEvent) => seen.push(event.key);
  // As Notebook 7 does.
  document.addEventListener("keydown", listen, true);
  const press = (init: KeyboardEventInit) =>
    page.root.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));
  expect(press({ key: "ArrowRight" })).toBe(false);
  expect(press({ key: "s", ctrlKey: true })).toBe(true);
  expect(press({ key: "Enter", shiftKey: true })).toBe(true);
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "b", bubbles: true }));
  document.removeEventListener("keydown", listen, true);
  expect(seen).toEqual(["s", "Enter", "b"]);
});

test("text fields and lists keep their keys, and keep them from the notebook", async () => {
  const field = page.find(".lw-search");
  page.find(".lw-samples .lw-opener").click();
  for (const key of ["ArrowLeft", "Home", "5", "p", "?"]) expect(page.key(key, field).defaultPrevented).toBe(false);
  page.key("ArrowDown", page.find("select"));
  await frame();
  expect(heard).toEqual([]);
  expect(model.get("timestep")).toBe(20);
  expect(model.get("unit")).toBe(fake.scene.order[0]);
});

test("a button keeps space and Enter for itself", () => {
  const button = page.find('[aria-label="next timestep"]');
  expect(page.key(" ", button).defaultPrevented).toBe(false);
  expect(page.key("Enter", button).defaultPrevented).toBe(false);
  expect(heard).toEqual([]);
  expect(page.all('[aria-label="play"]')).toHaveLength(1);
});

test("the slider moves by one, not by one and one more", async () => {
  const range = page.find<HTMLInputElement>("input[type=range]");
  expect(page.key("ArrowRight", range).defaultPrevented).toBe(true);
  await frame();
  expect(range.value).toBe("21");
});

test("Escape leaves the widget for what takes focus round it", () => {
  const cell = document.createElement("div");
  cell.tabIndex = -1;
  const output = page.root.parentElement as HTMLElement;
  output.before(cell);
  cell.append(output);
  const list = page.find(".lw-units");
  list.focus();
  page.key("Escape", list);
  expect(document.activeElement).toBe(cell);
  cell.remove();
});

test("playing runs the way the layer reads and stops at the end", async () => {
  page.close();
  model = withKernel(makeFake({ timesteps: 50, units: 2, direction: "backward" }), { traits: { timestep: 2 } });
  page = render(model);
  page.key(" ");
  await until(() => model.get("timestep") === 0, "the first timestep");
  await until(() => page.all('[aria-label="play"]').length === 1, "the end of playing");
});
