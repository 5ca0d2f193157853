import { effect, type Signal, signal } from "@preact/signals-core";
import { afterPaint } from "../after.ts";
import { BUSY, BUSY_AFTER, SILENT, type Store } from "../store.ts";
import { type Sheet, sheet } from "./decode.ts";
import { type Ask, type Body, NoAnswer, Refused, type Reply } from "./requests.ts";

/** So many at once keep a kernel busy without a queue in which stale ones wait. */
const AT_ONCE = 4;
/** Bytes of answers kept; the least recently used go first. */
const ROOM = 48_000_000;
/** A request that was met by silence is worth another try after so long: the kernel may only have been busy. */
const RETRY = 30_000;

/** An answer with its bytes, or, of a tile, what they mean. */
type Loaded = Sheet | (Reply["answer"] & { buffers: unknown[] });

interface Entry {
  value: Loaded;
  bytes: number;
}

/** What views need and do not have. One for all views of a model. */
export interface Loader {
  /** Rises with every answer: read it to be painted again. */
  readonly version: Signal<number>;
  /** Replace what `owner` waits for; what it no longer names and is not under way is never asked. */
  want(owner: string, bodies: Body[]): void;
  get(body: Body): Loaded | undefined;
  tile(body: Body): Sheet | undefined;
  /** Why there is no answer to this one, in the kernel's words; empty as long as there may be one. */
  refusal(body: Body): string;
  /** Past the cache, for what is to be done rather than read. */
  ask: Ask;
  /** Numbers have changed: forget them. */
  forget(): void;
}

/** Their views say themselves what was refused, where it was asked for. */
const SAY_IT_THEMSELVES: Body["kind"][] = ["samples", "weights"];

const key = (body: Body) => JSON.stringify(body);

export function createLoader(ask: Ask, store: Store, stop: AbortSignal): Loader {
  const version = signal(0);
  const kept = new Map<string, Entry>();
  const wanted = new Map<string, Body[]>();
  const pending = new Set<string>();
  /** When a request failed; infinity where asking again would be refused again. */
  const failed = new Map<string, number>();
  const reasons = new Map<string, string>();
  let used = 0;
  let callOff: (() => void) | undefined;
  let generation = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function keep(name: string, reply: Reply): void {
    const { answer, buffers } = reply;
    const value = answer.kind === "tile" ? sheet(answer.block, buffers[0]) : { ...answer, buffers };
    if (!value) {
      failed.set(name, Number.POSITIVE_INFINITY);
      return;
    }
    const binary = buffers.reduce<number>((sum, buffer) => sum + ((buffer as ArrayBuffer).byteLength ?? 0), 0);
    const bytes = binary + (answer.kind === "tile" ? 0 : 64 * JSON.stringify(answer).length);
    kept.set(name, { value, bytes });
    used += bytes;
    for (const [oldest, entry] of kept) {
      if (used <= ROOM || oldest === name) break;
      kept.delete(oldest);
      used -= entry.bytes;
    }
  }

  /** Any answer says that the kernel is there; none for a while says that it has other things to do. */
  async function listenTo(body: Body): Promise<Reply> {
    const slow = setTimeout(() => {
      if (!store.trouble.peek()) store.trouble.value = BUSY;
    }, BUSY_AFTER);
    try {
      const reply = await ask(body);
      heard();
      return reply;
    } catch (reason) {
      if (reason instanceof Refused) heard();
      throw reason;
    } finally {
      clearTimeout(slow);
    }
  }

  function heard(): void {
    const trouble = store.trouble.peek();
    if (trouble === BUSY || trouble === SILENT) store.trouble.value = "";
    if (trouble === SILENT) for (const [other, until] of failed) if (Number.isFinite(until)) failed.delete(other);
  }

  async function fetchOne(body: Body): Promise<void> {
    const name = key(body);
    const born = generation;
    pending.add(name);
    try {
      const reply = await listenTo(body);
      if (born === generation) keep(name, reply);
    } catch (reason) {
      if (stop.aborted) return;
      const silent = reason instanceof NoAnswer;
      if (born === generation) failed.set(name, silent ? Date.now() + RETRY : Number.POSITIVE_INFINITY);
      if (silent) retry ??= setTimeout(tryAgain, RETRY + 50);
      reasons.set(name, (reason as Error).message);
      if (silent) store.trouble.value = store.steps.peek().training ? "" : SILENT;
      else if (!SAY_IT_THEMSELVES.includes(body.kind))
        store.trouble.value = `The kernel says: ${(reason as Error).message}`;
    } finally {
      pending.delete(name);
    }
    version.value++;
    schedule();
  }

  function* missing(): Generator<Body> {
    const now = Date.now();
    for (const bodies of wanted.values())
      for (const body of bodies) {
        const name = key(body);
        if (!kept.has(name) && !pending.has(name) && (failed.get(name) ?? 0) <= now) yield body;
      }
  }

  function flush(): void {
    callOff = undefined;
    // A kernel that trains answers nobody; what is asked meanwhile would only be waited for in vain.
    if (stop.aborted || store.steps.peek().training) return;
    for (const body of missing()) {
      if (pending.size >= AT_ONCE) break;
      void fetchOne(body);
    }
  }

  function tryAgain(): void {
    retry = undefined;
    schedule();
  }

  function schedule(): void {
    callOff ??= afterPaint(flush);
  }

  const stopWaiting = effect(() => {
    if (store.steps.value.training) return;
    for (const [name, until] of failed) if (Number.isFinite(until)) failed.delete(name);
    schedule();
  });
  stop.addEventListener("abort", () => {
    stopWaiting();
    callOff?.();
    clearTimeout(retry);
    kept.clear();
    wanted.clear();
  });

  const loader: Loader = {
    version,
    want(owner, bodies) {
      wanted.set(owner, bodies);
      if (bodies.length) schedule();
      else wanted.delete(owner);
    },
    get(body) {
      const name = key(body);
      const entry = kept.get(name);
      if (!entry) return undefined;
      // A map keeps the order of insertion: the end is the most recently used.
      kept.delete(name);
      kept.set(name, entry);
      return entry.value;
    },
    tile(body) {
      return loader.get(body) as Sheet | undefined;
    },
    refusal: (body) => (failed.has(key(body)) ? (reasons.get(key(body)) ?? "") : ""),
    ask: listenTo,
    forget() {
      generation++;
      kept.clear();
      failed.clear();
      used = 0;
      version.value++;
    },
  };
  return loader;
}
