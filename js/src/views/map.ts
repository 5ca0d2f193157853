import { signal } from "@preact/signals-core";
import { add, make } from "../dom.ts";
import { createPlot, timestepOf } from "../plot.ts";
import { select } from "../store.ts";
import { addKey, onFrame, type View } from "../view.ts";
import { bandNames } from "./map/bands.ts";
import { drift } from "./map/drift.ts";
import { matches } from "./map/matches.ts";
import { createPainter } from "./map/paint.ts";
import { panelOf, panelsOf } from "./map/panel.ts";
import { scatter } from "./map/scatter.ts";
import { weights } from "./map/weights.ts";
import { mapHead } from "./maphead.ts";
import { createRoom, type Room } from "./room.ts";
import { unitList } from "./units.ts";

/** All units of the layer for one quantity, or for all, or by how saturated their gates are; with the unit selector. */
export function map(view: View, parent: Element): Room {
  const { store } = view;
  const section = add(parent, make("div", "lw-map"));
  const headRow = add(section, make("div", "lw-map-head"));
  matches(view, section);
  drift(view, section);
  const above = add(section, make("div", "lw-row"));
  const scroller = add(section, make("div", "lw-scroller", { tabindex: "-1" }));
  const spacer = add(scroller, make("div", "lw-spacer"));
  const window = add(spacer, make("div", "lw-row lw-window"));
  const room = createRoom(view, scroller);
  /** What the scatter says of the unit under the pointer. */
  const note = signal("");
  const list = unitList(view, window, room);
  const names = bandNames(view, window, room);
  const plot = createPlot(view, window, "lw-map-plot");
  const cloud = scatter(view, window, room, note);
  const heat = weights(view, above, window, room, note);
  mapHead(view, headRow, room, note);

  onFrame(view, () => {
    const { units, height, visible, frame } = room.rows.value;
    const panel = panelOf(store);
    list.hidden = panel === "all";
    names.hidden = panel !== "all";
    plot.box.hidden = ["saturation", "weights"].includes(panel);
    cloud.hidden = panel !== "saturation";
    scroller.style.height = window.style.height = `${frame}px`;
    // As far as there are rows beyond those on screen.
    spacer.style.height = `${frame + (units - visible) * height}px`;
  });
  onFrame(view, () => markSelected(view, room, plot.box));
  const paint = createPainter(view, room, plot);
  onFrame(view, () => {
    if (["saturation", "weights"].includes(panelOf(store))) view.loader.want(`${view.id} map`, []);
    else paint();
  });
  for (const box of [plot.box, heat]) attachPointer(view, room, box);
  for (const [key, panel, words] of [
    ["a", "all", "maps of all quantities"],
    ["s", "saturation", "how saturated the gates are"],
    ["w", "weights", "weights of a gate, and how they are spread"],
  ] as const) {
    const toggle = () => select(store, { panel: panelOf(store) === panel ? "map" : panel });
    addKey(view, key, words, toggle, () => panelsOf(store).includes(panel));
  }
  return room;
}

/** A frame round the selected unit, in the map of each quantity. */
function markSelected({ store }: View, room: Room, box: HTMLElement): void {
  const { height, visible, pitch, frame } = room.rows.value;
  const row = store.order.value.indexOf(store.unit.value) - room.first.value;
  const bands = row < 0 || row >= visible ? 0 : Math.round(frame / pitch);
  const marks = [...box.querySelectorAll<HTMLElement>(".lw-chosen")];
  while (marks.length < bands) marks.push(add(box, make("div", "lw-chosen")));
  for (const [band, mark] of marks.entries()) {
    mark.hidden = band >= bands;
    mark.style.height = `${height}px`;
    mark.style.transform = `translateY(${band * pitch + row * height}px)`;
  }
}

function attachPointer(view: View, room: Room, box: HTMLElement): void {
  const options = { signal: view.stop };
  const placeAt = (event: MouseEvent) => room.at(event.clientY - box.getBoundingClientRect().top);
  box.addEventListener(
    "pointerdown",
    (event) => {
      const unit = placeAt(event)?.unit;
      if (event.button === 0 && unit !== undefined) select(view.store, { unit });
    },
    options,
  );
  box.addEventListener(
    "pointermove",
    (event) => {
      const place = placeAt(event);
      const x = event.clientX - box.getBoundingClientRect().left;
      view.hover.value = place ? { ...place, timestep: timestepOf(view, box, event), x } : null;
    },
    options,
  );
  box.addEventListener(
    "pointerleave",
    () => {
      view.hover.value = null;
    },
    options,
  );
}
