import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import widget from "../src/index.ts";
import type { Proof } from "../src/protocol.ts";
import { type FakeModel, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, type Page, render, until } from "./render.ts";

let page: Page;
let model: FakeModel & { dead: boolean };
const complaints = vi.fn();
const open = (...args: Parameters<typeof withKernel>) => {
  model = withKernel(...args);
  page = render(model);
};

beforeEach(() => {
  complaints.mockClear();
  vi.spyOn(console, "error").mockImplementation(complaints);
  vi.spyOn(console, "warn").mockImplementation(complaints);
});
afterEach(() => {
  page.close();
  document.documentElement.removeAttribute("theme");
  vi.restoreAllMocks();
  expect(complaints).not.toHaveBeenCalled();
});

describe("what a person reads", () => {
  test("head, numbers and caption are the scene's", async () => {
    const fake = makeFake({ timesteps: 30, units: 5 });
    open(fake, { traits: { timestep: 9, unit: 2 } });
    await frame();
    expect(page.text(".lw-proof")).toBe("proved 2.4e-7");
    expect(page.text(".lw-samples .lw-opener")).toBe("GunPoint 3");
    expect(page.find(".lw-proof").title).toContain("tolerance 1.1e-5");
    expect(page.text(".lw-outcome")).toBe("predicted Gun 0.91target Point");
    expect(page.text(".lw-numbers-title")).toContain("unit 2at t = 9");
    const values = page.all(".lw-numbers dd").map((cell) => Number(cell.textContent?.replace("\u2212", "-")));
    const truth = fake.scene.quantities.map((quantity) => fake.row(quantity, 2)[9] ?? 0);
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(truth[i] ?? 0, 3);
    expect(page.text(".lw-caption")).toMatch(/^Unit 2, t = 9: forget gate/);
    expect(model.sent.filter((request) => request.kind === "tile")).toEqual([]);
  });

  test("a large layer is about, then exact", async () => {
    open(makeFake({ timesteps: 4000, units: 64 }), { delay: 60, traits: { timestep: 1234 } });
    await frame();
    expect(page.text(".lw-numbers dd")).toMatch(/^~/);
    await until(() => /^[\u22120-9]/.test(page.text(".lw-numbers dd")), "an exact number");
    await until(() => model.sent.some((request) => request.kind === "tile" && request.stride > 1), "a coarse tile");
    expect(page.text(".lw-count")).toMatch(/^(\d+ of )?64 /);
  });

  test("the picker has as many samples as the selected layer", async () => {
    open(makeFake({ timesteps: 8, units: 2, samples: 12 }));
    await frame();
    page.find(".lw-samples .lw-opener").click();
    const said = () => page.all(".lw-samples [role=option]").map((line) => line.getAttribute("aria-setsize"));
    await until(() => said().length === 12, "twelve lines");
    model.receive({ layer: "decoder" });
    await until(() => said().length === 4, "four lines");
    expect(said()[0]).toBe("4");
  });

  test("labels with markup stay text", async () => {
    const evil = '<img src=x onerror="window.hacked=1">';
    const fake = makeFake({ timesteps: 12, units: 3 });
    const { scene, catalogue } = fake;
    const quantities = structuredClone(catalogue.quantities);
    Object.assign(quantities.forget_gate ?? {}, { label: evil, symbol: evil });
    fake.catalogue = { ...catalogue, quantities, layers: [{ ...catalogue.layers[0], name: evil } as never] };
    fake.scene = {
      ...scene,
      layer: evil,
      title: evil,
      prediction: evil,
      target: evil,
      proof: { ...(scene.proof as Proof), run: evil },
    };
    open(fake, { label: () => evil });
    await until(() => page.text(".lw-now").includes(evil), "the label");
    expect(page.root.querySelector("img")).toBeNull();
    expect(page.text(".lw-outcome")).toContain(evil);
    expect((window as { hacked?: number }).hacked).toBeUndefined();
  });

  test("a dead kernel leaves what is here", async () => {
    open(makeFake({ timesteps: 40, units: 6 }));
    model.dead = true;
    await frame();
    page.key("ArrowRight");
    page.key("ArrowDown");
    await frame();
    expect(page.text(".lw-caption")).toMatch(/t = 1:/);
    expect(page.text(".lw-status")).toBe("");
  });

  test("what the kernel could not do is said in its words", async () => {
    open(makeFake({ timesteps: 4, units: 2 }));
    model.receive({ _problem: "layer 'decoder': not supported" });
    await frame();
    expect(page.text(".lw-status")).toBe("layer 'decoder': not supported");
    model.receive({ _problem: "" });
    await frame();
    expect(page.text(".lw-status")).toBe("");
  });

  test("without a scene it waits", async () => {
    open(makeFake({ timesteps: 4, units: 2 }), { traits: { _scene: null, _overview: null } });
    await frame();
    expect(page.text(".lw-status")).toBe("Waiting for the kernel.");
    page.key("ArrowRight");
    page.key("3");
  });

  test("bytes that do not fit the scene are not shown as numbers", async () => {
    open(makeFake({ timesteps: 40, units: 6 }), { traits: { _overview: new Uint8Array(5) } });
    model.dead = true;
    await frame();
    expect(page.text(".lw-numbers dd")).toBe("\u2026");
  });

  test("other cells have their own quantities", async () => {
    open(makeFake({ timesteps: 20, units: 4, cell: "gru", features: 0 }));
    await frame();
    expect(page.all(".lw-track-name").map((name) => name.textContent)).toHaveLength(4);
    expect(page.text(".lw-caption")).toContain("first step");
    model.receive({ timestep: 5 });
    await frame();
    expect(page.text(".lw-caption")).toContain("update gate");
  });
});

