import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitHazard } from '../../../src/attribution/hazard/fit.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';
import { bootstrapHere } from '../../../src/attribution/uncertainty/bootstrap.ts';
import { intervalOf, leastResamples } from '../../../src/attribution/uncertainty/interval.ts';
import { reportOf } from '../../../src/attribution/uncertainty/report.ts';
import { poissonWeights } from '../../../src/attribution/uncertainty/resample.ts';
import { bootstrap } from '../../../src/attribution/uncertainty/workers.ts';
import { attributionSchema } from '../../../src/settings/attribution.ts';
import { observed, type Person } from '../hazard/observed.ts';

describe('an interval', () => {
  it('is the middle part, linear between neighbours', () => {
    const values = [5, 1, 4, 2, 3];
    expect(intervalOf(values, 0.5)).toEqual({ low: 1.5, high: 4.5 });
    expect(intervalOf(values, 0.9)).toEqual({ low: 1, high: 5 });
    expect(intervalOf([7], 0.95)).toEqual({ low: 7, high: 7 });
  });

  it('is of numbers only', () => {
    expect(() => intervalOf([], 0.95)).toThrow(RangeError);
    expect(() => intervalOf([1, Number.NaN], 0.95)).toThrow(RangeError);
  });

  it('needs as many resamples as a fit', () => {
    const read = (resamples: number) => attributionSchema.safeParse({ resamples }).success;
    expect([read(leastResamples - 1), read(leastResamples)]).toEqual([false, true]);
  });

  it('holds as much as it says, also of few resamples', () => {
    // Where eighty draws of a uniform number lie on average: 1/81, 2/81 …
    const values = Array.from({ length: 80 }, (_, index) => (index + 1) / 81);
    const { low, high } = intervalOf(values, 0.95);
    expect(low).toBeCloseTo(0.025, 12);
    expect(high).toBeCloseTo(0.975, 12);
  });
});

describe('the weights of a resample', () => {
  it('are Poisson with mean 1', () => {
    const weights = poissonWeights(50_000, 3, 8);
    const share = (count: number) => weights.filter((weight) => weight === count).length / weights.length;
    let expected = Math.exp(-1);
    for (let count = 0; count < 5; count += 1) {
      expect(Math.abs(share(count) - expected)).toBeLessThan(0.01);
      expected /= count + 1;
    }
    expect(weights.every((weight) => Number.isInteger(weight) && weight >= 0)).toBe(true);
  });

  it('differ by seed and number', () => {
    const all = [poissonWeights(50, 1, 1), poissonWeights(50, 1, 2), poissonWeights(50, 2, 1)].map((one) =>
      one.join(),
    );
    expect(new Set(all).size).toBe(3);
    expect(poissonWeights(50, 1, 1)).toEqual(poissonWeights(50, 1, 1));
  });
});

/** A conversion without a watched day, and a watched person without a conversion: both are needed. */
const oneOfEach = observed([
  { end: 0, converted: true, touches: [['a', 0]] },
  { end: 10, converted: false, touches: [['b', 4]] },
]);

