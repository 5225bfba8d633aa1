import { describe, expect, it } from 'vitest';
import { armsOf, claimOf, compareWithExperiment } from '../../../src/attribution/fit/experiment.ts';
import { difference, proportion, ratio, times } from '../../../src/attribution/fit/ratio.ts';
import { fitHazard } from '../../../src/attribution/hazard/fit.ts';
import { numbersOf } from '../../../src/attribution/hazard/parameters.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';

describe('intervals', () => {
  it('are those of the published example (Newcombe 1998: 56 of 70 against 48 of 80)', () => {
    const { value, interval } = difference(proportion(56, 70), proportion(48, 80));
    expect(value).toBeCloseTo(0.2, 12);
    expect(interval.low).toBeCloseTo(0.0524, 4);
    expect(interval.high).toBeCloseTo(0.3339, 4);
  });

  it('of a proportion stay within 0 and 1', () => {
    expect(proportion(0, 10).interval.low).toBe(0);
    expect(proportion(10, 10).interval.high).toBeCloseTo(1, 12);
    expect(proportion(10, 10).interval.high).toBeLessThanOrEqual(1);
  });

  it.each([
    [10, 8, 12, 5, 4, 6],
    [1, -2, 4, 5, 4, 6],
    [-3, -6, -1, 5, 3, 8],
  ])('of the ratio of %d (%d to %d) by %d (%d to %d) end where the difference may be 0', (one, low, high, two, under, over) => {
    const first = { value: one, interval: { low, high } };
    const second = { value: two, interval: { low: under, high: over } };
    const found = ratio(first, second);
    const ends = [found?.interval.low ?? 0, found?.interval.high ?? 0];
    const gaps = ends.map((end) => {
      const scaled = times(second, end);
      const { low: a, high: b } = scaled.interval;
      return difference(first, {
        value: scaled.value,
        interval: { low: Math.min(a, b), high: Math.max(a, b) },
      });
    });
    expect(gaps[0]?.interval.low).toBeCloseTo(0, 9);
    expect(gaps[1]?.interval.high).toBeCloseTo(0, 9);
    expect(found?.value).toBeCloseTo(one / two, 12);
  });

  it('do not exist for a ratio by what may be nothing', () => {
    const one = { value: 1, interval: { low: 0.5, high: 2 } };
    expect(ratio(one, { value: 1, interval: { low: -0.1, high: 2 } })).toBeNull();
  });
});

describe('an experiment', () => {
  const treated = { people: 10_000, conversions: 800 };
  const withheld = { people: 10_000, conversions: 600 };

  it('gives the factor between what was measured and what is claimed', () => {
    const result = compareWithExperiment({ treated, withheld, claim: { share: 0.5, error: 0.02 } });
    expect(result.lift.value).toBeCloseTo(0.02, 12);
    expect(result.measured.value).toBeCloseTo(200, 9);
    expect(result.claimed.value).toBeCloseTo(400, 9);
    expect(result.factor?.value).toBeCloseTo(0.5, 12);
    expect(result.agrees).toBe(false);
    expect(result.words).toMatch(
      /measured 200 \(\d+ to \d+\) conversions, the model claims 400 .* do not agree/,
    );
  });

  it('agrees with a claim of that size', () => {
    expect(compareWithExperiment({ treated, withheld, claim: { share: 0.25, error: 0.02 } }).agrees).toBe(
      true,
    );
  });

  it('has no factor for a claim that may be nothing', () => {
    const result = compareWithExperiment({ treated, withheld, claim: { share: 0.01, error: 0.02 } });
    expect(result).toMatchObject({ factor: null, agrees: false });
  });

  it('needs people on both sides', () => {
    const nobody = { people: 0, conversions: 0 };
    expect(() =>
      compareWithExperiment({ treated, withheld: nobody, claim: { share: 0.1, error: 0.1 } }),
    ).toThrow('both parts');
  });

  it('agrees with the model where chat is withheld in a world of its kind', () => {
    const people = 60_000;
    const without = { ...scenarios.A, channels: scenarios.A.channels.filter(({ name }) => name !== 'chat') };
    const { observations } = simulate(scenarios.A, people, 3);
    const held = simulate(without, people, 4).observations;
    const { parameters } = fitHazard(observations);
    const resamples = [0.95, 1, 1.05].map((factor) =>
      numbersOf({
        ...parameters,
        channels: parameters.channels.map((one) => ({ ...one, effect: one.effect * factor })),
      }),
    );
    const claim = claimOf(parameters, resamples, observations, 'chat');
    const flags = new Uint8Array(people);
    const own = armsOf(observations, flags).treated;
    const other = armsOf(held, flags.fill(1)).withheld;
    expect(own.people + other.people).toBe(2 * people);
    expect(claim.error).toBeGreaterThan(0);
    expect(compareWithExperiment({ treated: own, withheld: other, claim }).agrees).toBe(true);
  });
});
