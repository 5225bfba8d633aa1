/** What chains walk to, where it can be computed otherwise. */
import { describe, expect, it } from 'vitest';
import type { Observations } from '../../../src/attribution/hazard/observations.ts';
import { ageClass, ageOf, tablesOf } from '../../../src/attribution/posterior/ages.ts';
import { Chain } from '../../../src/attribution/posterior/chain.ts';
import { crowdOf } from '../../../src/attribution/posterior/crowd.ts';
import { fitPosterior } from '../../../src/attribution/posterior/fit.ts';
import { usualPosterior } from '../../../src/attribution/posterior/options.ts';
import { sampleOf } from '../../../src/attribution/posterior/sample.ts';
import type { Ground } from '../../../src/attribution/posterior/state.ts';
import { Random } from '../../../src/attribution/random.ts';
import { observed } from '../hazard/observed.ts';

const halfLife = 4;
const longest = 30;

/** Six conversions, three of them soon after a touch, and twenty people who never convert. */
const people = [
  ...[1, 2, 3].map((age) => ({ end: 10 + age, converted: true, touches: [['chat', 10] as const] })),
  ...[5, 9, 20].map((end) => ({ end, converted: true, touches: [] })),
  ...Array.from({ length: 20 }, (_, at) => ({
    end: longest,
    converted: false,
    touches: at < 6 ? [['chat', at] as const] : [],
  })),
];

function groundOf(observations: Observations): Ground {
  const grid = { shape: Uint8Array.of(0), halfLife: Float64Array.of(halfLife), steps: 1 };
  const tables = tablesOf(grid, longest);
  const options = { ...usualPosterior, tiring: false };
  const sample = sampleOf(observations, Int32Array.of(0), tables);
  return {
    sample,
    grid,
    tables,
    crowd: crowdOf(observations.end, []),
    columns: [],
    centres: [],
    spreads: [],
    limits: [],
    longest,
    options,
  };
}

describe('one channel of known half-life beside the baseline', () => {
  const observations = observed(people);
  const ground = groundOf(observations);

  it('walks to the share that the sums over all baselines and effects give', () => {
    const chain = new Chain(ground, new Random(7));
    for (let sweep = 0; sweep < 500; sweep += 1) chain.sweep();
    let sum = 0;
    const sweeps = 10_000;
    for (let sweep = 0; sweep < sweeps; sweep += 1) sum += (chain.sweep().expected[1] ?? 0) / 6 / sweeps;
    expect(Math.abs(sum - exactBaselineShare(observations))).toBeLessThan(0.01);
  });
});

/** The posterior mean by sums over a grid of log μ and log β, the hyperprior of β integrated over its shape. */
function exactBaselineShare({ end }: Observations): number {
  const days = end.reduce((sum, one) => sum + one, 0);
  const density = (age: number) =>
    (Math.LN2 / halfLife) * 2 ** (-ageOf(ageClass(age, longest), longest) / halfLife);
  const ages = people.flatMap((one) => one.touches.map(([, time]) => one.end - time));
  const exposure = ages.reduce(
    (sum, age) => sum + 1 - 2 ** (-ageOf(ageClass(age, longest), longest) / halfLife),
    0,
  );
  const even = 6 / ages.length;
  let [weights, shares] = [0, 0];
  for (let logBaseline = -14; logBaseline < 0; logBaseline += 0.1)
    for (let logEffect = -14; logEffect < 4; logEffect += 0.1) {
      const [baseline, effect] = [Math.exp(logBaseline), Math.exp(logEffect)];
      const touched = [1, 2, 3].map((age) => effect * density(age));
      const likelihood =
        3 * logBaseline +
        touched.reduce((sum, rate) => sum + Math.log(baseline + rate), 0) -
        baseline * days -
        effect * exposure;
      const weight = Math.exp(likelihood + 0.5 * logBaseline) * priorOfLogEffect(effect, even);
      weights += weight;
      shares += (weight * (3 + touched.reduce((sum, rate) => sum + baseline / (baseline + rate), 0))) / 6;
    }
  return shares / weights;
}

/** Gamma(a, b) with b exponential of rate `even` is a β^(a−1) even / (β + even)^(a+1); a is exponential. */
function priorOfLogEffect(effect: number, even: number): number {
  let sum = 0;
  for (let shape = 0.05; shape < 20; shape += 0.1)
    sum += Math.exp(-shape) * shape * (effect / (effect + even)) ** shape * (even / (effect + even));
  return sum;
}

describe('known answers of a fit', () => {
  const quick = { sweeps: 200, intent: false };

  it('knows the baseline where there are no touches: a gamma with half a conversion more', () => {
    const alone = people.map((one) => ({ ...one, touches: [] }));
    const { baseline, channels } = fitPosterior(observed(alone), { ...quick, sweeps: 2_000, draws: 4_000 });
    const days = alone.reduce((sum, { end }) => sum + end, 0);
    expect(channels).toEqual([]);
    expect(baseline.share).toEqual({ mean: 1, low: 1, high: 1 });
    expect(baseline.perDay.mean / (6.5 / days)).toBeCloseTo(1, 1);
  });

  it('gives channels that are each other’s mirror the same', () => {
    const mirrored = people.flatMap((one) =>
      ['a', 'b'].map((name) => ({ ...one, touches: one.touches.map(([, time]) => [name, time] as const) })),
    );
    const { channels } = fitPosterior(observed(mirrored), { ...quick, sweeps: 2_000 });
    expect(Math.abs((channels[0]?.share.mean ?? 0) - (channels[1]?.share.mean ?? 0))).toBeLessThan(0.03);
  });
});
