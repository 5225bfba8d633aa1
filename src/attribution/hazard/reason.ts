/** Why a touch has its share of a rate, in one sentence: the same for every estimator of the hazard model. */

import type { Counterfactual, Journey, Touch } from '../model.ts';
import { cameBefore } from '../when.ts';

/** @param effect how the touches of its channel work: the clause after `and` */
export function reasonWith(
  effect: string,
  journey: Journey,
  { time }: Touch,
  share: number,
  { with: chance, without }: Counterfactual,
): string {
  const part = `It came ${cameBefore(journey, time)}, and ${effect}: ${percent(share)} of what spoke for the deal then`;
  // What two digits do not tell apart is no difference to speak of.
  if (percent(without) === percent(chance)) return `${part}.`;
  return `${part}; without it the chance of winning by then would have been ${percent(without)} instead of ${percent(chance)}.`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
