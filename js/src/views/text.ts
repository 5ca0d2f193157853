import type { View } from "../view.ts";

/** The model's own input as words, where it is words. */
export function text(_view: View, _parent: Element): void {}
