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
  samples({ id, kind, layer, text, among, by, start, stop }, fake) {
    const samples = fake.catalogue.layers.find(({ name }) => name === layer)?.samples ?? 0;
    let lines = Array.from({ length: samples }, (_, sample) => sampleOf(sample));
    lines = lines.filter(
      ({ label, wrong }) => label.includes(text) && (among === "all" || wrong === (among === "wrong")),
    );
    if (by === "loss") lines.sort((a, b) => b.loss - a.loss);
    return [{ id, kind, start, total: lines.length, samples: lines.slice(start, stop) }];
  },
};

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
