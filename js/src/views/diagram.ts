import type { View } from "../view.ts";

/** The cell of the selected unit at the selected timestep, with its numbers. */
export function diagram(_view: View, _parent: Element): void {}
