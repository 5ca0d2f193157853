import type { View } from "../view.ts";

/** The list of all keys. */
export function help(_view: View, _parent: Element): void {}
