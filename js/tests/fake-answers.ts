/** What the stand-in for the kernel answers, a function a kind of request. */

import type { Request, TileRequest } from "../src/protocol.ts";
import { blockData } from "./fake.ts";
import type { Fake } from "./fake-data.ts";
import { partsOf } from "./fake-parts.ts";
import { wordAt } from "./fake-time.ts";

type Message = [message: unknown, buffers?: unknown[]];
type Answers = {
  [K in Request["kind"]]?: (
    request: Extract<Request, { kind: K }>,
    fake: Fake,
    label: (t: number) => string,
  ) => Message;
};

const ANSWERS: Answers = {
  tile: (request, fake) => tileAnswer(fake, request),
  labels({ id, kind, start, stop }, _, label) {
    const labels = Array.from({ length: stop - start }, (_, i) => label(start + i));
    return [{ id, kind, start, labels }];
  },
  words({ id, kind, start, stop }) {
    const words = Array.from({ length: stop - start }, (_, i) => wordAt(start + i));
    return [{ id, kind, start, words }];
  },
  find({ id, kind, text }, { scene }, label) {
    const labels = Array.from({ length: scene.timesteps }, (_, t) => label(t));
    const tries = [labels.indexOf(text), labels.findIndex((each) => each.startsWith(text))];
    tries.push(labels.findIndex((each) => each.includes(text)));
    return [{ id, kind, timestep: tries.find((t) => t >= 0) ?? null }];
  },
  samples({ id, kind, layer, text, among, by, start, stop }, fake) {
    const samples = fake.catalogue.layers.find(({ name }) => name === layer)?.samples ?? 0;
    let lines = Array.from({ length: samples }, (_, sample) => sampleOf(sample));
    lines = lines.filter(
      ({ label, wrong }) => label.includes(text) && (among === "all" || wrong === (among === "wrong")),
    );
    if (by === "loss") lines.sort((a, b) => b.loss - a.loss);
    return [{ id, kind, start, total: lines.length, samples: lines.slice(start, stop) }];
  },
  memory({ id, kind, unit, timestep, start, stop, stride }, fake) {
    const shares = new Float32Array(Math.ceil((stop - start) / stride));
    let share = 1;
    for (let t = timestep; t >= start; t--) {
      const column = Math.floor((t - start) / stride);
      shares[column] = Math.max(shares[column] ?? 0, share);
      share *= fake.row("forget_gate", unit)[t] ?? 1;
    }
    return [{ id, kind, start, stop, stride }, [new DataView(shares.buffer)]];
  },
  nearest: ({ id, kind, sample }) => [{ id, kind, sample: sample + 1 }],
  parts(request, fake) {
    const { gates, states, rows } = partsOf(fake, request.unit);
    const data = rows.flatMap((row) => [...row.subarray(request.start, request.stop)]);
    return [{ ...request, gates, states }, [new DataView(Float32Array.from(data).buffer)]];
  },
  saturation({ id, kind, layer, sample }, { scene, catalogue, row }) {
    const gates = scene.quantities.filter((quantity) => catalogue.quantities[quantity]?.kind === "gate");
    const units = Array.from({ length: scene.units }, (_, unit) => unit);
    const share = (gate: string, is: (x: number) => boolean) =>
      units.map((unit) => row(gate, unit).filter(is).length / row(gate, unit).filter((x) => !Number.isNaN(x)).length);
    const data = gates.flatMap((gate) => [...share(gate, (x) => x < 0.1), ...share(gate, (x) => x > 0.9)]);
    return [{ id, kind, layer, sample, gates }, [new DataView(Float32Array.from(data).buffer)]];
  },
  weights({ id, kind, units, step }, fake) {
    // The first feature's grow with each step.
    const rows = units.flatMap((unit) => weightsOf(fake, unit).map((value, k) => (k ? value : value + step / 2)));
    const features = ["load", "wind"];
    return [{ id, kind, features, strides: [1, 1], biases: 1 }, [new DataView(Float32Array.from(rows).buffer)]];
  },
  drift({ id, kind, step }, { scene, catalogue }) {
    const states = scene.quantities.length === 6 ? ["cell_state", "hidden_state"] : [];
    const gates = scene.quantities.filter((quantity) => catalogue.quantities[quantity] && !states.includes(quantity));
    const steps = Array.from({ length: step + 1 }, (_, k) => k);
    // Norm k, median 0, from -4 to 4, quartiles -1 and 1; of step k.
    const part = [steps, ...[0, -4, 4, -1, 1].map((value) => steps.map(() => value))].flat();
    const data = gates.flatMap(() => [...part, ...part, ...part]);
    return [{ id, kind, steps, gates }, [new DataView(Float32Array.from(data).buffer)]];
  },
  matches({ id, kind, quantity, start, stop, threshold }, { scene, row }) {
    const share = (unit: number) =>
      row(quantity, unit).filter((x, t) => (start <= t && t < stop ? x > threshold : x <= threshold)).length;
    const best = Array.from({ length: scene.units }, (_, unit) => [unit, share(unit) / scene.timesteps] as const)
      .sort((a, b) => b[1] - a[1])
      .slice(0, 64);
    const [units, shares] = [0, 1].map((k) => best.map((each) => each[k] ?? 0));
    return [{ id, kind, units, shares, exact: shares?.filter((each) => each === 1).length }];
  },
};

/** Of two features 4 and -2, of h of unit k k / 10, but -4 of itself; the bias is 1. */
export function weightsOf({ scene }: Fake, unit: number): number[] {
  const recurrent = Array.from({ length: scene.units }, (_, k) => (k === unit ? -4 : k / 10));
  return [4, -2, ...recurrent, 1];
}

export function answerTo(request: Request, fake: Fake, label: (t: number) => string): Message {
  const answer = ANSWERS[request.kind] as ((request: Request, fake: Fake, label: unknown) => Message) | undefined;
  return answer?.(request, fake, label) ?? [{ id: request.id, kind: "error", error: `no ${request.kind} here` }];
}

/** Each fourth is wrong. */
function sampleOf(sample: number) {
  const wrong = sample % 4 === 3;
  const loss = ((sample * 37) % 100) / 100 + (wrong ? 1 : 0);
  return { sample, label: `GunPoint ${sample}`, prediction: "Gun 0.91", target: wrong ? "Point" : "Gun", loss, wrong };
}

export function tileAnswer(fake: Fake, request: TileRequest): Message {
  const { id, kind, layer, sample, ...block } = request;
  return [{ id, kind, layer, sample, block }, [new DataView(blockData(fake.row, block).buffer)]];
}
