/** What each draw of a posterior expects of people in the data, up to any day of theirs. */
import type { Observations } from '../hazard/observations.ts';
import type { Journey, Touch } from '../model.ts';
import { leftOut, type SeenJourney, type SeenTouch, seen } from '../posterior/history.ts';
import { shapes } from '../posterior/kernels.ts';
import { type Draw, drawOf, type PosteriorFit } from '../posterior/parameters.ts';
import { baselineOf } from '../posterior/rate.ts';
import type { Expected } from './predictive.ts';

const dayMs = 86_400_000;

/**
 * Every cell is filled for every piece of everybody's time, so the sums stand here as plain loops. Intent is what all
 * touches of a person tell of it, as it is for the fit.
 *
 * @param most so many draws, evenly taken
 */
export function expecting(
  fit: PosteriorFit,
  observations: Observations,
  most: number,
): (person: number) => Expected {
  const draws = someDraws(fit, most);
  const seenOf = seenBy(fit, observations);
  return (person) => {
    const whole = seenOf(person);
    const baselines = draws.map((draw) => baselineOf(draw, whole));
    return (days) =>
      Float64Array.from(
        draws,
        (draw, index) =>
          (baselines[index] ?? 0) * days + broughtBy(draw, whole, (observations.end[person] ?? 0) - days),
      );
  };
}

/** By `left` days before the end. */
function broughtBy({ channels }: Draw, { touches }: SeenJourney, left: number): number {
  let sum = 0;
  for (const touch of touches) {
    const age = touch.ageDays - left;
    const drawn = age > 0 ? channels[touch.channel] : undefined;
    if (!drawn) continue;
    const part = shapes[drawn.shape]?.cumulative(age, drawn.halfLifeDays) ?? 0;
    sum += drawn.effect * freshness(touch, drawn.tiring) * part;
  }
  return sum;
}

function freshness({ rank }: SeenTouch, tiring: number): number {
  return rank === 1 || tiring === 0 ? 1 : rank ** -tiring;
}

/** People of the data as the fit sees them, at the end of their watching. */
export function seenBy(fit: PosteriorFit, observations: Observations): (person: number) => SeenJourney {
  const ids = new Map([
    ...fit.channels.map(({ name }, id) => [name, id] as const),
    ...fit.causedByDeal.map((name) => [name, leftOut] as const),
  ]);
  return (person) => seen(fit, ids, journeyOf(observations, person));
}

export function someDraws({ draws, covariates, intent }: PosteriorFit, most: number): Draw[] {
  const step = Math.max(1, Math.floor(draws.length / most));
  const slopes = covariates.length + (intent ? 1 : 0);
  return draws.filter((_, index) => index % step === 0).map((row) => drawOf(row, slopes));
}

function journeyOf(
  { channels, channel, time, starts, end, covariates }: Observations,
  person: number,
): Journey {
  const touches: Touch[] = [];
  for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1)
    touches.push({
      ...{ eventId: '', type: '', person: '' },
      channel: channels[channel[touch] ?? 0] ?? '',
      time: (time[touch] ?? 0) * dayMs,
    });
  const known = covariates.map(({ name, values }) => [name, values[person] ?? 0]);
  return {
    touches,
    conversionTime: (end[person] ?? 0) * dayMs,
    converted: false,
    milestones: {},
    covariates: Object.fromEntries(known),
  };
}
