import { add, make, say, span } from "../../dom.ts";
import type { Catalogue } from "../../protocol.ts";
import { BOX, type Drawing, type Label, type Mark, type Point, RADIUS, WIDTH, type Wire, widthOf } from "./cell.ts";

/** Pixels by which a wire rounds its corners, and of its arrowhead. */
const ROUND = 5;
const [HEAD, HALF] = [6, 3];
const FLIPPED = { start: "end", middle: "middle", end: "start" } as const;
const SVG = "http://www.w3.org/2000/svg";

/** What changes from step to step. */
export interface Look {
  /** A number as it may be read now. */
  text(value: string, of: string): string;
  /** The same for the eye, 0 to 1; undefined where it may not be seen or is not there. */
  share(quantity: string): number | undefined;
  hue(quantity: string): string;
  /** Nothing is computed: only the states pass. */
  masked: boolean;
}

export interface Button {
  quantity: string;
  element: HTMLButtonElement;
}

export interface Painter {
  buttons: Button[];
  paint(look: Look): void;
}

/** A quantity's symbol; of a state that was handed on, with `prev` below it. */
export function nameOf(value: string, { quantities }: Catalogue): { quantity: string; symbol: string; sub: string } {
  const quantity = value.replace(/^previous /, "");
  return { quantity, symbol: quantities[quantity]?.symbol ?? "", sub: quantity === value ? "" : "prev" };
}

/** Draws a cell once and returns what writes its numbers. */
export function createDrawing(host: HTMLElement, drawing: Drawing, mirrored: boolean, catalogue: Catalogue): Painter {
  host.replaceChildren();
  host.style.height = `${drawing.height}px`;
  const svg = draw(host, "svg", { class: "lw-cell-drawing", width: WIDTH, height: drawing.height, role: "img" });
  const place = ([x, y]: Point): Point => [mirrored ? WIDTH - x : x, y];
  const wires = drawing.wires.map((wire) => drawWire(svg, { ...wire, way: wire.way.map(place) }));
  for (const at of drawing.dots.map(place)) draw(svg, "circle", { cx: at[0], cy: at[1], r: 2.2 });
  for (const mark of drawing.marks) drawMark(svg, { ...mark, at: place(mark.at) });
  const side = (anchor: Label["anchor"]) => (mirrored ? FLIPPED[anchor] : anchor);
  for (const { at, anchor, text } of drawing.words) {
    const [x, y] = place(at);
    draw(svg, "text", { class: "lw-symbol", x, y, "text-anchor": side(anchor) }).textContent = text;
  }
  const labels = drawing.labels.map((label) =>
    drawLabel(svg, { ...label, at: place(label.at), anchor: side(label.anchor) }, catalogue),
  );
  const gates = drawing.gates.map(([quantity, at]) => {
    const [x, y] = place(at);
    return button(
      host,
      quantity,
      "lw-gate",
      `left:${x - BOX[0] / 2}px;top:${y - BOX[1] / 2}px;width:${BOX[0]}px;height:${BOX[1]}px`,
    );
  });
  const states = drawing.states.map(([quantity, [x, y]]) =>
    button(host, quantity, "lw-state", `${mirrored ? "left" : "right"}:${WIDTH - x - 3}px;top:${y - 9}px`),
  );
  const buttons = [...gates, ...states];
  for (const { symbol, quantity } of buttons) say(symbol, nameOf(quantity, catalogue).symbol);

  return {
    buttons,
    paint(look) {
      host.toggleAttribute("data-lw-masked", look.masked);
      for (const [i, { gate }] of drawing.wires.entries()) if (gate) weigh(wires[i], look.share(gate));
      for (const { value, of, number, name } of labels) {
        say(number, look.text(value, of));
        if (name) name.style.fill = look.hue(nameOf(value, catalogue).quantity);
      }
      const heard = labels
        .filter(({ number }) => number.textContent)
        .map(({ value, number }) => `${value.replace("_", " ")} ${number.textContent}`);
      svg.setAttribute("aria-label", heard.join(", "));
      for (const { quantity, symbol, number, gauge } of buttons) {
        symbol.style.color = gauge.style.backgroundColor = look.hue(quantity);
        say(number, look.text(quantity, quantity));
        fill(gauge, look.share(quantity), catalogue.quantities[quantity]?.kind === "gate");
      }
    },
  };
}

