/**
 * EM from a starting point until it stands still. EM creeps where two explanations are hard to tell apart, so every
 * two steps are extended along their common direction (SQUAREM: Varadhan and Roland 2008), and the extension is
 * taken only where it leads up: the log posterior never falls.
 */
import { type Judged, judge, step } from './em.ts';
import { partsOf } from './point.ts';
import { type Prior, withinHalfLives } from './prior.ts';
import { type State, stateAt } from './state.ts';
import type { WeightedSample } from './weights.ts';

export interface Ascent extends Judged {
  readonly converged: boolean;
  /** E steps taken. */
  readonly rounds: number;
  /** The log posterior after each round that was kept. */
  readonly trace: readonly number[];
}

export interface Patience {
  /** Stop when a round gains less than this in log posterior. */
  readonly tolerance: number;
  readonly mostRounds: number;
}

export const patient: Patience = { tolerance: 1e-6, mostRounds: 3_000 };

/** @param start any point; where there are several hills, it decides on which of them the fit ends */
export function ascend(
  start: State,
  weighted: WeightedSample,
  prior: Prior,
  { tolerance, mostRounds }: Patience = patient,
): Ascent {
  let now = judge(start, weighted, prior);
  const trace = [now.logPosterior];
  let rounds = 1;
  while (rounds < mostRounds) {
    const once = judge(step(now, weighted, prior), weighted, prior);
    const twice = step(once, weighted, prior);
    const leap = stateAt(extended(now.state, once.state, twice, weighted.sample.channels, prior), weighted);
    const leapt = judge(leap, weighted, prior);
    const next = leapt.logPosterior >= once.logPosterior ? leapt : judge(twice, weighted, prior);
    rounds += next === leapt ? 2 : 3;
    trace.push(once.logPosterior, next.logPosterior);
    const gained = next.logPosterior - now.logPosterior;
    now = next;
    if (gained < tolerance) return { ...now, converged: true, rounds, trace };
  }
  return { ...now, converged: false, rounds, trace };
}

/** Where two steps point to, at the length at which a straight line of such steps would end. */
function extended(zero: State, one: State, two: State, channels: number, prior: Prior): Float64Array {
  const first = one.point.map((value, index) => value - (zero.point[index] ?? 0));
  const bend = two.point.map((value, index) => value - (one.point[index] ?? 0) - (first[index] ?? 0));
  const length = Math.max(1, Math.sqrt(squared(first) / (squared(bend) || Number.MIN_VALUE)));
  const reach = Math.min(length, farthest);
  const point = zero.point.map(
    (value, index) => value + 2 * reach * (first[index] ?? 0) + reach ** 2 * (bend[index] ?? 0),
  );
  const { logDecays } = partsOf(point, channels);
  logDecays.forEach((logDecay, channel) => {
    logDecays[channel] = withinHalfLives(logDecay, prior);
  });
  return point;
}

/** Longer leaps than this are mostly refused. */
const farthest = 64;

function squared(vector: Float64Array): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}
