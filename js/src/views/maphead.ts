import { table } from "../colour.ts";
import { timeWords } from "../data/names.ts";
import { exactTile, reader, toAsk } from "../data/tiles.ts";
import { add, make, say, span } from "../dom.ts";
import { limit } from "../format.ts";
import { select } from "../store.ts";
import { onFrame, type View } from "../view.ts";
import type { Room } from "./room.ts";
import { valueWords } from "./words.ts";

const LEGEND = 64;

/** What the map shows: its quantity, scale and order; what is under the pointer; how much of it one sees. */
export function mapHead(view: View, parent: Element, room: Room): void {
  const name = span(parent, "lw-strong");
  legend(view, parent);
  const readout = span(parent, "lw-readout");
  sortPicker(view, parent);
  const count = span(parent, "lw-quiet lw-count");

  const { store, loader } = view;
  onFrame(view, () => {
    const quantity = store.quantity.value;
    say(name, store.catalogue.quantities[quantity]?.label ?? quantity);
    const { units, visible } = room.rows.value;
    say(count, visible < units ? `${visible} of ${units} shown` : `${units} ${units === 1 ? "unit" : "units"}`);
  });
  onFrame(view, () => {
    loader.version.value;
    const shown = store.shown.value;
    const cell = view.hover.value;
    if (!shown || !cell) {
      loader.want(`${view.id} hover`, []);
      say(readout, "");
      return;
    }
    const { unit, timestep } = cell;
    loader.want(`${view.id} hover`, toAsk(shown, [exactTile(shown.scene, unit, timestep)]));
    const reading = reader(loader, shown, unit, timestep)(store.quantity.value, timestep);
    const value = valueWords(reading, shown.scene, timestep);
    say(readout, `unit ${unit}, ${timeWords(loader, shown.scene, timestep)}: ${value}`);
  });
}

/** The colours from one limit to the other. */
function legend(view: View, parent: Element): void {
  const box = add(parent, make("span", "lw-legend"));
  const low = span(box, "lw-quiet");
  const canvas = add(box, make("canvas", "", { role: "img", width: "256", height: "1" }));
  const high = span(box, "lw-quiet");
  canvas.style.width = `${LEGEND}px`;
  onFrame(view, () => {
    const { catalogue, quantity, shown } = view.store;
    const limits = shown.value?.scene.ranges[quantity.value] ?? [0, 1];
    say(low, limit(limits[0]));
    say(high, limit(limits[1]));
    canvas.setAttribute("aria-label", `colours from ${limit(limits[0])} to ${limit(limits[1])}`);
    const colours = table(catalogue, catalogue.quantities[quantity.value]?.kind ?? "signed", view.theme.value.dark);
    const image = new ImageData(256, 1);
    new Uint32Array(image.data.buffer).set(colours);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  });
}

function sortPicker(view: View, parent: Element): void {
  const label = add(parent, make("label", "lw-picker"));
  span(label, "lw-quiet", "by");
  const choice = add(label, make("select", "lw-select", { "aria-label": "order of the units" }));
  for (const [value, words] of [
    ["change", "total change"],
    ["index", "index"],
  ] as const) {
    const option = add(choice, make("option", "", { value }));
    option.textContent = words;
  }
  choice.addEventListener("change", () => select(view.store, { sort: choice.value }), { signal: view.stop });
  onFrame(view, () => {
    choice.value = view.store.selected.sort.value;
  });
}
