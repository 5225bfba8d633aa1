/** One journey as the model sees it, under the names of a fit. */

import type { Score } from '../hazard/intent/model.ts';
import { entry, scoreOf } from '../hazard/intent/model.ts';
import { scaledIn } from '../hazard/standardized.ts';
import type { Journey } from '../model.ts';
import { groupCount, groupsOf } from './groups.ts';
import type { PosteriorFit } from './parameters.ts';

export interface SeenTouch {
  /** Index of the channel in the fit; −1 where the fit has not seen it or leaves it out. */
  readonly id: number;
  /** Which of a draw's channels it is; −1 where it is left out. */
  readonly channel: number;
  readonly ageDays: number;
  /** 1 for the person's first touch of the channel … */
  readonly rank: number;
}

export interface SeenJourney {
  readonly touches: readonly SeenTouch[];
  /** How long the prospect was watched. */
  readonly days: number;
  /** Standardized, in the order of the fit; 0 where not known. */
  readonly covariates: readonly number[];
  readonly intent: Score | null;
}

export const leftOut = -1;
const dayMs = 86_400_000;

/** A prospect is watched from the first touch on, here as in the data of a fit. */
export function seen(fit: PosteriorFit, ids: ReadonlyMap<string, number>, journey: Journey): SeenJourney {
  const groups = groupsIn(fit);
  const { touches, conversionTime } = journey;
  const daysSince = (time: number) => Math.max(0, (conversionTime - time) / dayMs);
  const days = daysSince(touches[0]?.time ?? conversionTime);
  const covariates = fit.covariates.map((scale) => scaledIn(journey.covariates, scale));
  const ranks = new Map<string, number>();
  const known = touches.map(({ channel, time }) => {
    const rank = (ranks.get(channel) ?? 0) + 1;
    ranks.set(channel, rank);
    const id = ids.get(channel);
    const own = id === undefined ? unseen(groups) : id === leftOut ? leftOut : (groups[id] ?? 0);
    return { id: id ?? leftOut, channel: own, ageDays: daysSince(time), rank };
  });
  return { touches: known, days, covariates, intent: intentOf(fit, known, days, covariates) };
}

/** By fit, while somebody holds it. */
const grouped = new WeakMap<PosteriorFit, Int32Array>();

/** The group of each channel of the fit. */
export function groupsIn(fit: PosteriorFit): Int32Array {
  const known = grouped.get(fit);
  if (known) return known;
  const made = groupsOf(
    fit.channels.map(({ touches }) => touches),
    groupCount(fit.channels.length, fit.conversions),
  );
  grouped.set(fit, made);
  return made;
}

/** The last of a draw's channels. */
function unseen(groups: Int32Array): number {
  return groups.reduce((most, group) => Math.max(most, group + 1), 0);
}

function intentOf(
  { intent }: PosteriorFit,
  touches: readonly SeenTouch[],
  days: number,
  covariates: readonly number[],
): Score | null {
  if (!intent) return null;
  const pulled = touches
    .filter(({ ageDays }) => days - ageDays >= entry)
    .reduce((sum, { id }) => sum + (intent.pulls[intent.groups[id] ?? leftOut] ?? 0), 0);
  const expected = intent.leans.reduce((sum, lean, index) => sum + lean * (covariates[index] ?? 0), 0);
  return scoreOf(intent, { pulled, days, expected });
}
