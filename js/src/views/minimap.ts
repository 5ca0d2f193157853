import type { View } from "../view.ts";

/** All timesteps, while the plots show a window of them. */
export function minimap(_view: View, _parent: Element): void {}
