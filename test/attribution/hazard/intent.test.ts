import { describe, expect, it } from 'vitest';
import { fitIntent } from '../../../src/attribution/hazard/intent/fit.ts';
import { type IntentModel, scoreOf } from '../../../src/attribution/hazard/intent/model.ts';
import { intentColumn } from '../../../src/attribution/hazard/intent/scores.ts';
import { Random } from '../../../src/attribution/random.ts';
import { observed, type Person } from './observed.ts';

const model: IntentModel = { groups: [0, 1], rates: [0.1, 0.05], pulls: [0.2, 1], leans: [] };

/** The lower bound of the log likelihood that a score makes as high as it can. */
function bound(pulled: number, days: number, expected: number, mean: number, variance: number): number {
  const touches = model.rates.reduce((sum, rate, group) => {
    const pull = model.pulls[group] ?? 0;
    return sum + days * rate * Math.exp(pull * mean + (pull * pull * variance) / 2);
  }, 0);
  return pulled * mean - touches - ((mean - expected) ** 2 + variance - Math.log(variance)) / 2;
}

describe('the score of a person', () => {
  it.each([
    [0, 60, 0],
    [7.4, 60, 0],
    [40, 60, 1],
    [2, 1, -2],
    [0, 0, 0.5],
    [2_000, 60, 0],
  ])('is the best normal distribution for %d pulled in %d days around %d', (pulled, days, expected) => {
    const { mean, variance } = scoreOf(model, { pulled, days, expected });
    const best = bound(pulled, days, expected, mean, variance);
    for (const [by, factor] of [
      [0.01, 1],
      [-0.01, 1],
      [0, 1.02],
      [0, 0.98],
    ] as const)
      expect(bound(pulled, days, expected, mean + by, variance * factor)).toBeLessThanOrEqual(best + 1e-9);
  });

  it('is what was expected where nobody was watched', () => {
    expect(scoreOf(model, { pulled: 0, days: 0, expected: 0.5 })).toEqual({ mean: 0.5, variance: 1 });
  });
});

/** People who meet two channels by chance; with `pull`, some of them far more often than others. */
function crowd(pull: number, extra: readonly [string, number][] = []): Person[] {
  return Array.from({ length: 4_000 }, (_, index) => {
    const random = new Random(5, index);
    const rate = 0.1 * Math.exp(pull * random.normal() - pull ** 2 / 2);
    const touches: [string, number][] = [...extra];
    for (const channel of ['a', 'b'])
      for (let day = random.exponential(rate); day < 30; day += random.exponential(rate))
        touches.push([channel, day]);
    return { end: 30, converted: false, touches };
  });
}

describe('the intent model', () => {
  it('finds pulls', () => {
    const found = fitIntent(observed(crowd(0.7)), []);
    expect(found?.pulls).toHaveLength(2);
    for (const pull of found?.pulls ?? []) expect(Math.abs(pull - 0.7)).toBeLessThan(0.06);
  });

  it('is null where touches come by chance', () => {
    expect(fitIntent(observed(crowd(0)), [])).toBeNull();
  });

  it('knows that the touch with which the watch begins tells nothing', () => {
    const bare = observed(crowd(0.7));
    const entered = observed(crowd(0.7, [['a', 0]]));
    expect(fitIntent(entered, [])).toEqual(fitIntent(bare, []));
    const found = fitIntent(bare, []) ?? model;
    expect(intentColumn(found, entered, [])).toEqual(intentColumn(found, bare, []));
  });

  it('lets what is known of a person speak, too', () => {
    const people = crowd(0.7).map((person, index) => ({
      ...person,
      covariates: { score: new Random(5, index).normal() },
    }));
    const observations = observed(people, ['score']);
    const found = fitIntent(observations, [observations.covariates[0]?.values ?? new Float64Array()]);
    expect(found?.leans[0]).toBeGreaterThan(0.8);
  });
});
