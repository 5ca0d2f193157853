/** How the weights look: on dark pages, on narrow ones, and of many units. */

import { afterEach, expect, test } from "vitest";
import { withKernel } from "./fake.ts";
import { makeFake, type Options } from "./fake-data.ts";
import { frame, type Page, render, until } from "./render.ts";

let page: Page;
afterEach(() => page?.close());

function open(options: Options = {}, traits: Record<string, unknown> = {}): void {
  const fake = makeFake({ timesteps: 20, units: 4, ...options });
  page = render(withKernel(fake, { traits: { panel: "weights", unit: 2, ...traits } }));
}

const canvas = (name: string) => page.find<HTMLCanvasElement>(`canvas[aria-label^="${name}"]`);
const shown = () => until(() => /most by/.test(page.text(".lw-readout")), "the weights");

test("what is half as large can be seen as that on a dark page, too", async () => {
  document.documentElement.setAttribute("theme", "dark");
  try {
    open({}, { quantity: "input_gate" });
    await shown();
    const pixels = canvas("Weights of")
      .getContext("2d")
      ?.getImageData(100 * devicePixelRatio, 4, 1, 1).data;
    // Of a table whose end is 243, and whose middle is 26.
    expect(pixels?.[2]).toBeGreaterThan(26 + 0.65 * (243 - 26));
  } finally {
    document.documentElement.removeAttribute("theme");
  }
});

test("sixteen units have a readable row each", async () => {
  open({ units: 16 }, { height: 500 });
  await shown();
  expect(page.all(".lw-unit:not(.lw-unreadable)").length).toBe(16);
});

test("on a narrow page charts keep their width, and no word covers another", async () => {
  const written: { text: string; left: number; right: number; y: number; on: HTMLCanvasElement }[] = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text: string, x: number, y: number) {
    const { a, e } = this.getTransform();
    const wide = this.measureText(text).width;
    const left = x + e / a - (this.textAlign === "center" ? wide / 2 : 0);
    written.push({ text, left, right: left + wide, y, on: this.canvas });
    fillText.call(this, text, x, y);
  };
  try {
    open({ units: 16 });
    page.find(".lw-root").style.width = "320px";
    await shown();
    await frame();
    written.length = 0;
    page.key("4");
    await until(() => written.some(({ text }) => text.startsWith("U \u00b1")), "the heads");
  } finally {
    CanvasRenderingContext2D.prototype.fillText = fillText;
  }
  expect(written.map(({ text }) => text)).not.toContain("norm");
  const isHead = ({ text }: { text: string }) => /^[WUb]( \u00b1.*)?$|^[ifgo]$/.test(text);
  for (const one of written.filter(isHead))
    for (const other of written.filter(isHead))
      if (one.on === other.on && one.y === other.y && one.left < other.left)
        expect(one.right, `${one.text} reaches ${other.text}`).toBeLessThan(other.left);
  // The charts of the second gate begin a chart's width after those of the first.
  const [i, f] = ["i", "f"].map((symbol) => written.find(({ text }) => text === symbol)?.left ?? 0);
  expect((f ?? 0) - (i ?? 0)).toBeGreaterThan(36);
});
