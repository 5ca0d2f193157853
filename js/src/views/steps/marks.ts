import type { Store } from "../../store.ts";

/** What is wrong at a step, by its number: a loss or weights that are NaN, numbers that are not proved. */
export function marksAt({ steps }: Store, number: number): string {
  const place = steps.value.numbers.indexOf(number);
  return steps.value.marks.find(([marked]) => marked === place)?.[1] ?? "";
}
