/** From the page into a file. */

import type { Store } from "../../store.ts";

/** Layer, sample and unit, in letters that any file system takes. */
export function fileName(store: Store, ending: string): string {
  const scene = store.shown.peek()?.scene;
  const [layer, sample] = [scene?.layer ?? "layer", scene?.sample ?? 0];
  const name = `${layer}-sample-${store.origin.sample(layer, sample)}-unit-${store.unit.peek()}`;
  return `${name.replace(/[^\p{L}\p{N}_-]+/gu, "_")}.${ending}`;
}

/** The link stands where the widget stands: in a shadow root or a frame, that is its document. */
export function download(root: HTMLElement, file: Blob, name: string): void {
  const link = root.ownerDocument.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.hidden = true;
  root.append(link);
  link.click();
  link.remove();
  // The browser reads it after the click has ended.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
