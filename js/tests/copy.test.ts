import { afterEach, expect, test, vi } from "vitest";
import { withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { type Page, render, until } from "./render.ts";

let page: Page;
afterEach(() => {
  page.close();
  vi.restoreAllMocks();
});

function open(traits: Record<string, unknown>, layer = "encoder"): void {
  const fake = makeFake({ timesteps: 60, units: 9, masked: [[50, 60]] });
  fake.scene.layer = layer;
  page = render(withKernel(fake, { traits: { timestep: 37, unit: 5, zoom: [0, 50], layer, ...traits } }));
}

async function copied(): Promise<string> {
  const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  page.find(".lw-copy").click();
  await until(() => page.text(".lw-tools [role=status]") === "copied", "a word that it is done");
  return String(write.mock.lastCall?.[0]);
}

test("what differs from the start is in the line, as Python writes it", async () => {
  open({ pinned: [3, 8], zoom: [0, 40], range: [4, 9], threshold: 0.5, veiled: true, diagram: false, height: 500 });
  expect(await copied()).toBe(
    'lw.LSTMWidget(model, x, layer="encoder", sample=3, timestep=37, unit=5, pinned=[3, 8], quantity="forget_gate", ' +
      "zoom=(0, 40), threshold=0.5, range=(4, 9), diagram=False, veiled=True, height=500)",
  );
});

test("what is as ever is left out, the zoom to the unmasked steps too; names are escaped", async () => {
  open({}, 'a "b" \\ \n\u05d0\ud83e\udd8a');
  expect(await copied()).toBe(
    'lw.LSTMWidget(model, x, layer="a \\"b\\" \\\\ \\n\u05d0\ud83e\udd8a", sample=3, timestep=37, unit=5, ' +
      'quantity="forget_gate")',
  );
});

test("saying so moves nothing", async () => {
  open({});
  const places = () => page.all(".lw-tools > *").map((each) => each.getBoundingClientRect().left);
  const before = places();
  await copied();
  expect(places()).toEqual(before);
});

test("a page that may not copy shows the line, selected", async () => {
  open({});
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("not allowed"));
  page.find(".lw-copy").click();
  await until(() => document.activeElement?.matches(".lw-python") ?? false, "the field");
  const field = page.find<HTMLInputElement>(".lw-python");
  expect(field.value).toMatch(/^lw\.LSTMWidget\(model, x, layer="encoder"/);
  expect(field.selectionEnd).toBe(field.value.length);
  expect(field.readOnly).toBe(true);
});
