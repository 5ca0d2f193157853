/** Numbers as people read them. U+2212 is as wide as a digit's plus sign, so columns do not jump. */

function clean(text: string): string {
  return text.replace(/^-/, "\u2212").replace(/e-/, "e\u2212").replace("e+", "e");
}

/** To the `digits`-th decimal; in powers of ten where that would say 0 or be wider than its column. */
export function number(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "\u221e" : "\u2212\u221e";
  const size = Math.abs(value);
  if (value === 0) return (0).toFixed(digits);
  if (size < 0.5 * 10 ** -digits || size >= 1e5) return clean(value.toExponential(2));
  return clean(value.toFixed(size >= 1000 ? Math.min(digits, 1) : size >= 100 ? Math.min(digits, 2) : digits));
}

/** Short, for sentences: two decimals, or two digits where that is more. */
export function brief(value: number): string {
  const size = Math.abs(value);
  if (size >= 0.005 || value === 0 || !Number.isFinite(value)) return number(value, 2);
  return size >= 0.0001 ? clean(value.toPrecision(1)) : clean(value.toExponential(0));
}

export function signed(value: number): string {
  return value < 0 ? brief(value) : `+${brief(value)}`;
}

/** An error bound: `2.4e-7`, in plain ASCII so that it can be searched and pasted. */
export function bound(value: number): string {
  if (value === 0) return "0";
  return value.toExponential(1);
}

/** A limit of a colour scale, as short as it can be. */
export function limit(value: number): string {
  return clean(String(Number(value.toPrecision(2))));
}
