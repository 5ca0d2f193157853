/** The steps of a training, which come and go while one looks at them. */

import type { Model } from "../model.ts";
import type { Steps } from "../protocol.ts";

const ONE_STEP: Steps = { numbers: [0], names: [""], logs: {}, marks: [], total: 1, training: false };

export function readSteps(model: Model): Steps {
  const steps = model.get("_steps") as Steps | undefined;
  return steps?.numbers ? steps : ONE_STEP;
}

/** Where the step of a place stands among those of now; one that was thinned out is followed by the one before it. */
export function placeNow(place: number, before: number[], now: number[]): number {
  const number = before[place] ?? Number.POSITIVE_INFINITY;
  return Math.max(0, now.filter((each) => each <= number).length - 1);
}
