/** Fits the intent model to touches alone, before conversions are looked at: variational EM. */
import { solve } from '../linear.ts';
import { type Observations, touchCounts } from '../observations.ts';
import { attraction, type IntentModel, nearer, type Score } from './model.ts';

/** Channels with a pull of their own. Touches of rarer ones cannot tell one. */
const mostGroups = 24;
const mostRounds = 100;
/** Pulls that move less have arrived. */
const closeEnough = 2e-3;
/** A pull is hardly above 1: that would be 7 times the touches for one standard deviation more of intent. */
const pullSpread = 1;
const firstPull = 0.3;

/**
 * @param columns the covariates, standardized
 */
export function fitIntent(observations: Observations, columns: readonly Float64Array[]): IntentModel {
  const groups = groupsOf(observations);
  const touches = new Float64Array(Math.max(...groups) + 1);
  for (const channel of observations.channel) add(touches, groups[channel] ?? 0, 1);
  const watched = observations.end.reduce((sum, days) => sum + days, 0);
  const scores: Score[] = Array.from(observations.end, () => ({ mean: 0, variance: 1 }));
  let model: IntentModel = {
    groups,
    rates: Array.from(touches, (count) => count / watched),
    pulls: Array.from(touches, () => firstPull),
    leans: columns.map(() => 0),
  };
  for (let round = 0; round < mostRounds; round += 1) {
    const sums = gather(model, observations, columns, scores);
    const steps = model.pulls.map((pull, group) => newton(sums, group, touches[group] ?? 0, pull));
    model = {
      groups,
      pulls: model.pulls.map((pull, group) => pull + (steps[group] ?? 0)),
      rates: steps.map((step, group) => rateAfter(sums, group, touches[group] ?? 0, step)),
      leans: leansOf(columns, sums.leaning),
    };
    if (Math.max(...steps.map(Math.abs)) < closeEnough) break;
  }
  return model;
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

/** Sums over people, by group: what the M step needs. */
interface Sums {
  /** Σ days × E exp(g v), and its two derivatives by g. */
  readonly days: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** Σ over touches of the person's mean v. */
  readonly met: Float64Array;
  /** By covariate: Σ over people of mean v × x. */
  readonly leaning: Float64Array;
}

/** The E step: moves every score one step nearer, and adds up. */
function gather(
  model: IntentModel,
  { end, starts, channel }: Observations,
  columns: readonly Float64Array[],
  scores: Score[],
): Sums {
  const { groups, pulls, leans } = model;
  const sums: Sums = {
    days: new Float64Array(pulls.length),
    first: new Float64Array(pulls.length),
    second: new Float64Array(pulls.length),
    met: new Float64Array(pulls.length),
    leaning: new Float64Array(columns.length),
  };
  for (let person = 0; person < end.length; person += 1) {
    const days = end[person] ?? 0;
    let pulled = 0;
    for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1)
      pulled += pulls[groups[channel[touch] ?? 0] ?? 0] ?? 0;
    const expected = leans.reduce((sum, lean, index) => sum + lean * (columns[index]?.[person] ?? 0), 0);
    const score = nearer(
      model,
      { pulled, days, expected },
      scores[person] ?? { mean: expected, variance: 1 },
    );
    scores[person] = score;
    for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1)
      add(sums.met, groups[channel[touch] ?? 0] ?? 0, score.mean);
    for (let group = 0; group < pulls.length; group += 1) {
      const pull = pulls[group] ?? 0;
      const own = days * attraction(pull, score);
      const slant = score.mean + pull * score.variance;
      add(sums.days, group, own);
      add(sums.first, group, own * slant);
      add(sums.second, group, own * (slant * slant + score.variance));
    }
    columns.forEach((column, index) => {
      add(sums.leaning, index, score.mean * (column[person] ?? 0));
    });
  }
  return sums;
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

function add(sums: Float64Array, index: number, amount: number): void {
  sums[index] = (sums[index] ?? 0) + amount;
}