function draw(parent: Element, tag: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return add(parent, element);
}

/** From `a` towards `b`, so far. */
function towards([x, y]: Point, [toX, toY]: Point, far: number): Point {
  const length = Math.hypot(toX - x, toY - y) || 1;
  return [x + ((toX - x) / length) * far, y + ((toY - y) / length) * far];
}

/** A line with round corners; with an arrow it ends inside of the head, however heavy it is. */
function drawWire(svg: Element, { way, state, arrow }: Wire): SVGElement {
  const last = way.length - 1;
  const [tip, before] = [way[last] as Point, way[last - 1] as Point];
  const level = tip[1] === before[1];
  const group = draw(svg, "g", { class: `lw-wire${state ? " lw-through" : ""}${state && level ? " lw-carried" : ""}` });
  const path = way.map((at, i) => {
    if (i === 0) return `M${at}`;
    if (i === last) return `L${arrow ? towards(at, before, HEAD - 1) : at}`;
    return `L${towards(at, way[i - 1] as Point, ROUND)}Q${at} ${towards(at, way[i + 1] as Point, ROUND)}`;
  });
  const line = draw(group, "path", { d: path.join("") });
  if (arrow) {
    const [x, y] = towards(tip, before, HEAD);
    const [dx, dy] = [((tip[1] - y) / HEAD) * HALF, ((tip[0] - x) / HEAD) * HALF];
    draw(group, "path", { class: "lw-arrow", d: `M${tip}L${x + dx},${y - dy}L${x - dx},${y + dy}Z` });
  }
  return line;
}

/** Shut a hairline, open a heavy line. */
function weigh(line: SVGElement | undefined, share: number | undefined): void {
  if (!line) return;
  line.style.strokeWidth = share === undefined ? "" : String(0.6 + 3 * share);
}

function drawMark(svg: Element, { at: [x, y], text }: Mark): void {
  const wide = widthOf(text);
  draw(svg, "rect", { class: "lw-mark", x: x - wide / 2, y: y - RADIUS, width: wide, height: 2 * RADIUS, rx: RADIUS });
  const name = text === "\u00d7" || text === "+" ? "lw-operator" : "lw-function";
  if (name === "lw-operator") {
    // Drawn, not set: a font puts its signs where it likes.
    const arm = text === "+" ? 4 : 3;
    const d =
      text === "+"
        ? `M${x - arm},${y}h${2 * arm}M${x},${y - arm}v${2 * arm}`
        : `M${x - arm},${y - arm}l${2 * arm},${2 * arm}m0,${-2 * arm}l${-2 * arm},${2 * arm}`;
    draw(svg, "path", { class: name, d });
  } else draw(svg, "text", { class: name, x, y: y + 3.5, "text-anchor": "middle" }).textContent = text;
}

function drawLabel(svg: Element, { at: [x, y], anchor, value, of }: Label, catalogue: Catalogue) {
  const text = draw(svg, "text", { x, y, "text-anchor": anchor });
  const { symbol, sub } = nameOf(value, catalogue);
  const name = sub ? draw(text, "tspan", { class: "lw-symbol" }) : null;
  if (name) {
    name.textContent = symbol;
    draw(text, "tspan", { class: "lw-sub", dy: 2.5 }).textContent = sub;
  }
  const number = draw(text, "tspan", sub ? { dx: 4, dy: -2.5 } : {});
  return { value, of, name, number };
}

function button(host: HTMLElement, quantity: string, name: string, style: string) {
  const element = add(host, make("button", name, { type: "button", style }));
  const gauge = span(element, "lw-gauge");
  const symbol = span(element, "lw-symbol");
  const number = span(element, "lw-figure");
  return { quantity, element, gauge, symbol, number };
}

/** As in the tracks: a gate fills from its floor, a signed quantity from its middle. */
function fill(gauge: HTMLElement, share = 0, gate: boolean): void {
  const [low, high] = gate ? [0, share] : [Math.min(0.5, 0.5 + share / 2), Math.max(0.5, 0.5 + share / 2)];
  gauge.style.clipPath = `inset(${100 * (1 - high)}% 0 ${100 * low}% 0)`;
}
