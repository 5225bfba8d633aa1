/** Why a touch has its share of a rate, in one sentence: the same for every estimator of the hazard model. */
import type { Counterfactual, Journey, Touch } from '../model.ts';

const dayMs = 86_400_000;

/** @param effect how the touches of its channel work: the clause after `Because` */
export function reasonBecause(
  effect: string,
  { conversionTime }: Journey,
  { channel, time }: Touch,
  share: number,
  { with: chance, without }: Counterfactual,
): string {
  const part = `this one, ${inDays((conversionTime - time) / dayMs)} old, made up ${percent(share)} of the rate at the end`;
  return `Because ${effect}, ${part}; without the ${channel} of ${date(time)} the chance of converting by then would have been ${percent(without)} instead of ${percent(chance)}.`;
}

/** `3.5 days`: two digits are what a fit can tell. */
export function inDays(count: number): string {
  const told = Number(count.toPrecision(2));
  return `${told} ${told === 1 ? 'day' : 'days'}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

const dates = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });

/** `3 May`. The year is that of the deal. */
function date(time: number): string {
  return dates.format(time);
}
