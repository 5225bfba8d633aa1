/** Fits the intent model to touches alone, before conversions are looked at: variational EM. */
import { solve } from '../linear.ts';
import { type Observations, touchCounts } from '../observations.ts';
import type { IntentModel, Score } from './model.ts';
import { add, gather, meetings, none, type Sums } from './sums.ts';

/** Channels with a pull of their own. Touches of rarer ones cannot tell one. */
const mostGroups = 24;
const mostRounds = 100;
/** Pulls that move less have arrived. */
const closeEnough = 2e-3;
/** A pull is hardly above 1: that would be 7 times the touches for one standard deviation more of intent. */
const pullSpread = 1;
const firstPull = 0.3;

/**
 * Null where touches do not heap on some people more than chance would have it.
 *
 * @param columns the covariates, standardized
 */
export function fitIntent(observations: Observations, columns: readonly Float64Array[]): IntentModel | null {
  const { model, gain } = climb(observations, columns);
  return gain > evidence(model, observations.channel.length) ? model : null;
}

/** Also where touches hardly heap: for callers that weigh by themselves how much intent converts. */
export function fitIntentAnyway(observations: Observations, columns: readonly Float64Array[]): IntentModel {
  return climb(observations, columns).model;
}

/** The model with the highest bound, and by how much that exceeds the log likelihood of a world without intent. */
function climb(
  observations: Observations,
  columns: readonly Float64Array[],
): { readonly model: IntentModel; readonly gain: number } {
  const groups = groupsOf(observations);
  const met = meetings(observations, groups);
  const touches = new Float64Array(Math.max(...groups) + 1);
  for (const group of met) if (group !== none) add(touches, group, 1);
  const watched = observations.end.reduce((sum, days) => sum + days, 0);
  const scores: Score[] = Array.from(observations.end, () => ({ mean: 0, variance: 1 }));
  const plain = Array.from(touches, (count) => count / watched);
  let model: IntentModel = {
    groups,
    rates: plain,
    pulls: plain.map(() => firstPull),
    leans: columns.map(() => 0),
  };
  let bound = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < mostRounds; round += 1) {
    const sums = gather(model, observations, met, columns, scores);
    bound = sums.bound + poisson(touches, model.rates, sums.days);
    const steps = model.pulls.map((pull, group) => newton(sums, group, touches[group] ?? 0, pull));
    model = {
      groups,
      pulls: model.pulls.map((pull, group) => pull + (steps[group] ?? 0)),
      rates: steps.map((step, group) => rateAfter(sums, group, touches[group] ?? 0, step)),
      leans: leansOf(columns, sums.leaning),
    };
    if (Math.max(...steps.map(Math.abs)) < closeEnough) break;
  }
  const without = poisson(
    touches,
    plain,
    plain.map(() => watched),
  );
  return { model, gain: bound - without };
}

/** One parameter more must raise the log likelihood by half of the log of the data (BIC: Schwarz 1978). */
function evidence({ pulls, leans }: IntentModel, touches: number): number {
  return ((pulls.length + leans.length) * Math.log(Math.max(touches, 1))) / 2;
}

/** Log likelihood of as many touches of each group, at its rate, in its days. */
function poisson(touches: Float64Array, rates: readonly number[], days: ArrayLike<number>): number {
  return touches.reduce((sum, count, group) => {
    const rate = rates[group] ?? 0;
    return sum + (count > 0 ? count * Math.log(rate) : 0) - rate * (days[group] ?? 0);
  }, 0);
}

/** The most frequent channels each for itself, all others as one. */
function groupsOf(observations: Observations): number[] {
  const counts = touchCounts(observations);
  const order = [...counts.keys()].sort(
    (one, other) => (counts[other] ?? 0) - (counts[one] ?? 0) || one - other,
  );
  const groups = new Array<number>(counts.length).fill(0);
  order.forEach((channel, rank) => {
    groups[channel] = Math.min(rank, mostGroups - 1);
  });
  return groups;
}

/** The step of one pull, with the group's rate at its best for each. */
function newton({ days, first, second, met }: Sums, group: number, touches: number, pull: number): number {
  const mean = (first[group] ?? 0) / (days[group] ?? 1);
  const spread = (second[group] ?? 0) / (days[group] ?? 1) - mean * mean;
  const uphill = (met[group] ?? 0) - touches * mean - pull / pullSpread ** 2;
  return Math.max(-0.5, Math.min(0.5, uphill / (touches * spread + 1 / pullSpread ** 2)));
}

function rateAfter({ days, first }: Sums, group: number, touches: number, step: number): number {
  const all = days[group] ?? 1;
  return (touches / all) * Math.exp((-step * (first[group] ?? 0)) / all);
}

/** Least squares of the scores on the covariates. */
function leansOf(columns: readonly Float64Array[], leaning: Float64Array): number[] {
  const products = columns.flatMap((one) =>
    columns.map((other) => one.reduce((sum, value, person) => sum + value * (other[person] ?? 0), 0)),
  );
  return [...solve(Float64Array.from(products), leaning)];
}
