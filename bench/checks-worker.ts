/** One world of `bench checks`: a fit to it and to it spoilt, with what the predictive checks say. */
import { predictionsOf } from '../src/attribution/fit/posterior-checks.ts';
import type { Prediction } from '../src/attribution/fit/predictive.ts';
import type { Observations } from '../src/attribution/hazard/observations.ts';
import { fitPosterior } from '../src/attribution/posterior/fit.ts';
import { Random } from '../src/attribution/random.ts';
import { scenarioIds, scenarios } from '../src/attribution/simulate/scenarios.ts';
import { misallocated, simulate } from '../src/attribution/simulate/world.ts';
import { report } from './measure.ts';

export interface CheckRun {
  readonly conversions: number;
  readonly converged: boolean;
  readonly wrong: number;
  /** By predictive check. */
  readonly checks: readonly Pick<Prediction, 'p' | 'misplaced'>[];
}

const dayMs = 1;

/** What goes wrong in the data of real hubs; the first leaves them as they are. */
export const defects: Readonly<Record<string, (data: Observations, random: Random) => Observations>> = {
  none: (data) => data,
  'touches of buyers written down on the day of the close': (data) => ({
    ...data,
    time: retimed(data, (end) => Math.max(0, end - dayMs)),
  }),
  'half of the buyers without any touch': (data, random) => {
    const lost = data.converted.map((did) => (did === 1 && random.uniform() < 0.5 ? 1 : 0));
    return lessTouches(data, (person) => lost[person] === 1);
  },
  'touches of buyers kept for a week only': (data) =>
    lessTouches(data, (person, age) => data.converted[person] === 1 && age > 7),
  'nine in ten of the others without any touch': (data, random) => {
    const lost = data.converted.map((did) => (did === 0 && random.uniform() < 0.9 ? 1 : 0));
    return lessTouches(data, (person) => lost[person] === 1);
  },
  'won deals closed 30 days late': (data) => ({
    ...data,
    end: data.end.map((end, person) => (data.converted[person] === 1 ? end + 30 : end)),
  }),
};

function retimed({ time, starts, end, converted }: Observations, of: (end: number) => number): Float64Array {
  const moved = time.slice();
  converted.forEach((did, person) => {
    if (!did) return;
    for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1)
      moved[touch] = Math.max(moved[touch] ?? 0, of(end[person] ?? 0));
  });
  return moved;
}

/** @param lost by the person, and the days from the touch to the end */
function lessTouches(data: Observations, lost: (person: number, age: number) => boolean): Observations {
  const kept: number[] = [];
  const starts = new Int32Array(data.end.length + 1);
  for (let person = 0; person < data.end.length; person += 1) {
    for (let touch = data.starts[person] ?? 0; touch < (data.starts[person + 1] ?? 0); touch += 1)
      if (!lost(person, (data.end[person] ?? 0) - (data.time[touch] ?? 0))) kept.push(touch);
    starts[person + 1] = kept.length;
  }
  return {
    ...data,
    starts,
    channel: Int32Array.from(kept, (touch) => data.channel[touch] ?? 0),
    time: Float64Array.from(kept, (touch) => data.time[touch] ?? 0),
  };
}

/** People who give about so many conversions. */
function peopleFor(id: (typeof scenarioIds)[number], conversions: number): number {
  const { observations } = simulate(scenarios[id], 4_000, 1);
  return Math.round((4_000 * conversions) / observations.converted.reduce((sum, one) => sum + one, 0));
}

function run(letter: string, conversions: number, seed: number, defect: string): CheckRun {
  const id = scenarioIds.find((one) => one === letter) ?? 'A';
  const world = simulate(scenarios[id], peopleFor(id, conversions), seed);
  const spoilt = defects[defect]?.(world.observations, new Random(seed, 99)) ?? world.observations;
  const observations = { ...spoilt, covariates: [] };
  const fit = fitPosterior(observations, { seed, chains: 2, sweeps: 400, draws: 100 });
  const shares = {
    channels: fit.channels.map(({ share }) => share.mean),
    baseline: fit.baseline.share.mean,
  };
  return {
    conversions: fit.conversions,
    converged: fit.diagnostics.converged,
    wrong: misallocated(shares, world.truth),
    checks: predictionsOf(fit, observations, seed).map(({ p, misplaced }) => ({ p, misplaced })),
  };
}

if (import.meta.main) {
  const [letter = 'A', conversions = '50', first = '6000', seeds = '10', defect = 'none'] =
    process.argv.slice(2);
  const runs = Array.from({ length: Number(seeds) }, (_, index) =>
    run(letter, Number(conversions), Number(first) + index, defect),
  );
  report(runs);
}
