/** The E step of the intent model: what everybody's scores add up to. */
import type { Observations } from '../observations.ts';
import { attraction, entry, type IntentModel, nearer, type Score } from './model.ts';

/** A touch that tells nothing of intent. */
export const none = -1;

/** The group of each touch. */
export function meetings({ channel, time }: Observations, groups: readonly number[]): Int32Array {
  return channel.map((id, touch) => ((time[touch] ?? 0) < entry ? none : (groups[id] ?? none)));
}

/** Sums over people, by group: what the M step needs. */
export interface Sums {
  /** Σ days × E exp(g v), and its two derivatives by g. */
  readonly days: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** Σ over touches of the person's mean v. */
  readonly met: Float64Array;
  /** By covariate: Σ over people of mean v × x. */
  readonly leaning: Float64Array;
  /** Σ over people of what their scores add to the lower bound of the log likelihood. */
  readonly bound: number;
}

/** The E step: moves every score one step nearer, and adds up. */
export function gather(
  model: IntentModel,
  { end, starts }: Observations,
  met: Int32Array,
  columns: readonly Float64Array[],
  scores: Score[],
): Sums {
  const { pulls, leans } = model;
  const sums = {
    days: new Float64Array(pulls.length),
    first: new Float64Array(pulls.length),
    second: new Float64Array(pulls.length),
    met: new Float64Array(pulls.length),
    leaning: new Float64Array(columns.length),
    bound: 0,
  };
  for (let person = 0; person < end.length; person += 1) {
    const days = end[person] ?? 0;
    let pulled = 0;
    for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1)
      pulled += pulls[met[touch] ?? none] ?? 0;
    const expected = leans.reduce((sum, lean, index) => sum + lean * (columns[index]?.[person] ?? 0), 0);
    const score = nearer(
      model,
      { pulled, days, expected },
      scores[person] ?? { mean: expected, variance: 1 },
    );
    scores[person] = score;
    sums.bound += score.mean * pulled - distance(score, expected);
    for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1) {
      const group = met[touch] ?? none;
      if (group !== none) add(sums.met, group, score.mean);
    }
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

/** Kullback–Leibler: how far a score has moved from what was expected before the touches. */
function distance({ mean, variance }: Score, expected: number): number {
  return ((mean - expected) ** 2 + variance - 1 - Math.log(variance)) / 2;
}

export function add(sums: Float64Array, index: number, amount: number): void {
  sums[index] = (sums[index] ?? 0) + amount;
}
