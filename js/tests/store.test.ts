import { afterEach, beforeEach, expect, test } from "vitest";
import { goTo, goToEnd, stepUnit, togglePin, zoomTo } from "../src/actions.ts";
import { createStore, SILENT, type Store, select } from "../src/store.ts";
import { type FakeModel, overviewBytes, withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, until } from "./render.ts";

const fake = makeFake({ timesteps: 20, units: 4 });
let model: FakeModel & { dead: boolean };
let end: AbortController;
let store: Store;

beforeEach(() => {
  model = withKernel(fake);
  end = new AbortController();
  store = createStore(model, end.signal, 60);
});
afterEach(() => end.abort());

test("the kernel's selection is the browser's", async () => {
  model.receive({ timestep: 7, unit: 2, zoom: [5, 15] });
  await frame();
  expect([store.timestep.value, store.unit.value, store.zoom.value]).toEqual([7, 2, [5, 15]]);
});

test("the browser's selection is the kernel's, one message a frame", async () => {
  await frame();
  const saves = model.saves;
  for (let t = 1; t <= 10; t++) goTo(store, t);
  select(store, { unit: 3 });
  await frame();
  expect(model.get("timestep")).toBe(10);
  expect(model.get("unit")).toBe(3);
  expect(model.saves).toBe(saves + 1);
});

test("what another page chose is taken, once the kernel has read all that was chosen here", async () => {
  goTo(store, 5);
  await frame();
  select(store, { unit: 3 });
  await frame();
  // As ipywidgets repeats it to all pages: without a count.
  model.receive({ _heard: model.get("_heard") });
  model.receive({ unit: 1 });
  await frame();
  expect([store.timestep.value, store.unit.value]).toEqual([5, 1]);
});

test("what the kernel says is not said back", async () => {
  await frame();
  const saves = model.saves;
  model.receive({ timestep: 7, zoom: [2, 9] });
  await frame();
  expect(model.saves).toBe(saves);
});

test("what was chosen here stands until the kernel has read it, and is told again", async () => {
  await frame();
  goTo(store, 5);
  // Sent before anything was read, and before anything was told.
  model.receive({ timestep: 9, unit: 1, _heard: 0 });
  await frame();
  expect([store.timestep.value, store.unit.value, model.get("timestep")]).toEqual([5, 1, 5]);
  goTo(store, 6);
  await frame();
  const saves = model.saves;
  model.receive({ timestep: 10, _heard: 0 });
  await frame();
  expect([store.timestep.value, model.get("timestep"), model.saves]).toEqual([6, 6, saves + 1]);
});

test("what a kernel made of what it has read stands here, too", async () => {
  await frame();
  goTo(store, 5);
  await frame();
  const first = model.get("_heard");
  goTo(store, 19);
  await frame();
  model.receive({ timestep: 4, _heard: first });
  await frame();
  expect(store.timestep.value).toBe(19);
  const second = model.get("_heard");
  model.receive({ timestep: 12, _heard: second });
  await frame();
  expect(store.timestep.value).toBe(12);
  // What it selects by itself from now on, as well.
  model.receive({ timestep: 3, _heard: second });
  await frame();
  expect(store.timestep.value).toBe(3);
});

test("a selection out of range is held inside the scene", async () => {
  model.receive({ timestep: 999, unit: -3, zoom: [18, 3], quantity: "nonsense", pinned: [1, 77] });
  await frame();
  expect(store.timestep.value).toBe(19);
  expect(store.unit.value).toBe(0);
  expect(store.zoom.value).toEqual([0, 20]);
  expect(store.quantity.value).toBe("input_gate");
  expect(store.pinned.value).toEqual([1]);
});

test("a scene and its bytes are read together", async () => {
  const other = makeFake({ timesteps: 9, units: 2 });
  model.receive({ _scene: other.scene });
  model.receive({ _overview: overviewBytes(other) });
  await frame();
  expect(store.shown.value?.overview?.columns).toBe(9);
});

test("the window follows the timestep that leaves it", () => {
  zoomTo(store, [5, 10]);
  goTo(store, 12);
  expect(store.zoom.value).toEqual([8, 13]);
  goTo(store, 0);
  expect(store.zoom.value).toEqual([0, 5]);
});

test("Home goes to the window's first timestep, then to the sequence's", () => {
  zoomTo(store, [5, 10]);
  goTo(store, 8);
  goToEnd(store, "first");
  expect(store.timestep.value).toBe(5);
  goToEnd(store, "first");
  expect(store.timestep.value).toBe(0);
});

test("units are stepped through in the order of the map, and stop at its ends", () => {
  const [first, second] = fake.scene.order;
  stepUnit(store, 1);
  expect(store.unit.value).toBe(second);
  stepUnit(store, -5);
  expect(store.unit.value).toBe(first);
});

test("pinning twice is unpinning", () => {
  togglePin(store, 2);
  togglePin(store, 1);
  togglePin(store, 2);
  expect(store.pinned.value).toEqual([1]);
});

test("a sample whose scene never comes is said aloud, until one comes", async () => {
  model.dead = true;
  select(store, { sample: 5 });
  await until(() => store.trouble.value === SILENT, "words about the silence");
  expect(store.shown.value?.scene.sample).toBe(3);
  model.receive({ _scene: { ...fake.scene, sample: 5 }, _overview: overviewBytes(fake) });
  await frame();
  expect(store.trouble.value).toBe("");
});

test("a closed comm does not throw", async () => {
  model.save_changes = () => {
    throw new Error("comm is closed");
  };
  goTo(store, 3);
  await frame();
  expect(store.timestep.value).toBe(3);
});

test("closing leaves no listener", async () => {
  end.abort();
  expect(model.listeners).toBe(0);
  goTo(store, 3);
  await frame();
  expect(model.get("timestep")).toBe(0);
});
