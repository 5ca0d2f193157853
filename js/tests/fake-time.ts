/** What a scene may have besides its layer: words, answers along time, padding. */

import type { Output, Scene, SeriesBlock } from "../src/protocol.ts";
import type { Fake } from "./fake-data.ts";

export function withScene(fake: Fake, scene: Partial<Scene>): Fake {
  return { ...fake, scene: { ...fake.scene, ...scene } };
}

/** Numbers at the end of the overview. */
function appended(fake: Fake, features: string[], rows: Float32Array[]): { fake: Fake; series: SeriesBlock } {
  const { input, timesteps, block } = fake.scene;
  const statistics = block.stride === 1 ? 1 : 3;
  const floats = statistics * block.quantities.length * fake.scene.units * Math.ceil(timesteps / block.stride);
  const before = input ? fake.input : [];
  const offset = 4 * (floats + before.reduce((sum, row) => sum + row.length, 0));
  const next = { ...fake, input: [...before, ...rows] };
  return { fake: next, series: { features, start: 0, stop: timesteps, stride: 1, offset } };
}

const along = (timesteps: number, value: (t: number) => number) =>
  Float32Array.from({ length: timesteps }, (_, t) => value(t));

/** Probabilities of three classes; the first loses to the second on the way. */
export function withClasses(fake: Fake, change: Partial<Output> = {}, names = ["Gun", "Point", "Other"]): Fake {
  const { timesteps } = fake.scene;
  const first = along(timesteps, (t) => 0.8 / (1 + Math.exp((t / timesteps - 0.5) * 14)) + 0.05);
  const second = first.map((p) => 0.93 - p);
  const third = first.map(() => 0.07);
  const { fake: next, series } = appended(fake, names, [first, second, third]);
  const output: Output = {
    kind: "so far",
    series,
    expected: null,
    target: 0,
    probabilities: true,
    error: 1e-7,
    ...change,
  };
  return withScene(next, { output });
}

/** One value a timestep and what was expected: waves, or what a test gives. */
export function withValues(
  fake: Fake,
  change: Partial<Output> = {},
  wanted = (t: number) => 3 * Math.sin((t / fake.scene.timesteps) * 9),
  said = (t: number) => wanted(t) + 0.5 * Math.cos(t / 5),
): Fake {
  const { timesteps } = fake.scene;
  const answered = appended(fake, ["load"], [along(timesteps, said)]);
  const { fake: next, series } = appended(answered.fake, ["expected"], [along(timesteps, wanted)]);
  const output: Output = {
    kind: "timestep",
    series: answered.series,
    expected: series,
    target: null,
    probabilities: false,
    error: null,
    ...change,
  };
  return withScene(next, { output });
}

/** The input is one whole number a timestep: words. */
export function withTokens(fake: Fake): Fake {
  const ids = along(fake.scene.timesteps, (t) => t % 97);
  return withScene({ ...fake, input: [ids, ...fake.input.slice(1)] }, { tokens: true });
}

const WORDS =
  "the film that nobody had asked for turned out to be quietly , stubbornly good and not a minute too long .".split(
    " ",
  );

export function wordAt(timestep: number): string {
  return WORDS[timestep % WORDS.length] ?? "";
}
