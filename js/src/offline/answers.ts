/** What the page answers in the kernel's place, a function a kind of request; counting and picking, no equations. */

import { remains } from "../memory.ts";
import type { Answer, Catalogue, ErrorAnswer, Request } from "../protocol.ts";
import { matchesOf, saturationOf } from "./counts.ts";
import type { Embedded, EmbeddedLayer } from "./embedded.ts";
import { firstLike, linesOf } from "./lists.ts";
import { type Numbers, thinned, unitsOf } from "./numbers.ts";

/** Why there is no answer. */
export class NotHere extends Error {}

export type Reply = [answer: Answer, buffers: ArrayBufferView[]];
type Of<K extends Request["kind"]> = Extract<Request, { kind: K }>;
type Fields<K extends Request["kind"]> = Omit<Extract<Exclude<Answer, ErrorAnswer>, { kind: K }>, "id" | "kind">;
type Given<K extends Request["kind"]> = [fields: Fields<K>, ...buffers: ArrayBufferView[]];

/** What there is to answer from. */
export interface Desk {
  embedded: Embedded;
  layer(name: string): EmbeddedLayer;
  numbers(layer: string, sample: number): Numbers;
}

/** Of several steps a page carries one, and no weights, so none are asked for; and there is no kernel to be ahead. */
type Kind = Exclude<Request["kind"], "scene" | "state" | "weights" | "drift">;

const ANSWERS: { [K in Kind]: (request: Of<K>, desk: Desk) => Given<K> } = {
  tile({ layer, sample, quantities, units, start, stop, stride }, desk) {
    const numbers = desk.numbers(layer, sample);
    const rows = quantities.flatMap((quantity) => units.map((unit) => numbers.row(quantity, unit)));
    const block = { quantities, units, start, stop, stride };
    return [{ layer, sample, block }, thinned(rows, [start, stop], stride)];
  },
  labels({ layer, sample, start, stop }, desk) {
    const place = desk.layer(layer).scenes[sample]?.labels ?? null;
    const labels = place === null ? unitsOf([start, stop]).map(String) : textsOf(desk, place, start, stop);
    return [{ start, labels }];
  },
  words({ layer, sample, start, stop }, desk) {
    const place = desk.layer(layer).scenes[sample]?.words ?? null;
    if (place === null) throw new NotHere("the input of this sample is no whole number a timestep, so it has no words");
    return [{ start, words: textsOf(desk, place, start, stop) }];
  },
  find({ layer, sample, text }, desk) {
    if (!text.trim()) throw new NotHere("find: text is empty");
    const { scene, labels } = desk.layer(layer).scenes[sample] ?? missing(sample);
    const named = labels === null ? unitsOf([0, scene.timesteps]).map(String) : (desk.embedded.texts[labels] ?? []);
    return [{ timestep: firstLike(text.trim(), named) }];
  },
  samples(request, desk) {
    const { lines, refused } = desk.layer(request.layer);
    const why = (request.by === "loss" && refused.loss) || (request.among !== "all" && refused.class);
    if (why) throw new NotHere(why);
    const found = linesOf(lines, request);
    return [{ start: request.start, total: found.length, samples: found.slice(request.start, request.stop) }];
  },
  nearest({ layer, sample }, desk) {
    const found = desk.layer(layer).nearest[sample] ?? missing(sample);
    if (typeof found === "string") throw new NotHere(found);
    return [{ sample: found }];
  },
  parts({ layer, sample, unit, start, stop }, desk) {
    const { gates, states } = desk.layer(layer);
    const numbers = desk.numbers(layer, sample);
    const rows = gates.flatMap((gate) => {
      const bias = Float32Array.from({ length: stop }, (_, t) =>
        numbers.isMasked(t) ? Number.NaN : numbers.bias(gate, unit),
      );
      return [numbers.part(gate, "input", unit), numbers.part(gate, "recurrent", unit), bias];
    });
    rows.push(...states.map((state) => numbers.previous(state, unit)));
    return [{ layer, sample, unit, start, stop, gates, states }, thinned(rows, [start, stop], 1)];
  },
  memory({ layer, sample, unit, timestep, start, stop, stride }, desk) {
    const numbers = desk.numbers(layer, sample);
    const { quantities, direction } = numbers.scene;
    const keep = ["forget_gate", "update_gate"].find((gate) => quantities.includes(gate));
    if (!keep) throw new NotHere("no gate of this cell keeps its memory; this is for LSTM and GRU layers");
    const kept = numbers.row(keep, unit);
    const columns = new Float32Array(Math.ceil((stop - start) / stride));
    for (const [t, share] of remains(timestep, direction === "backward", (t) => kept[t], 0)) {
      const column = Math.floor((t - start) / stride);
      if (t >= start && t < stop) columns[column] = Math.max(columns[column] ?? 0, share);
    }
    return [{ start, stop, stride }, columns];
  },
  saturation({ layer, sample }, desk) {
    const numbers = desk.numbers(layer, sample);
    const gates = gatesOf(desk.embedded.catalogue, numbers);
    return [{ layer, sample, gates }, saturationOf(numbers, gates)];
  },
  matches: ({ layer, sample, quantity, start, stop, threshold }, desk) => [
    matchesOf(desk.numbers(layer, sample), quantity, [start, stop], threshold),
  ],
  refresh() {
    throw new NotHere("this page has no kernel that could make its numbers anew");
  },
};

/** One answer to each request, as the kernel gives it. */
export function answer(request: Request, desk: Desk): Reply {
  const { id, kind } = request;
  try {
    const give = ANSWERS[kind as Kind] as ((request: Request, desk: Desk) => Given<typeof kind>) | undefined;
    if (!give) throw new NotHere(`${kind} needs a kernel, and this page has none`);
    const [fields, ...buffers] = give(request, desk);
    return [{ id, kind, ...fields } as Answer, buffers];
  } catch (reason) {
    return [{ id, kind: "error", error: (reason as Error).message }, []];
  }
}

function textsOf({ embedded }: Desk, place: number, start: number, stop: number): string[] {
  return (embedded.texts[place] ?? []).slice(start, stop);
}

function gatesOf(catalogue: Catalogue, { scene }: Numbers): string[] {
  return scene.quantities.filter((quantity) => catalogue.quantities[quantity]?.kind === "gate");
}

function missing(sample: number): never {
  throw new NotHere(`sample ${sample} is not on this page`);
}
