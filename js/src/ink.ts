/** Colours of values behind text, and text that can be read on them. */

import { place, table } from "./colour.ts";
import type { Catalogue, Scene } from "./protocol.ts";

export interface Ink {
  paper: string;
  ink: string;
}

/** Of black and white, the one that stands out: at least 4.58:1 on any colour there is. */
function inkOn(channels: number[]): string {
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.1791 ? "#000" : "#fff";
}

/** From a value of a quantity to its colours, on the scale that the map shares among its units. */
export function inks(catalogue: Catalogue, scene: Scene, quantity: string, dark: boolean): (value: number) => Ink {
  const colours = table(catalogue, catalogue.quantities[quantity]?.kind ?? "signed", dark);
  const [low, high] = scene.ranges[quantity] ?? [0, 1];
  return (value) => {
    const pixel = colours[place(value, low, high)] ?? 0;
    const channels = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
    return { paper: `rgb(${channels.join()})`, ink: inkOn(channels) };
  };
}
