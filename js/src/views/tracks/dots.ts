import { middle } from "../../axis.ts";
import { hue } from "../../colour.ts";
import { reader } from "../../data/tiles.ts";
import { add, make } from "../../dom.ts";
import type { View } from "../../view.ts";
import { heightOf } from "../lines.ts";
import { bandOf } from "./bands.ts";

/** Where the crosshair meets each line. Elements, so that a step of the slider paints no canvas. */
export function dots(view: View, box: HTMLElement): void {
  const { store, loader } = view;
  loader.version.value;
  const shown = store.shown.value;
  if (!shown) return;
  const { scene } = shown;
  const [t, unit, zoom, width] = [store.timestep.value, store.unit.value, store.zoom.value, view.width.value];
  const read = reader(loader, shown, unit, t);
  const known = [...box.querySelectorAll<HTMLElement>(".lw-dot")];
  while (known.length < scene.quantities.length) known.push(add(box, make("div", "lw-dot")));
  for (const [i, dot] of known.entries()) {
    const quantity = scene.quantities[i];
    const reading = quantity === undefined ? undefined : read(quantity, t);
    dot.hidden =
      store.selected.veiled.value ||
      !quantity ||
      !reading ||
      !Number.isFinite(reading.value) ||
      t < zoom[0] ||
      t >= zoom[1];
    if (dot.hidden || !quantity || !reading) continue;
    const y = heightOf(reading.value, bandOf(scene, i, zoom, width));
    dot.style.background = hue(store.catalogue, scene.layer, quantity, view.theme.value.dark);
    dot.style.transform = `translate(${middle(t, zoom, width)}px, ${y}px)`;
  }
}
