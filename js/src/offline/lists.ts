/** Names and samples, searched as the kernel searches them. */

import type { SampleLine, SamplesRequest } from "../protocol.ts";

/** The label that is the text; else the first that begins so, else the first that holds it. */
export function firstLike(text: string, labels: string[]): number | null {
  const wanted = text.toLowerCase();
  const folded = labels.map((label) => label.toLowerCase());
  const tries = [
    folded.indexOf(wanted),
    folded.findIndex((label) => label.startsWith(wanted)),
    folded.findIndex((label) => label.includes(wanted)),
  ];
  return tries.find((timestep) => timestep >= 0) ?? null;
}

/** The samples whose label holds a text, among all, the wrong or the right; by loss the worst comes first. */
export function linesOf(
  lines: SampleLine[],
  { text, among, by }: Pick<SamplesRequest, "text" | "among" | "by">,
): SampleLine[] {
  const wanted = text.trim().toLowerCase();
  const found = lines.filter(
    ({ label, wrong }) => label.toLowerCase().includes(wanted) && (among === "all" || wrong === (among === "wrong")),
  );
  // A loss that is no number was left out: it is the worst.
  const loss = (line: SampleLine) => line.loss ?? Number.POSITIVE_INFINITY;
  return by === "loss" ? found.sort((a, b) => (loss(b) === loss(a) ? 0 : loss(b) - loss(a))) : found;
}
