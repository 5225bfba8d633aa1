/**
 * Posterior predictive checks: could the conversions that came have come from the fit? Each check sorts people's time
 * into groups; in each group the fit expects so many conversions, draw by draw. What came is put beside what chance
 * makes of these expectations (Poisson: what is expected up to an end of watching is compensated exactly, so that the
 * time which a conversion cuts off does no harm).
 *
 * All conversions are used, the fit's own: with 20 of them there is none to hold out. So a check passes a little too
 * easily; docs/fits.md says how often each finds what is wrong.
 */
import type { Observations } from '../hazard/observations.ts';
import { Random } from '../random.ts';
import { ages, type Piece, piecesOf } from './pieces.ts';
import { speakersOf } from './thinned.ts';

/** By draw, the conversions expected of a person in the first `days` days of watching. */
export type Expected = (days: number) => Float64Array;

export interface Prediction {
  /** By what time was sorted: the end of `conversions by …`. */
  readonly by: string;
  readonly groups: readonly PredictedGroup[];
  /** The chance of a misfit at least as large, were the fit true. */
  readonly p: number;
  /** The part of all conversions that came in other groups than expected, beyond what chance makes of it. */
  readonly misplaced: number;
}

export interface PredictedGroup {
  readonly name: string;
  readonly observed: number;
  readonly expected: number;
}

interface Sorting {
  readonly by: string;
  readonly names: readonly string[];
  /** Index into `names`. */
  group(piece: Piece): number;
}

/** Enough: what is expected of all is then known to about a hundredth. */
const mostPeople = 2_000;
const replicates = 40;
/** Keeps these draws apart from other uses of the same seed. */
const topic = 0x50_50;

/** @param expectedOf what the fit expects of a person, for the same draws in the same order each time */
export function predictions(
  observations: Observations,
  expectedOf: (person: number) => Expected,
  seed: number,
): Prediction[] {
  const sortings = sortingsOf(observations.channels);
  const tallies = sortings.map(({ names }) => new Tally(names.length));
  for (const { person, weight } of speakersOf(observations, mostPeople)) {
    const expected = expectedOf(person);
    const pieces = piecesOf(observations, person);
    let before = expected(0);
    pieces.forEach((piece, index) => {
      const until = expected(piece.to);
      const came = index + 1 === pieces.length && observations.converted[person] === 1;
      sortings.forEach(({ group }, at) => {
        tallies[at]?.add(group(piece), Number(came), before, until, weight);
      });
      before = until;
    });
  }
  return sortings.map((sorting, index) => judged(sorting, tallies[index] ?? new Tally(0), seed, index));
}

function sortingsOf(channels: readonly string[]): Sorting[] {
  return [
    {
      by: 'the channel of the last touch',
      names: ['none', ...channels],
      group: ({ lastChannel }) => lastChannel + 1,
    },
    {
      by: 'the days since the last touch',
      names: ['none', ...ages.map((age, index) => ageName(age, ages[index + 1]))],
      group: ({ lastAge }) => lastAge + 1,
    },
    {
      by: 'the number of touches',
      names: counts.map((count, index) => countName(count, counts[index + 1])),
      group: ({ touches }) => counts.findLastIndex((least) => touches >= least),
    },
  ];
}

const counts: readonly number[] = [0, 1, 2, 3, 4, 6, 10];

function ageName(from: number, to: number | undefined): string {
  return to === undefined ? `${from} and more` : `${from} to ${to}`;
}

function countName(from: number, next: number | undefined): string {
  if (next === undefined) return `${from} and more`;
  return next - from === 1 ? String(from) : `${from} to ${next - 1}`;
}

/** What came and what was expected, by group. */
class Tally {
  readonly observed: Float64Array;
  /** By group, a cell for each draw. */
  readonly expected: (Float64Array | undefined)[];

  constructor(groups: number) {
    this.observed = new Float64Array(groups);
    this.expected = Array.from({ length: groups });
  }

  add(group: number, came: number, before: Float64Array, until: Float64Array, weight: number): void {
    this.observed[group] = (this.observed[group] ?? 0) + came;
    const own = this.expected[group] ?? new Float64Array(until.length);
    for (let draw = 0; draw < own.length; draw += 1)
      own[draw] = (own[draw] ?? 0) + weight * ((until[draw] ?? 0) - (before[draw] ?? 0));
    this.expected[group] = own;
  }
}

function judged(
  { by, names }: Sorting,
  { observed, expected }: Tally,
  seed: number,
  index: number,
): Prediction {
  const used = names.flatMap((name, group) => {
    const own = expected[group];
    return own ? [{ name, observed: observed[group] ?? 0, draws: own }] : [];
  });
  const came = Float64Array.from(used, (group) => group.observed);
  const draws = used[0]?.draws.length ?? 0;
  const random = new Random(seed, topic, index);
  let [worse, apart, chance] = [0, 0, 0];
  for (let draw = 0; draw < draws; draw += 1) {
    const means = Float64Array.from(used, (group) => group.draws[draw] ?? 0);
    const own = misfit(came, means);
    apart += misplaced(came, means) / draws;
    for (let round = 0; round < replicates; round += 1) {
      const made = means.map((mean) => poisson(random, mean));
      if (misfit(made, means) >= own) worse += 1;
      chance += misplaced(made, means) / draws / replicates;
    }
  }
  return {
    by,
    groups: used.map(({ name, observed: one, draws: own }) => ({
      name,
      observed: one,
      expected: meanOf(own),
    })),
    p: draws === 0 ? 1 : worse / (draws * replicates),
    misplaced: Math.max(0, apart - chance),
  };
}

/** Pearson's chi-square; groups in which next to nothing is expected do not blow up. */
function misfit(counted: Float64Array, means: Float64Array): number {
  return counted.reduce((sum, count, group) => {
    const mean = means[group] ?? 0;
    return sum + (count - mean) ** 2 / (mean + 0.5);
  }, 0);
}

/** Half the sum of the differences, as a part of all conversions. */
function misplaced(counted: Float64Array, means: Float64Array): number {
  const all = counted.reduce((sum, count) => sum + count, 0);
  const whole = means.reduce((sum, mean) => sum + mean, 0);
  if (all === 0 || whole === 0) return 0;
  return (
    counted.reduce((sum, count, group) => sum + Math.abs(count / all - (means[group] ?? 0) / whole), 0) / 2
  );
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}

/** By products of uniforms up to 30 (Knuth), by the normal distribution above. */
function poisson(random: Random, mean: number): number {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  let count = 0;
  for (let product = random.uniform(); product > Math.exp(-mean); product *= random.uniform()) count += 1;
  return count;
}