describe("the map", () => {
  test("only rows with room exist, and Down brings the next into view", async () => {
    const fake = makeFake({ timesteps: 30, units: 300 });
    open(fake);
    await frame();
    await frame();
    const rows = page.all(".lw-unit").length;
    expect(rows).toBeLessThan(120);
    expect(page.text(".lw-count")).toBe(`${rows} of 300 shown`);
    for (let i = 0; i < 150; i++) page.key("ArrowDown");
    const selected = () => page.all('.lw-unit[aria-selected="true"]').map((row) => row.textContent);
    await until(() => selected()[0] === String(fake.scene.order[150]), "the selected unit in view");
    expect(page.find(".lw-scroller").scrollTop).toBeGreaterThan(0);
  });

  test("a press selects unit and timestep, a drag the timestep", async () => {
    const fake = makeFake({ timesteps: 40, units: 4 });
    open(fake);
    await frame();
    await frame();
    const plot = page.find(".lw-map-plot");
    const { left, top, width } = plot.getBoundingClientRect();
    const row = plot.offsetHeight / 4;
    const at = (x: number, y: number) => ({ clientX: left + x * width, clientY: top + y * row, bubbles: true });
    plot.dispatchEvent(new PointerEvent("pointerdown", { ...at(0.51, 2.5), pointerId: 7 }));
    await frame();
    expect([model.get("unit"), model.get("timestep")]).toEqual([fake.scene.order[2], 20]);
    plot.dispatchEvent(new PointerEvent("pointermove", { ...at(0.76, 0.5), pointerId: 7 }));
    plot.dispatchEvent(new PointerEvent("pointerup", { ...at(0.76, 0.5), pointerId: 7 }));
    await frame();
    expect([model.get("unit"), model.get("timestep")]).toEqual([fake.scene.order[2], 30]);
    expect(page.text(".lw-readout")).toMatch(new RegExp(`^unit ${fake.scene.order[0]}, t = 30: 0\\.\\d{4}$`));
  });

  test("the thumb of the slider stands under the crosshair", async () => {
    open(makeFake({ timesteps: 7, units: 2 }), { traits: { timestep: 6 } });
    await frame();
    const range = page.find<HTMLInputElement>(".lw-range").getBoundingClientRect();
    const line = page.find(".lw-track-plot .lw-crosshair").getBoundingClientRect();
    expect(Math.abs(range.right - 6 - (line.left + 0.5))).toBeLessThanOrEqual(1);
  });
});

describe("its life", () => {
  test("closing leaves no listener, no element and no timer", async () => {
    open(makeFake({ timesteps: 30, units: 5 }));
    await frame();
    const parent = page.root.parentElement;
    page.key(" ");
    page.close();
    expect(model.listeners).toBe(0);
    expect(parent?.childElementCount).toBe(0);
    const t = model.get("timestep");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(model.get("timestep")).toBe(t);
  });

  test("hosts that give no signal get a function that ends it", async () => {
    open(makeFake({ timesteps: 8, units: 2 }));
    const { initialize, render: show } = widget();
    const other = withKernel(makeFake({ timesteps: 8, units: 2 }));
    const element = document.createElement("div");
    const ends = [initialize({ model: other }), show({ model: other, el: element })];
    expect(element.childElementCount).toBe(1);
    for (const end of ends.reverse()) end?.();
    expect(element.childElementCount).toBe(0);
    expect(other.listeners).toBe(0);
  });

  test("two views of a model share its selection, through other proxies of it too", async () => {
    open(makeFake({ timesteps: 30, units: 5 }));
    const { initialize, render: show } = widget();
    const end = new AbortController();
    const proxy = () => new Proxy(model, {});
    const elements = [document.createElement("div"), document.createElement("div")];
    document.body.append(...elements);
    const before = model.listeners;
    initialize({ model: proxy(), signal: end.signal });
    const once = model.listeners;
    for (const el of elements) show({ model: proxy(), el, signal: end.signal });
    expect(model.listeners).toBe(once);
    elements[0]?.querySelector<HTMLElement>('[aria-label="next timestep"]')?.click();
    await frame();
    expect(elements[1]?.querySelector(".lw-numbers-title")?.textContent).toContain("t = 1");
    end.abort();
    expect(model.listeners).toBe(before);
    for (const element of elements) element.remove();
  });

  test("the theme follows the host, in a shadow root too", async () => {
    const host = document.createElement("div");
    document.body.append(host);
    model = withKernel(makeFake({ timesteps: 8, units: 2 }));
    page = render(model, host.attachShadow({ mode: "open" }));
    await frame();
    expect(page.root.hasAttribute("data-lw-dark")).toBe(false);
    document.documentElement.setAttribute("theme", "dark");
    await frame();
    expect(page.root.hasAttribute("data-lw-dark")).toBe(true);
    document.documentElement.removeAttribute("theme");
    host.classList.add("dark");
    await frame();
    expect(page.root.hasAttribute("data-lw-dark")).toBe(true);
    host.remove();
  });
});
