/** Units as people write them: "12, 40-48". */

/** The units that a text names; or, in words, why it names none. */
export function parseUnits(text: string, count: number): Set<number> | string {
  const last = count - 1;
  const found = new Set<number>();
  const parts = text.replace(/\s*[-\u2013]\s*/g, "-").split(/[\s,;]+/);
  for (const part of parts.filter(Boolean)) {
    const [, first, second] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? [];
    if (first === undefined) return `\u201c${part}\u201d names no unit; type numbers and ranges: 12, 40-48`;
    const [low, high] = [Number(first), Number(second ?? first)].sort((a, b) => a - b) as [number, number];
    if (low > last) return `there is no unit ${low}; the last is ${last}`;
    for (let unit = low; unit <= Math.min(high, last); unit++) found.add(unit);
  }
  return found;
}

/** Those of `order` that a text names, in that order; all where it is empty or names none. */
export function filtered(order: number[], text: string): number[] {
  const units = parseUnits(text, order.length);
  return typeof units === "string" || !units.size ? order : order.filter((unit) => units.has(unit));
}
