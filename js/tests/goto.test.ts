import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, type Page, render, until } from "./render.ts";

let model: FakeModel & { dead: boolean };
let page: Page;
beforeEach(async () => {
  const label = (t: number) => ["Mon", "Tue", "Wed"][t] ?? (t < 9 ? String(t) : `day ${t}`);
  model = withKernel(makeFake({ timesteps: 150, units: 2 }), { label, traits: { timestep: 37 } });
  page = render(model);
  await frame();
});
afterEach(() => page.close());

const field = () => page.find<HTMLInputElement>(".lw-goto input");
function type(text: string): void {
  page.key("t");
  field().value = text;
  page.key("Enter", field());
}

test("an index goes there, and gives the focus back", async () => {
  const list = page.find(".lw-units");
  list.focus();
  page.key("t", list);
  expect(document.activeElement).toBe(field());
  field().value = "12";
  page.key("Enter", field());
  await frame();
  expect(model.get("timestep")).toBe(12);
  expect(document.activeElement).toBe(list);
  expect(field().offsetHeight).toBe(0);
});

test("a label is looked for where the labels are", async () => {
  type("Wed");
  await until(() => model.get("timestep") === 2, "the label found");
  type("day 14");
  await until(() => model.get("timestep") === 14, "the label itself");
  expect(model.sent.filter(({ kind }) => kind === "find")).toHaveLength(2);
});

test("what is no timestep is said, with what would be one", async () => {
  for (const text of ["xyz", "150", "-1"]) {
    type(text);
    const words = `no timestep is called \u201c${text}\u201d; 0 to 149, or a label`;
    await until(() => page.text(".lw-goto-message") === words, words);
    expect(model.get("timestep")).toBe(37);
    page.key("Escape", field());
  }
});

test("Escape closes the field and stays in the widget", () => {
  // As a notebook's cell, to which Escape elsewhere leads.
  const output = page.root.parentElement as HTMLElement;
  output.tabIndex = -1;
  let left = 0;
  output.addEventListener("keydown", () => left++);
  output.addEventListener("focus", () => left++);
  page.find(".lw-now").focus();
  page.find(".lw-now").click();
  expect(document.activeElement).toBe(field());
  page.key("Escape", field());
  expect(document.activeElement).toBe(page.find(".lw-now"));
  expect(left).toBe(0);
});

test("opening it moves nothing", () => {
  const top = () => page.find(".lw-tracks").getBoundingClientRect().top;
  const before = top();
  type("");
  page.key("t");
  expect(top()).toBe(before);
});
