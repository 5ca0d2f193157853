import { describe, expect, test } from "vitest";
import { middle, ticks, timestepAt } from "../src/axis.ts";
import { shown } from "../src/data/decode.ts";
import { mapTiles, overviewSuffices, strideFor, unitTile } from "../src/data/tiles.ts";
import { bound, brief, number, signed } from "../src/format.ts";
import { MAX_READ, type Scene } from "../src/protocol.ts";
import { sentence, valueWords } from "../src/views/words.ts";
import { blockData, overviewBytes } from "./fake.ts";
import { makeFake } from "./fake-data.ts";

describe("numbers", () => {
  test("have a minus as wide as a plus, and never say 0 where there is something", () => {
    expect(number(-0.5)).toBe("\u22120.5000");
    expect(number(0)).toBe("0.0000");
    expect(number(0.00001)).toBe("1.00e\u22125");
    expect(number(123.456)).toBe("123.46");
    expect(number(1e7)).toBe("1.00e7");
    expect([Number.NaN, Number.POSITIVE_INFINITY].map((x) => number(x))).toEqual(["NaN", "\u221e"]);
    expect(brief(0.004)).toBe("0.004");
    expect(signed(0.52)).toBe("+0.52");
    expect(bound(2.4e-7)).toBe("2.4e-7");
  });
});

describe("the sentence", () => {
  const base = makeFake({ timesteps: 5, units: 1, masked: [[4, 5]] }).scene;
  type Values = Record<string, number[]>;
  const lstm: Values = {
    forget_gate: [0.9, 0.05, 0.5, 1, Number.NaN],
    input_gate: [1, 0.52, 0, 1, Number.NaN],
    cell_candidate: [1, 1, 0, -1, Number.NaN],
    cell_state: [2.31, 0.64, 0, 0, 0],
  };
  const say = (scene: Scene, values: Values, t: number, exact = true) =>
    sentence(
      scene,
      (quantity, at) => {
        const value = values[quantity]?.[at];
        return value === undefined ? undefined : { value, exact };
      },
      12,
      t,
      `t = ${t}`,
    );

  test("of an LSTM says what is erased and what is written", () => {
    expect(say(base, lstm, 1)).toBe(
      "Unit 12, t = 1: forget gate 0.05 erases c = 2.31 to 0.12; writes +0.52; c is now 0.64.",
    );
    expect(say(base, lstm, 0)).toContain("first step writes +1.00");
    expect(say(base, lstm, 3)).toContain("finds c empty");
  });

  test("takes the previous step from the side the layer comes from", () => {
    const backward = { ...base, direction: "backward" as const, masked: [] };
    expect(say(backward, lstm, 0)).toContain("c = 0.64");
  });

  test("says what masked means, and says when it is not exact", () => {
    expect(say(base, lstm, 4)).toBe("Unit 12, t = 4: masked; nothing is computed, c = 0.00 is carried.");
    expect(say(base, lstm, 1, false)).toContain("about");
  });

  test("waits where numbers are missing", () => {
    expect(say(base, {}, 1)).toBeNull();
  });

  test("of other cells is simpler", () => {
    const gru = { ...base, quantities: ["update_gate", "reset_gate", "candidate", "hidden_state"] };
    const values = { update_gate: [0.5, 0.93], candidate: [0, -0.22], hidden_state: [0.41, 0.37] };
    expect(say(gru, values, 1)).toBe(
      "Unit 12, t = 1: update gate 0.93 keeps h = 0.41 at 0.38; candidate \u22120.22 makes it 0.37.",
    );
    const simple = { ...base, quantities: ["hidden_state"] };
    expect(say(simple, values, 1)).toBe("Unit 12, t = 1: h goes from 0.41 to 0.37.");
  });

  test("a value is exact, about, masked, NaN or on its way", () => {
    expect(valueWords({ value: 0.5, exact: true }, base, 0)).toBe("0.5000");
    expect(valueWords({ value: 0.5, exact: false }, base, 0)).toBe("~0.5000");
    expect(valueWords({ value: Number.NaN, exact: true }, base, 4)).toBe("masked");
    expect(valueWords({ value: Number.NaN, exact: true }, base, 0)).toBe("NaN");
    expect(valueWords(undefined, base, 0)).toBe("\u2026");
  });
});

describe("the time axis", () => {
  test("a place and its timestep agree, also in a window", () => {
    for (let t = 30; t < 60; t++) expect(timestepAt(middle(t, [30, 60], 517), [30, 60], 517)).toBe(t);
    expect([-9, 9999].map((x) => timestepAt(x, [30, 60], 517))).toEqual([30, 59]);
  });

  test("ticks are round and apart", () => {
    expect(ticks([0, 150], 620, 64)).toEqual([0, 20, 40, 60, 80, 100, 120, 140]);
    expect(ticks([7, 9], 620, 64)).toEqual([7, 8]);
    expect(ticks([0, 1], 10, 64)).toEqual([0]);
  });
});

describe("tiles", () => {
  const big = makeFake({ timesteps: 5000, units: 512 });

  test("have no more columns than pixels", () => {
    expect([100, 620, 5000].map((n) => strideFor([0, n], 620))).toEqual([1, 1, 16]);
  });

  test("of the map hold every unit on screen and stay far below the wire's limit", () => {
    const units = [511, 3, 200];
    const bodies = mapTiles(big.scene, "forget_gate", units, [0, 5000], 620);
    for (const unit of units)
      expect(bodies.some((body) => body.kind === "tile" && body.units.includes(unit))).toBe(true);
    for (const body of bodies)
      if (body.kind === "tile") expect(blockData(big.row, body).byteLength).toBeLessThan(300_000);
  });

  test("of the map never make the kernel read more than it may, however long the sequence", () => {
    const long = { ...big.scene, timesteps: 20_000_000 };
    for (const width of [300, 620, 2000])
      for (const body of mapTiles(long, "forget_gate", [0, 1, 2, 3], [0, long.timesteps], width))
        if (body.kind === "tile") expect(body.units.length * (body.stop - body.start)).toBeLessThanOrEqual(MAX_READ);
  });

  test("are not asked for where the overview says it all", () => {
    const small = makeFake({ timesteps: 60, units: 4 });
    const here = shown(small.scene, overviewBytes(small));
    expect(overviewSuffices(here, unitTile(small.scene, 2, [0, 60], 600))).toBe(true);
    const coarse = shown(big.scene, overviewBytes(big));
    expect(overviewSuffices(coarse, unitTile(big.scene, 2, [0, 5000], 600))).toBe(false);
  });
});
