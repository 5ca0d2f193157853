/** What was logged at each step: the loss first, whatever else there is behind it. */

import { brief, number } from "../../format.ts";
import type { Steps } from "../../protocol.ts";

const LOSSES = ["loss", "val_loss"];
/** No more digits are sent. */
const MOST_DIGITS = 6;

/** Those of a curve; of a training that says no loss: whatever it says. */
export function drawn({ logs }: Steps): string[] {
  const losses = LOSSES.filter((name) => name in logs);
  return losses.length ? losses : Object.keys(logs).slice(0, 1);
}

/** `loss 0.23, val_loss 0.31` */
export function logWords(steps: Steps, at: number): string {
  return [...new Set([...drawn(steps), ...Object.keys(steps.logs)])]
    .map((name) => `${name} ${brief(steps.logs[name]?.[at] ?? Number.NaN)}`)
    .join(", ");
}

/** The ends of a curve, with as many digits as it takes to tell them apart. */
export function ends(least: number, most: number): [least: string, most: string] {
  let words: [string, string] = [brief(least), brief(most)];
  for (let digits = 3; words[0] === words[1] && least < most && digits <= MOST_DIGITS; digits++)
    words = [number(least, digits), number(most, digits)];
  return words;
}
