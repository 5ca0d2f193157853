import { signal } from "@preact/signals-core";
import { hue } from "../colour.ts";
import { partsBody } from "../data/parts.ts";
import { add, make, say, span } from "../dom.ts";
import type { Catalogue, Scene } from "../protocol.ts";
import { KEY } from "../relay.ts";
import { select } from "../store.ts";
import { addKey, onFrame, type View } from "../view.ts";
import type { Cell } from "./diagram/cell.ts";
import { cellOf } from "./diagram/cells.ts";
import { createDrawing, type Painter } from "./diagram/drawing.ts";
import { createEquation, halfLife } from "./diagram/equation.ts";
import { figure, stateAt } from "./diagram/state.ts";

/** Timesteps round the selected one whose numbers come along: what the slider may reach next. */
const AHEAD = 48;
const LATER = "\u2026 comes when training is over";

const NOT_KEPT = "its equation needs the weights, and they were not kept";

interface Built {
  layer: string;
  cell: Cell | null;
  painter: Painter | null;
  equation: string;
  set: ReturnType<typeof createEquation> | null;
}

/** The cell of the selected unit at the selected timestep, with its numbers. */
export function diagram(view: View, parent: Element): void {
  const { store, loader, stop } = view;
  const { equation, veiled, diagram: unfolded } = store.selected;
  const panel = add(parent, make("div", "lw-diagram", { role: "group" }));
  const bar = add(panel, make("div", "lw-diagram-bar"));
  const title = span(bar, "lw-quiet");
  const veil = add(bar, make("button", "lw-text-button", { type: "button" }));
  const fold = add(bar, make("button", "lw-text-button", { type: "button" }));
  const host = add(panel, make("div", "lw-cell"));
  const note = add(panel, make("div", "lw-cell-note lw-quiet"));
  const reading = add(panel, make("div", "lw-reading"));
  const line = add(reading, make("div", "lw-equation", { role: "math" }));
  const hint = span(reading, "lw-quiet");

  /** What has been looked at under the veil, and where: anywhere else the veil is back. */
  const revealed = signal({ where: "", quantities: [] as string[] });
  const where = ({ layer, sample }: Scene) => JSON.stringify([layer, sample, store.unit.value, store.timestep.value]);
  const seen = (quantity: string) => {
    const scene = store.shown.value?.scene;
    if (!veiled.value || !scene) return true;
    return revealed.value.where === where(scene) && revealed.value.quantities.includes(quantity);
  };
  const press = (quantity: string) => {
    const scene = store.shown.peek()?.scene;
    if (!scene) return;
    const hidden = !seen(quantity);
    if (hidden) {
      const here = where(scene);
      const before = revealed.peek().where === here ? revealed.peek().quantities : [];
      revealed.value = { where: here, quantities: [...before, quantity] };
    }
    const open = hidden || equation.peek() !== quantity;
    select(store, open ? { equation: quantity, quantity } : { equation: "" });
  };
  const toggleVeil = () => {
    revealed.value = { where: "", quantities: [] };
    select(store, { veiled: !veiled.peek() });
  };

  veil.addEventListener("click", toggleVeil, { signal: stop });
  fold.addEventListener("click", () => select(store, { diagram: !unfolded.peek() }), { signal: stop });
  addKey(view, "v", "veil the numbers, reveal them", toggleVeil);
  panel.addEventListener(
    KEY,
    (event) => {
      if (event.key !== "Escape" || !equation.peek()) return;
      event.preventDefault();
      event.stopPropagation();
      select(store, { equation: "" });
    },
    { signal: stop },
  );

  let built: Built = { layer: "", cell: null, painter: null, equation: "", set: null };
  const build = (scene: Scene) => {
    if (built.layer === scene.layer) return;
    const cell = cellOf(scene, store.catalogue);
    const painter = cell && createDrawing(host, cell.drawing, scene.direction === "backward", store.catalogue);
    for (const { quantity, element } of painter?.buttons ?? [])
      element.addEventListener("click", () => press(quantity), { signal: stop });
    built = { layer: scene.layer, cell, painter, equation: "", set: null };
  };

  onFrame(view, () => {
    say(veil, veiled.value ? "reveal" : "veil");
    veil.title = `${veiled.value ? "show the numbers again" : "hide the numbers, to predict them first"} (key v)`;
    veil.setAttribute("aria-pressed", String(veiled.value));
    say(fold, unfolded.value ? "fold" : "cell diagram");
    fold.setAttribute("aria-expanded", String(unfolded.value));
    panel.toggleAttribute("data-lw-folded", !unfolded.value);
  });

  onFrame(view, () => {
    loader.version.value;
    const shown = store.shown.value;
    if (!shown || !unfolded.value) {
      loader.want(`${view.id} diagram`, []);
      return;
    }
    const { scene } = shown;
    const [unit, t, dark] = [store.unit.value, store.timestep.value, view.theme.value.dark];
    build(scene);
    const { cell, painter } = built;
    panel.hidden = !cell;
    if (!cell || !painter) return;
    const near = [t, t + AHEAD, t - AHEAD].filter((each) => each >= 0 && each < scene.timesteps);
    loader.want(
      `${view.id} diagram`,
      near.map((each) => partsBody(scene, unit, each)),
    );

    const state = stateAt(loader, shown, cell, unit, t);
    const { values, masked } = state;
    const colour = (quantity: string) => hue(store.catalogue, scene.layer, quantity, dark);
    const label = (quantity: string) => store.catalogue.quantities[quantity]?.label ?? quantity;
    const text = (value: string, of: string) => (seen(of) ? figure(state, value) : "?");
    say(title, `${cell.name} cell${scene.direction === "backward" ? ", read backward" : ""}`);
    panel.setAttribute("aria-label", `${cell.name} cell of unit ${unit} at t = ${t}`);
    painter.paint({
      text,
      hue: colour,
      masked,
      share(value) {
        const known = values[value];
        if (known === undefined || !Number.isFinite(known) || !seen(value)) return undefined;
        const [low, high] = scene.ranges[value] ?? [0, 1];
        return Math.min(Math.max(known / high, low < 0 ? -1 : 0), 1);
      },
    });
    const open = scene.quantities.includes(equation.value) ? equation.value : "";
    for (const { quantity, element } of painter.buttons) {
      const act = seen(quantity) ? `${open === quantity ? "hide" : "show"} its equation` : "reveal it";
      // What one sees comes first, as those who speak to their computer say it.
      element.setAttribute("aria-label", `${element.textContent} ${label(quantity)}: ${act}`);
      element.setAttribute("aria-pressed", String(open === quantity));
      element.title = `${label(quantity)}: ${act}`;
    }
    const gate = cell.keeper && values[cell.keeper];
    const fading = typeof gate === "number" && cell.keeper && seen(cell.keeper) ? halfLife(gate) : "half-life ?";
    say(note, masked ? maskedWords(cell, store.catalogue) : cell.keeper ? fading : "");

    const found = cell.equations[open];
    // Masked timesteps have no numbers, but that is another reason.
    const known = found?.terms.every(({ value }) => masked || !state.settled || value in values);
    if (open !== built.equation) {
      built.set = found ? createEquation(line, open, found, store.catalogue) : null;
      built.equation = open;
    }
    line.hidden = !built.set || !known;
    const isLater = store.steps.value.training && cell.drawing.states.some(([name]) => !(`previous ${name}` in values));
    const words = !built.set ? "choose a value to read its equation" : known ? "" : NOT_KEPT;
    say(hint, isLater ? LATER : words);
    built.set?.((value) => text(value, open), colour(open));
  });
}

/** `masked: nothing is computed, c and h carried`. */
function maskedWords({ drawing }: Cell, { quantities }: Catalogue): string {
  const symbols = drawing.states.map(([state]) => quantities[state]?.symbol ?? state);
  return `masked: nothing is computed, ${symbols.join(" and ")} carried`;
}
