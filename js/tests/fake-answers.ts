/** What the stand-in for the kernel answers, a function a kind of request. */

import type { Request, TileRequest } from "../src/protocol.ts";
import { blockData } from "./fake.ts";
import type { Fake } from "./fake-data.ts";

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
  samples({ id, kind, start, stop }) {
    const samples = Array.from({ length: stop - start }, (_, i) => ({
      sample: start + i,
      label: `GunPoint ${start + i}`,
    }));
    return [{ id, kind, start, total: stop, samples }];
  },
  saturation({ id, kind, layer, sample }, { scene, catalogue, row }) {
    const gates = scene.quantities.filter((quantity) => catalogue.quantities[quantity]?.kind === "gate");
    const units = Array.from({ length: scene.units }, (_, unit) => unit);
    const share = (gate: string, is: (x: number) => boolean) =>
      units.map((unit) => row(gate, unit).filter(is).length / row(gate, unit).filter((x) => !Number.isNaN(x)).length);
    const data = gates.flatMap((gate) => [...share(gate, (x) => x < 0.1), ...share(gate, (x) => x > 0.9)]);
    return [{ id, kind, layer, sample, gates }, [new DataView(Float32Array.from(data).buffer)]];
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

export function answerTo(request: Request, fake: Fake, label: (t: number) => string): Message {
  const answer = ANSWERS[request.kind] as ((request: Request, fake: Fake, label: unknown) => Message) | undefined;
  return answer?.(request, fake, label) ?? [{ id: request.id, kind: "error", error: `no ${request.kind} here` }];
}

export function tileAnswer(fake: Fake, request: TileRequest): Message {
  const { id, kind, layer, sample, ...block } = request;
  return [{ id, kind, layer, sample, block }, [new DataView(blockData(fake.row, block).buffer)]];
}
