import { expect, test } from "vitest";
import { Sheet } from "../src/data/decode.ts";
import { changes, crossings, memoryOf, remains } from "../src/memory.ts";
import { magnification } from "../src/views/tracks/bars.ts";
import { blockData } from "./fake.ts";
import { makeFake, type Options } from "./fake-data.ts";

function unitOf(options: Options) {
  const { scene, row } = makeFake({ timesteps: 30, units: 3, ...options });
  const block = { ...scene.block, units: [1], stride: 1 };
  const memory = memoryOf(scene);
  if (!memory) throw new Error("no memory");
  return { scene, memory, row, sheet: new Sheet(block, blockData(row, block)) };
}

for (const direction of ["forward", "backward"] as const)
  for (const cell of ["lstm", "gru"] as const)
    test(`${cell}, ${direction}: written and erased sum to the change of the memory`, () => {
      const { scene, memory, row, sheet } = unitOf({ direction, cell });
      const state = row(memory.state, 1);
      const by = direction === "backward" ? 1 : -1;
      const found = changes(scene, sheet, 1, memory);
      expect(found).toHaveLength(30);
      for (const { timestep, written, erased } of found)
        expect(written + erased).toBeCloseTo((state[timestep] ?? 0) - (state[timestep + by] ?? 0), 5);
    });

test("masked timesteps write and erase nothing", () => {
  const { scene, memory, sheet } = unitOf({ masked: [[10, 14]] });
  const found = changes(scene, sheet, 1, memory).map(({ timestep }) => timestep);
  expect(found).toHaveLength(26);
  expect(found).not.toContain(12);
});

test("a simple cell has no memory that is kept by a gate", () => {
  expect(memoryOf(makeFake({ cell: "simple_rnn" }).scene)).toBeNull();
});

test("what remains is the product of all that kept it since, in reading order", () => {
  const keep = [0.5, 0.25, Number.NaN, 0.5, 1];
  const at = (t: number) => keep[t];
  expect([...remains(4, false, at, 0)]).toEqual([
    [4, 1],
    [3, 1],
    [2, 0.5],
    [1, 0.5],
    [0, 0.125],
  ]);
  expect([...remains(1, true, at, 0)].map(([t]) => t)).toEqual([1, 2, 3, 4]);
  expect([...remains(4, false, at, 0.6)].map(([t]) => t)).toEqual([4, 3]);
  expect([...remains(9, false, at)]).toEqual([]);
});

test("a crossing is the first timestep on the other side", () => {
  expect(crossings([0, 0.4, 0.6, 0.6, 0.5, 0.2], 10, 0.5)).toEqual([12, 15]);
  expect(crossings([1, Number.NaN, 0], 0, 0.5)).toEqual([]);
  expect(crossings([], 0, 0.5)).toEqual([]);
});

test("bars are magnified only as far as they stay in the track", () => {
  const change = (written: number) => [{ timestep: 0, written, erased: 0 }];
  expect(magnification(change(0.2), 1)).toBe(4);
  expect(magnification(change(5), 1)).toBe(1);
  expect(magnification(change(0), 1)).toBe(1);
  expect(magnification(change(1e-9), 1)).toBe(64);
});
