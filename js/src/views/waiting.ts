/** A recording that has no step yet: nobody knows which layers there will be. */

import { BEHIND, keepUp } from "../catchup.ts";
import { add, make, span } from "../dom.ts";
import { listen, type Model } from "../model.ts";
import { watchTheme } from "../theme.ts";

/** Stands there until the catalogue comes; then `show` is called. */
export function waiting(model: Model, element: HTMLElement, stop: AbortSignal, show: () => void): void {
  const over = new AbortController();
  stop.addEventListener("abort", () => over.abort());
  const root = add(element, make("div", "lw-root lw-waiting", { role: "status" }));
  watchTheme(root, over.signal);
  span(root, "lw-strong", "Waiting for the first step of the training.");
  const words = span(root, "lw-quiet");
  const behind = keepUp(model, over.signal);
  const read = () => {
    const problem = String(model.get("_problem") ?? "");
    const isTraining = Boolean((model.get("_steps") as { training?: boolean } | undefined)?.training);
    const calm = isTraining ? "It has begun." : "Give its recorder to fit: model.fit(..., callbacks=[recorder])";
    words.textContent = problem || (behind.value ? BEHIND : calm);
  };
  over.signal.addEventListener("abort", () => root.remove());
  over.signal.addEventListener("abort", behind.subscribe(read));
  listen(model, "change:_problem", read, over.signal);
  listen(model, "change:_steps", read, over.signal);
  listen(
    model,
    "change:_catalogue",
    () => {
      over.abort();
      show();
    },
    over.signal,
  );
}
