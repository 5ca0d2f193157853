import { afterEach, expect, test, vi } from "vitest";
import { plain } from "../src/views/export/table.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { type Fake, makeFake, type Options } from "./fake-data.ts";
import { frame, type Page, render, until } from "./render.ts";

let page: Page;
afterEach(() => {
  page.close();
  vi.restoreAllMocks();
});

type Kernel = ReturnType<typeof withKernel>;

function open(
  options: Options,
  traits: Record<string, unknown> = {},
  label: (t: number) => string = String,
): [Fake, Kernel] {
  const fake = makeFake(options);
  const model = withKernel(fake, { traits, label });
  page = render(model as FakeModel);
  return [fake, model];
}

/** What a press hands to the browser: the file and its name. */
async function saved(choice: "PNG" | "CSV"): Promise<[Blob, string]> {
  const files: Blob[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((file) => {
    files.push(file as Blob);
    return "blob:nothing";
  });
  let name = "";
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    name = this.download;
  });
  if (page.find(".lw-export").hidden) page.key("e");
  page
    .all(".lw-export-choice")
    .find((button) => button.textContent?.includes(choice))
    ?.click();
  await until(() => name !== "", `a ${choice}`);
  return [files[0] as Blob, name];
}

async function lines(): Promise<string[][]> {
  const [file] = await saved("CSV");
  const text = await file.text();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
}

test("the numbers are those of the selected units in the window, to the last bit", async () => {
  const [fake] = open({ timesteps: 60, units: 9, masked: [[50, 60]] }, { unit: 5, pinned: [2], zoom: [40, 55] });
  const [head, ...rows] = await lines();
  expect(head).toEqual(["layer", "sample", "timestep", "label", "unit", ...fake.scene.quantities]);
  expect(rows.map((row) => [Number(row[4]), Number(row[2])])).toEqual(
    [5, 2].flatMap((unit) => Array.from({ length: 15 }, (_, i) => [unit, 40 + i])),
  );
  for (const row of rows)
    for (const [k, quantity] of fake.scene.quantities.entries()) {
      const value = fake.row(quantity, Number(row[4]))[Number(row[2])] ?? Number.NaN;
      const text = row[5 + k] as string;
      if (Number.isNaN(value)) expect(text).toBe("");
      else expect(Math.fround(Number(text))).toBe(value);
    }
});

test("numbers that are only here as means are asked for", async () => {
  const [fake, model] = open({ timesteps: 9000, units: 24 }, { unit: 3, zoom: [4000, 4002] });
  expect(fake.scene.block.stride).toBeGreaterThan(1);
  const rows = await lines();
  expect(Math.fround(Number(rows[1]?.[5]))).toBe(fake.row("input_gate", 3)[4000]);
  expect(model.sent.some((request) => request.kind === "tile" && request.stop === 4002 && request.stride === 1)).toBe(
    true,
  );
});

test("without a kernel what is whole here is saved, under numbers for names", async () => {
  const [fake, model] = open({ timesteps: 8, units: 2 }, {}, (t) => `day ${t}`);
  await frame();
  model.dead = true;
  model.send = () => {
    throw new Error("closed");
  };
  expect(fake.scene.block.stride).toBe(1);
  expect((await lines()).length).toBe(9);
});

test("names are quoted where they hold what divides", async () => {
  open({ timesteps: 8, units: 2 }, {}, (t) => `a "b", ${t}\n`);
  const [file] = await saved("CSV");
  expect(await file.text()).toContain('encoder,3,4,"a ""b"", 4\n",');
});

test.each([
  [0.1, "0.1"],
  [1 / 3, "0.33333334"],
  [1e-30, "1e-30"],
  [-Number.MAX_VALUE, "-inf"],
  [Number.NaN, ""],
])("%s is written as %s", (value, text) => {
  expect(plain(Math.fround(value))).toBe(text);
});

test("the picture holds the plots and what they are called, twice as sharp", async () => {
  open({ timesteps: 60, units: 9 }, { timestep: 30, unit: 5 });
  const [file, name] = await saved("PNG");
  expect(name).toBe("encoder-sample-3-unit-5.png");
  expect(file.type).toBe("image/png");
  vi.restoreAllMocks();
  const bitmap = await createImageBitmap(file);
  const stack = page.find(".lw-stack").getBoundingClientRect();
  expect(bitmap.width).toBe(Math.round(2 * (stack.width + 20)));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context?.drawImage(bitmap, 0, 0);
  /** How many pixels of a part of the page are not paper. */
  const inked = (selector: string) => {
    const box = page.find(selector).getBoundingClientRect();
    const place = [2 * (box.left - stack.left + 10), 2 * (box.top - stack.top + 32), 2 * box.width, 2 * box.height];
    const [x = 0, y = 0, wide = 0, high = 0] = place.map(Math.round);
    const { data } = context?.getImageData(x, y, wide, high) ?? { data: [] };
    return Array.from(data, (value, i) => i % 4 < 3 && value < 200).filter(Boolean).length;
  };
  for (const part of [".lw-track-plot", ".lw-map-plot", ".lw-tracks .lw-gutter", ".lw-map-head", ".lw-label"])
    expect(inked(part), part).toBeGreaterThan(40);
  expect(page.find<HTMLCanvasElement>(".lw-track-plot canvas").style.width, "the page itself is as before").toMatch(
    /px$/,
  );
});

test("the menu is reached by its key and by Tab, and says what it will save", () => {
  open({ timesteps: 60, units: 9 }, { unit: 5, pinned: [2, 7], zoom: [3, 9] });
  page.key("e");
  const panel = page.find(".lw-export");
  expect(panel.hidden).toBe(false);
  expect(panel.contains(document.activeElement)).toBe(true);
  expect(panel.textContent).toContain("unit 5, 2, 7, t = 3\u20138");
  page.key("Escape", document.activeElement as Element);
  expect(panel.hidden).toBe(true);
  expect(document.activeElement?.textContent).toBe("export");
});
