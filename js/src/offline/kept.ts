/** What remains of a selection in another scene, as `lstm_widget/traits.py` has it. */

import type { Scene, Span } from "../protocol.ts";
import type { Selection } from "../selection.ts";

export function kept(now: Selection, scene: Scene, before: Scene | undefined, samples: number): Selection {
  const { timesteps, units, quantities } = scene;
  const last = (value: number, count: number) => Math.min(Math.max(value, 0), count - 1);
  const [start, stop] = now.zoom;
  const same = (a: Span, b: Span) => a[0] === b[0] && a[1] === b[1];
  // What was zoomed to the whole word is so again.
  const whole = before && (same(now.zoom, before.unmasked) || same(now.zoom, [0, before.timesteps]));
  const from = last(start, timesteps);
  const [, unit] = now.sort.split(":");
  return {
    ...now,
    timestep: last(now.timestep, timesteps),
    unit: last(now.unit, units),
    pinned: now.pinned.filter((each) => each < units),
    quantity: quantities.includes(now.quantity)
      ? now.quantity
      : quantities.includes("forget_gate")
        ? "forget_gate"
        : (quantities[0] ?? ""),
    zoom: whole ? scene.unmasked : [from, Math.min(Math.max(stop, from + 1), timesteps)],
    sort: unit !== undefined && Number(unit) >= units ? "change" : now.sort,
    equation: quantities.includes(now.equation) ? now.equation : "",
    // Half of a stretch that was asked about is another question, and the last sample is not the one compared.
    range: now.range && now.range[1] <= timesteps ? now.range : null,
    step: 0,
    compared_step: null,
    compared: now.compared !== null && now.compared < samples ? now.compared : null,
  };
}
