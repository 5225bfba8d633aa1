/** Data at the edge: a defined answer, never a negative share, never NaN. */
import { describe, expect, it } from 'vitest';
import { fitHazard } from '../../../src/attribution/hazard/fit.ts';
import { assertFittable } from '../../../src/attribution/hazard/fittable.ts';
import type { Observations } from '../../../src/attribution/hazard/observations.ts';
import { sharesOf } from '../../../src/attribution/hazard/shares.ts';
import { Random } from '../../../src/attribution/random.ts';
import { observed, type Person } from './observed.ts';

const random = new Random(1);

function people(count: number, make: (index: number) => Person): Person[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const cases: Readonly<Record<string, () => Observations>> = {
  'one channel': () =>
    observed(
      people(500, (index) => ({
        end: 10,
        converted: index % 9 === 0,
        touches: [['a', random.uniform() * 9]],
      })),
    ),
  'only conversions': () =>
    observed(
      people(200, () => ({ end: 5 + random.uniform(), converted: true, touches: [['a', random.uniform()]] })),
    ),
  'one person': () => observed([{ end: 3, converted: true, touches: [['a', 1]] }]),
  'equal timestamps': () =>
    observed(
      people(300, (index) => ({
        end: 10,
        converted: index % 7 === 0,
        touches: [
          ['a', 3],
          ['b', 3],
          ['a', 3],
        ],
      })),
    ),
  'a touch at the very moment of conversion': () =>
    observed(
      people(500, (index) => ({
        end: 8,
        converted: index % 9 === 0,
        touches: [['form', index % 9 === 0 ? 8 : 1]],
      })),
    ),
  'a conversion at time 0': () =>
    observed([
      ...people(99, (index) => ({ end: 9, converted: index % 9 === 0, touches: [] })),
      { end: 0, converted: true, touches: [['a', 0]] },
    ]),
  '10,000 touches of one person': () =>
    observed([
      ...people(300, (index) => ({ end: 10, converted: index % 7 === 0, touches: [['b', 3] as const] })),
      {
        end: 10,
        converted: true,
        touches: people(10_000, () => ({ end: 0, converted: false, touches: [] })).map(
          (_, index) => ['a', index / 1_000] as const,
        ),
      },
    ]),
  '5,000 channels': () =>
    observed(
      people(5_000, (index) => ({
        end: 10 + random.uniform(),
        converted: index % 20 === 0,
        touches: [0, 1, 2].map(
          (one) => [`channel ${(index * 3 + one) % 5_000}`, random.uniform() * 10] as const,
        ),
      })),
    ),
  'a covariate that is the same for everybody, twice': () =>
    observed(
      people(200, (index) => ({
        end: 9,
        converted: index % 9 === 0,
        touches: [],
        covariates: { x: 5, y: 5 },
      })),
      ['x', 'y'],
    ),
  'a covariate with one value far out': () =>
    observed(
      people(200, (index) => ({
        end: 9,
        converted: index % 9 === 0,
        touches: [],
        covariates: { x: index === 7 ? 1e12 : 0 },
      })),
      ['x'],
    ),
  'a covariate that tells everything': () =>
    observed(
      people(200, (index) => ({
        end: 9,
        converted: index < 20,
        touches: [],
        covariates: { x: Number(index < 20) },
      })),
      ['x'],
    ),
};

describe('data at the edge', () => {
  it.each(Object.entries(cases))('%s', (_, make) => {
    const observations = make();
    const { shares, parameters, converged, conversions } = fitHazard(observations);
    const all = [...shares.channels, shares.baseline];
    expect(converged).toBe(true);
    expect(conversions).toBe(observations.converted.reduce((sum, one) => sum + one, 0));
    expect(all.every((share) => share >= 0)).toBe(true);
    expect(all.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    const numbers = parameters.channels.flatMap(({ effect, halfLifeDays }) => [effect, halfLifeDays]);
    expect([parameters.baseline, ...numbers].every((one) => Number.isFinite(one) && one > 0)).toBe(true);
  });

  it('keeps half-lives between a two-thousandth and twice the longest watch', () => {
    const { parameters } = fitHazard(cases['a touch at the very moment of conversion']?.() ?? observed([]));
    expect(parameters.channels[0]?.halfLifeDays).toBeCloseTo(8 / 2_000, 9);
  });

  it('shares out nothing where there is nothing', () => {
    const none = { baseline: 0, credits: new Float64Array(2) };
    expect(sharesOf(none)).toEqual({ channels: [0, 0], baseline: 0 });
  });

  it('refuses data without a conversion, and without time', () => {
    const nobody = observed([{ end: 3, converted: false, touches: [] }]);
    const noTime = observed([{ end: 0, converted: true, touches: [['a', 0]] }]);
    expect(() => assertFittable(nobody, 'people.csv')).toThrow('Nobody converted');
    expect(() => assertFittable(noTime, 'people.csv')).toThrow('watched');
  });
});
