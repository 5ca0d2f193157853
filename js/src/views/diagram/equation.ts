import { add, make, say, span } from "../../dom.ts";
import { brief, number } from "../../format.ts";
import type { Catalogue } from "../../protocol.ts";
import type { Equation } from "./cell.ts";
import { nameOf } from "./drawing.ts";

/** `f = sigmoid(1.23 + 0.41 + 1.00) = 0.93`, and below each number what it is. Set once, written at each step. */
export function createEquation(host: HTMLElement, quantity: string, { terms, close }: Equation, catalogue: Catalogue) {
  host.replaceChildren();
  const { symbol } = nameOf(quantity, catalogue);
  const name = span(host, "lw-symbol", symbol);
  span(host, "", " = ");
  const slots = terms.map(({ before, value, under }) => {
    const operator = span(host, "");
    const slot = add(host, make("span", "lw-term-of"));
    const figure = span(slot, "lw-value");
    const below = span(slot, "lw-under", under ?? nameOf(value, catalogue).symbol);
    if (!under && nameOf(value, catalogue).sub) say(add(below, make("sub")), "prev");
    return { before, value, operator, figure };
  });
  span(host, "", close);
  const end = span(host, "", " = ");
  const result = span(end, "lw-value lw-strong");
  return (text: (value: string) => string, colour: string): void => {
    name.style.color = colour;
    const words = [symbol, " = "];
    for (const { before, value, operator, figure } of slots) {
      const written = text(value) || "\u2013";
      const negative = /^~?\u2212/.test(written);
      // The sign becomes the operator, so that the line keeps its width.
      const added = before === "+" && negative;
      const sign = added ? "\u2212" : before;
      say(
        operator,
        `${/^[+\u00d7]/.test(before) ? " " : ""}${sign}${/.$/.test(sign) && !sign.endsWith("(") ? " " : ""}`,
      );
      say(figure, added ? written.replace("\u2212", "") : negative && before === "\u00d7" ? `(${written})` : written);
      words.push(operator.textContent ?? "", figure.textContent ?? "");
    }
    say(result, text(quantity) || "\u2013");
    host.setAttribute("aria-label", [...words, close, end.textContent].join(""));
  };
}

/** How many steps until half of what a gate keeps at every step is gone. */
export function halfLife(gate: number): string {
  if (Number.isNaN(gate)) return "half-life NaN";
  if (gate >= 1) return "half-life: never fades";
  if (gate <= 0) return "half-life: gone at once";
  const steps = Math.LN2 / -Math.log(gate);
  return `half-life ${steps < 1 ? brief(steps) : number(steps, steps < 100 ? 1 : 0)} steps`;
}
