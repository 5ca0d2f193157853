import { describe, expect, test } from "vitest";
import { hue, pixel, place, table } from "../src/colour.ts";
import { Sheet } from "../src/data/decode.ts";
import type { Catalogue } from "../src/protocol.ts";
import { columnsOf, paintUnit } from "../src/raster.ts";
import { makeFake } from "./fake-data.ts";

const { catalogue } = makeFake({ timesteps: 2, units: 1 });
const bare = { ...catalogue, colours: {} } as Catalogue;

describe("tables", () => {
  test("are the kernel's, entry by entry", () => {
    const colours = { "gate-light": `0a0b0c${"000000".repeat(254)}ff8000` };
    const gate = table({ ...catalogue, colours }, "gate", false);
    expect(gate[0]).toBe(pixel(10, 11, 12));
    expect(gate[255]).toBe(pixel(255, 128, 0));
  });

  test("stand in where the kernel sent none or nonsense", () => {
    for (const colours of [{}, { "gate-light": "zz" }]) {
      const gate = table({ ...bare, colours }, "gate", false);
      expect(gate).toHaveLength(256);
      expect(gate[0]).toBe(pixel(255, 255, 255));
    }
    expect(table(bare, "signed", true)[128]).not.toBe(table(bare, "signed", true)[0]);
  });

  test("place values from limit to limit, and hold what is beyond", () => {
    expect([0, 0.5, 1, -3, 7].map((x) => place(x, 0, 1))).toEqual([0, 128, 255, 0, 255]);
    expect(place(0, -2, 2)).toBe(128);
    expect(place(1, 1, 1)).toBe(0);
  });

  test("every quantity has a hue, in both themes", () => {
    const { catalogue, scene } = makeFake({ timesteps: 2, units: 1 });
    const of = (quantity: string, dark: boolean) => hue(catalogue, scene.layer, quantity, dark);
    expect(new Set(scene.quantities.map((quantity) => of(quantity, false))).size).toBe(6);
    for (const quantity of scene.quantities) expect(of(quantity, false)).not.toBe(of(quantity, true));
    expect(of("another", false)).toMatch(/^#/);
  });
});

describe("the map's pixels", () => {
  const scale = { table: table(bare, "gate", false), low: 0, high: 1, nan: 99, clipped: 77 };
  const block = { quantities: ["f"], units: [4, 5], start: 10, stop: 14, stride: 1 };
  const exact = new Sheet(block, Float32Array.of(0, 0, 0, 0, 0, 1, Number.NaN, 2));

  test("a timestep is as many whole pixels as there is room for", () => {
    expect([...columnsOf(exact, [10, 14], 8)]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect([...columnsOf(exact, [8, 12], 4)]).toEqual([-1, -1, 0, 1]);
  });

  test("a unit is painted in its rows, NaN and clipped cells in their own way", () => {
    const pixels = new Uint32Array(4 * 10);
    const source = { sheet: exact, quantity: "f", unit: 5, columns: columnsOf(exact, [10, 14], 4) };
    paintUnit(pixels, 4, 2, 7, 1, source, scale);
    const row = (y: number) => [...pixels.subarray(4 * y, 4 * y + 4)];
    const [shut, open] = [scale.table[0], scale.table[255]];
    expect(row(1)).toEqual([0, 0, 0, 0]);
    expect(row(2)).toEqual([shut, open, 99, 77]);
    expect(row(4)).toEqual([shut, open, 99, open]);
    expect(row(8)).toEqual([0, 0, 0, 0]);
  });

  test("a merged stretch is its mean, and a spike in it is ticked", () => {
    const merged = new Sheet({ ...block, units: [4], stride: 2 }, Float32Array.of(0.9, 0.5, 0, 0.4, 1, 0.6));
    const pixels = new Uint32Array(2 * 6);
    const source = { sheet: merged, quantity: "f", unit: 4, columns: columnsOf(merged, [10, 14], 2) };
    paintUnit(pixels, 2, 0, 6, 0, source, scale);
    expect([...pixels.subarray(4, 6)]).toEqual([scale.table[230], scale.table[128]]);
    expect([...pixels.subarray(10, 12)]).toEqual([scale.table[0], scale.table[128]]);
  });
});
