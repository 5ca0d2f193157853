/**
 * Hosts lose what the kernel sends: in Colab each output is a frame of its own, and what a later cell sets does not reach
 * the frames of earlier ones (googlecolab/colabtools #498). What answers a page does. So the kernel counts what it sends,
 * and a page that somebody comes back to asks for the count, and for all traits where it has another.
 */

import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { createRequests } from "./data/requests.ts";
import { listen, type Model } from "./model.ts";
import type { StateAnswer } from "./protocol.ts";

export const BEHIND = "This view is behind the kernel; run the cell again.";
/** Milliseconds between two questions, however often somebody comes and goes. */
const PAUSE = 2_000;

/** Whether the page is behind the kernel, and cannot catch up. */
export function keepUp(model: Model, stop: AbortSignal): ReadonlySignal<boolean> {
  const ask = createRequests(model, stop);
  const read = () => Number(model.get("_revision"));
  const [here, there] = [signal(read()), signal(0)];
  const count = async (send: boolean) => ((await ask({ kind: "state", send })).answer as StateAnswer).revision;
  let [again, asking] = [false, false];

  async function look(): Promise<void> {
    try {
      const told = await count(false);
      // Sent in this order, the answer finds here what came before it.
      there.value = told > read() ? await count(true).catch(() => told) : told;
    } catch {
      // No kernel, or one that is busy: nothing is known.
    }
  }

  async function wake(): Promise<void> {
    // A page without a kernel has no count.
    if (document.hidden || Number.isNaN(read())) return;
    again = true;
    if (asking) return;
    asking = true;
    while (again && !stop.aborted) {
      again = false;
      await look();
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    asking = false;
  }

  listen(model, "change:_revision", () => (here.value = read()), stop);
  window.addEventListener("focus", wake, { signal: stop });
  document.addEventListener("visibilitychange", wake, { signal: stop });
  // Who runs a later cell and then looks, comes into the frame without a press in it.
  document.documentElement.addEventListener("pointerenter", wake, { signal: stop });
  return computed(() => there.value > here.value);
}
