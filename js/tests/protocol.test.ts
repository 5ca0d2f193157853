import { describe, expect, test } from "vitest";
import fixture from "../../tests/fixtures/protocol.json";
import { floats, inputSheet, type Sheet, sheet, shown } from "../src/data/decode.ts";
import { type Block, type Scene, VERSION } from "../src/protocol.ts";

const scene = fixture.scene as unknown as Scene;

function bytes(values: (number | null)[]): DataView {
  return new DataView(Float32Array.from(values, (x) => x ?? Number.NaN).buffer);
}

const numbers = (data: Iterable<number> | undefined | null) =>
  [...(data ?? [])].map((x) => (Number.isNaN(x) ? null : x));

describe("the fixture that both sides read", () => {
  test("has our version", () => {
    expect(fixture.catalogue.version).toBe(VERSION);
  });

  test("the overview is a block, then the input", () => {
    const { overview, input } = shown(scene, bytes(fixture.overview.values));
    expect(numbers(overview?.row("forget_gate", 0))).toEqual([0.5, 0.75, 1, null]);
    expect(numbers(overview?.row("forget_gate", 1))).toEqual([0.25, 0.125, 0, null]);
    expect(numbers(overview?.row("cell_state", 0))).toEqual([1, -1, 0.5, 0.5]);
    expect(overview?.value("cell_state", 1, 1)).toBe(-2);
    expect(overview?.exact).toBe(true);
    expect(numbers(input?.row("x", 0))).toEqual([0.25, -0.25, 3, 0]);
  });

  for (const { request, answer, values } of fixture.exchanges) {
    if (!values || answer.kind !== "tile") continue;
    test(`tile ${request.id}`, () => {
      const tile = sheet(answer.block as Block, bytes(values)) as Sheet;
      expect(numbers(tile.data)).toEqual(values);
      expect(answer.id).toBe(request.id);
    });
  }

  test("a merged stretch keeps mean, minimum and maximum", () => {
    const { answer, values } = fixture.exchanges[1] ?? {};
    const tile = sheet(answer?.block as Block, bytes(values ?? [])) as Sheet;
    expect(tile.exact).toBe(false);
    expect(tile.columns).toBe(2);
    expect(numbers(tile.row("forget_gate", 0))).toEqual([0.75, null]);
    expect(numbers(tile.row("forget_gate", 0, "minimum"))).toEqual([0.5, null]);
    expect(numbers(tile.row("forget_gate", 1, "maximum"))).toEqual([0.25, null]);
    expect([0, 1, 2, 3].map((t) => tile.column(t))).toEqual([0, 0, 0, 1]);
  });
});

describe("buffers", () => {
  const values = Float32Array.of(1, 2, 3);

  test("of every kind read the same", () => {
    for (const view of [values.buffer, new DataView(values.buffer), new Uint8Array(values.buffer)])
      expect(numbers(floats(view, 0, 3))).toEqual([1, 2, 3]);
  });

  test("that start on an odd byte of a message are copied", () => {
    const message = new Uint8Array(20);
    message.set(new Uint8Array(values.buffer), 5);
    expect(numbers(floats(new Uint8Array(message.buffer, 5, 12), 0, 3))).toEqual([1, 2, 3]);
    expect(numbers(floats(new DataView(message.buffer, 1, 16), 4, 3))).toEqual([1, 2, 3]);
  });

  test("that are aligned are not copied", () => {
    expect(floats(values, 4, 2)?.buffer).toBe(values.buffer);
  });

  test("that are too short, missing or no buffers are refused", () => {
    for (const odd of [new Uint8Array(11), undefined, null, [1, 2, 3], "abc"]) expect(floats(odd, 0, 3)).toBeNull();
    expect(inputSheet({ features: ["x"], start: 0, stop: 4, stride: 1, offset: -4 }, values)).toBeNull();
    expect(shown(scene, new Uint8Array(3)).overview).toBeNull();
  });
});
