import type { View } from "../view.ts";

/** A field for the index or the label of a timestep. */
export function goToField(_view: View, _parent: Element): void {}
