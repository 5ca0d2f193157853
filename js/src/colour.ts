import type { Catalogue, Quantity } from "./protocol.ts";

/** 256 pixels as a canvas stores them: red in the lowest byte. */
export type Table = Uint32Array;

export function pixel(red: number, green: number, blue: number, alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** `n` colours from a string of hexadecimal digits, six a colour. */
function parse(hex: string): number[][] {
  return Array.from({ length: hex.length / 6 }, (_, i) =>
    [0, 2, 4].map((from) => Number.parseInt(hex.slice(6 * i + from, 6 * i + from + 2), 16)),
  );
}

/** The kernel sends the tables; these few stops stand in where an old page has none. */
const STOPS: Record<string, string> = {
  "gate-light": "ffffff10141a",
  "gate-dark": "111111f4f4f4",
  "signed-light": "2166acf7f7f7b2182b",
  "signed-dark": "6ab0f31a1a1af4835f",
};

function blend(stops: number[][], at: number): number[] {
  const place = at * (stops.length - 1);
  const low = Math.min(Math.floor(place), stops.length - 2);
  return [0, 1, 2].map((k) => {
    const from = stops[low]?.[k] ?? 0;
    const to = stops[low + 1]?.[k] ?? 0;
    return Math.round(from + (to - from) * (place - low));
  });
}

export function table(catalogue: Catalogue, kind: Quantity["kind"], dark: boolean): Table {
  const name = `${kind}-${dark ? "dark" : "light"}`;
  const hex = catalogue.colours?.[name];
  const colours = parse(
    typeof hex === "string" && /^[0-9a-f]{1536}$/i.test(hex) ? hex : (STOPS[name] ?? "000000ffffff"),
  );
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const [red = 0, green = 0, blue = 0] = colours.length === 256 ? (colours[i] ?? []) : blend(colours, i / 255);
    return pixel(red, green, blue);
  });
}

/** Where a value stands in a table of 256, held inside it. */
export function place(value: number, low: number, high: number): number {
  const at = Math.floor(((value - low) / (high - low || 1)) * 256);
  return Math.min(Math.max(at, 0), 255);
}

/**
 * Hues for lines and symbols, by the quantity's place in its cell's table: after Okabe and Ito, darkened or
 * lightened until each stands out 3:1 from the page. Names say it too, never the hue alone.
 */
const HUES = {
  light: ["#0072b2", "#c04a00", "#8a4fa8", "#00805e", "#1a1a1a", "#9a6b00"],
  dark: ["#56b4e9", "#f08a4b", "#d79ae8", "#2fc79a", "#f0f0f0", "#e6b84a"],
};

/** The same for a word whatever else was kept of its layer. */
export function hue({ layers }: Catalogue, layer: string, quantity: string, dark: boolean): string {
  const quantities = layers.find(({ name }) => name === layer)?.quantities ?? [];
  return (dark ? HUES.dark : HUES.light)[quantities.indexOf(quantity)] ?? "#888888";
}
