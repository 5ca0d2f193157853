import type { View } from "../view.ts";

/** What the model answers along time, and what was expected. */
export function output(_view: View, _parent: Element): void {}
