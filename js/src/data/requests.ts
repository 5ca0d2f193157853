import { listen, type Model } from "../model.ts";
import type { Answer, ErrorAnswer, Request } from "../protocol.ts";

/** A request before it has an id. */
export type Body = Request extends infer R ? (R extends Request ? Omit<R, "id"> : never) : never;

export interface Reply {
  answer: Exclude<Answer, ErrorAnswer>;
  buffers: unknown[];
}

/** The kernel said no. */
export class Refused extends Error {}
/** The kernel said nothing. */
export class NoAnswer extends Error {}

export type Ask = (body: Body) => Promise<Reply>;

/** Unlike every other on a page and in the kernel. A letter first: it also names elements. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return `w${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

interface Waiting {
  kind: string;
  resolve(reply: Reply): void;
  reject(reason: Error): void;
}

/**
 * Turns the kernel's messages into promises: one for each request, settled once.
 *
 * Answers reach every page that shows the model, so ids start with a random prefix, and an id
 * that nobody here waits for (another page's, a late one, one that came twice) is left alone.
 */
export function createRequests(model: Model, signal: AbortSignal, patience = 10_000): Ask {
  const prefix = randomId();
  const waiting = new Map<string, Waiting>();
  let count = 0;

  listen(
    model,
    "msg:custom",
    (message: unknown, buffers: unknown) => {
      const answer = message as Answer | null;
      const asked = answer && typeof answer === "object" ? waiting.get(answer.id) : undefined;
      if (!answer || !asked) return;
      if (answer.kind === "error") asked.reject(new Refused(String(answer.error)));
      else if (answer.kind !== asked.kind) asked.reject(new Refused(`asked for ${asked.kind}, got ${answer.kind}`));
      else asked.resolve({ answer, buffers: Array.isArray(buffers) ? buffers : [] });
    },
    signal,
  );

  signal.addEventListener("abort", () => {
    for (const asked of [...waiting.values()]) asked.reject(new DOMException("the widget is closed", "AbortError"));
  });

  return (body) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new DOMException("the widget is closed", "AbortError"));
      const id = `${prefix}:${++count}`;
      const timer = setTimeout(() => settle(reject, new NoAnswer("the kernel does not answer")), patience);
      function settle<T>(how: (value: T) => void, value: T): void {
        clearTimeout(timer);
        waiting.delete(id);
        how(value);
      }
      waiting.set(id, {
        kind: body.kind,
        resolve: (reply) => settle(resolve, reply),
        reject: (reason) => settle(reject, reason),
      });
      try {
        model.send({ id, ...body });
      } catch {
        // A closed comm throws on some hosts and is silent on others; both mean the same.
        settle(reject, new NoAnswer("the kernel does not answer"));
      }
    });
}