describe('the bootstrap', () => {
  it.each(['A', 'B'] as const)('gives the same bytes on any number of threads (%s)', async (id) => {
    const { basis } = fitHazard(simulate(scenarios[id], 3_000, 5).observations);
    const plan = { resamples: 7, seed: 3 };
    const here = bootstrapHere(basis, plan);
    for (const threads of [1, 2, 3]) {
      const there = await bootstrap(basis, plan, { threads });
      expect(JSON.stringify(there)).toBe(JSON.stringify(here));
    }
    expect(bootstrapHere(basis, { ...plan, seed: 4 })).not.toEqual(here);
    expect(bootstrapHere(basis, { resamples: 3, seed: 3 })).toEqual(here.slice(0, 3));
  });

  it('tells how far it is, and stops when asked to', async () => {
    const { basis } = fitHazard(simulate(scenarios.A, 1_000, 5).observations);
    for (const threads of [1, 2]) {
      const seen: number[] = [];
      await bootstrap(basis, { resamples: 4, seed: 1 }, { threads, progress: (done) => seen.push(done) });
      expect(seen).toEqual([1, 2, 3, 4]);
      const stop = new AbortController();
      const running = bootstrap(
        basis,
        { resamples: 10_000, seed: 1 },
        { threads, signal: stop.signal, progress: () => stop.abort(new Error('enough')) },
      );
      await expect(running).rejects.toThrow('enough');
    }
  });

  it('draws again what cannot be fitted, the same on any number of threads', async () => {
    const { basis } = fitHazard(oneOfEach);
    const plan = { resamples: 30, seed: 1 };
    const here = bootstrapHere(basis, plan);
    expect(here).toHaveLength(30);
    expect(here.some(({ redrawn }) => redrawn > 0)).toBe(true);
    expect(JSON.stringify(await bootstrap(basis, plan, { threads: 2 }))).toBe(JSON.stringify(here));
  });

  it('has nothing to draw from people who did not convert', () => {
    const { basis } = fitHazard(oneOfEach);
    const conversions = { ...basis.sample.conversions, person: new Int32Array(0), starts: Int32Array.of(0) };
    const empty = { ...basis, sample: { ...basis.sample, conversions } };
    expect(() => bootstrapHere(empty, { resamples: 1, seed: 1 })).toThrow('no resamples');
  });

  it('makes shares that are parts of the whole', () => {
    const { basis } = fitHazard(simulate(scenarios.C, 2_000, 5).observations);
    for (const { shares } of bootstrapHere(basis, { resamples: 5, seed: 1 })) {
      expect(shares).toHaveLength(7);
      expect(shares.every((share) => share >= 0)).toBe(true);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
  });
});

describe('intervals of shares', () => {
  it('hold the truth about as often as they say', () => {
    const covered: boolean[] = [];
    for (let seed = 1; seed <= 12; seed += 1) {
      const { observations, truth } = simulate(scenarios.A, 6_000, 100 + seed);
      const resamples = bootstrapHere(fitHazard(observations).basis, { resamples: 40, seed });
      [...truth.channels, truth.baseline].forEach((share, index) => {
        const { low, high } = intervalOf(
          resamples.map(({ shares }) => shares[index] ?? 0),
          0.95,
        );
        covered.push(low <= share && share <= high);
      });
    }
    const part = covered.filter(Boolean).length / covered.length;
    // 84 intervals that are not independent: a wide gate, and a wrong variance is outside all the same.
    expect(part).toBeGreaterThan(0.86);
    expect(part).toBeLessThan(1);
  });
});

/** Very few people, one of whom converted, and one watched day at least. */
const fewPeople: fc.Arbitrary<Person[]> = fc
  .array(
    fc.record({
      end: fc.constantFrom(0, 0.5, 10),
      converted: fc.boolean(),
      parts: fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom(0, 0.5, 1)), { maxLength: 3 }),
      score: fc.integer({ min: -1, max: 1 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((people) =>
    people.map(({ end, converted, parts, score }, index) => ({
      end: index === people.length - 1 ? 10 : end,
      converted: converted || index === 0,
      touches: parts.map(([channel, part]) => [channel, part * end] as const),
      covariates: { score },
    })),
  );

describe('intervals of very few people', () => {
  it('are always of numbers', () => {
    fc.assert(
      fc.property(fewPeople, fc.nat({ max: 1_000 }), (people, seed) => {
        const fit = fitHazard(observed(people, ['score']));
        const { channels, baseline, covariates, intent } = reportOf(
          fit,
          bootstrapHere(fit.basis, { resamples: leastResamples, seed }),
          0.95,
        );
        const told = [
          ...channels.flatMap(({ share, effect, halfLifeDays }) => [share, effect, halfLifeDays]),
          ...[baseline.share, baseline.perDay],
          ...covariates.map(({ slope }) => slope),
          ...(intent ? [intent.slope] : []),
        ];
        for (const { value, interval } of told) {
          expect([value, interval?.low, interval?.high].every(Number.isFinite)).toBe(true);
          expect(interval?.low).toBeLessThanOrEqual(interval?.high ?? Number.NaN);
        }
      }),
      { numRuns: 60, seed: 7, endOnFailure: true },
    );
  });
});

describe('the report', () => {
  const { observations } = simulate(scenarios.B, 4_000, 5);
  const fit = fitHazard(observations);
  const report = reportOf(fit, bootstrapHere(fit.basis, { resamples: 10, seed: 1 }), 0.95);

  it('has every channel once, the largest share first, and sums to the conversions', () => {
    expect(new Set(report.channels.map(({ channel }) => channel))).toEqual(new Set(observations.channels));
    const shares = report.channels.map(({ share }) => share.value);
    expect(shares).toEqual([...shares].sort((one, other) => other - one));
    const all = report.channels.reduce(
      (sum, { conversions }) => sum + conversions,
      report.baseline.conversions,
    );
    expect(all).toBeCloseTo(fit.conversions, 6);
  });

  it('puts each number beside the interval of the same number', () => {
    for (const { channel, effect, halfLifeDays } of report.channels) {
      const own = fit.parameters.channels.find(({ name }) => name === channel);
      expect([effect.value, halfLifeDays.value]).toEqual([own?.effect, own?.halfLifeDays]);
      expect(effect.interval?.low).toBeLessThan(effect.interval?.high ?? 0);
    }
    expect(report.covariates.map(({ name }) => name)).toEqual(['lead_score']);
  });

  it('tells of intent and whom it follows, where there is some', () => {
    const { observations: more } = simulate(scenarios.B, 14_000, 5);
    const blind = fitHazard({ ...more, covariates: [] });
    const { intent } = reportOf(blind, bootstrapHere(blind.basis, { resamples: 10, seed: 1 }), 0.95);
    expect(intent?.slope.value).toBe(blind.parameters.intent?.slope);
    expect(intent?.slope.interval?.low).toBeGreaterThan(0);
    expect(intent?.pulls.map(({ channel }) => channel)).toEqual(observations.channels);
    expect(report.intent).toBeNull();
  });

  it('has no intervals without resamples', () => {
    expect(reportOf(fit, [], 0.95).baseline.share.interval).toBeNull();
  });
});
