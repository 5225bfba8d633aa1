import { describe, expect, it } from 'vitest';
import { Channels } from '../../../src/attribution/journeys/channels.ts';
import { pathModel, usualPathSettings } from '../../../src/attribution/path-models.ts';
import { announceFit, announcePaths } from '../../../src/attribution/presence/effort.ts';
import type { PresenceFit } from '../../../src/attribution/presence/fit.ts';
import { creditBySet } from '../../../src/attribution/presence/game.ts';
import { fitLogistic } from '../../../src/attribution/presence/logistic.ts';
import { distinct } from '../../../src/attribution/presence/rows.ts';
import { creditBySteps } from '../../../src/attribution/presence/steps.ts';
import { Strata } from '../../../src/attribution/presence/strata.ts';
import { Problem } from '../../../src/support/problem.ts';
import { conversions, credit, feed, type Row, rows } from '../paths/journeys.ts';
import { crossing } from '../paths/random.ts';

const sum = (all: Iterable<number>) => [...all].reduce((before, one) => before + one, 0);
const tally = (conversions: number, nulls: number) => ({ conversions, nulls, units: 0, nanos: 0 });

describe('logistic regression', () => {
  const free = (size: number) => ({ mean: new Float64Array(size), precision: new Float64Array(size) });
  const trials = [
    { features: [0], conversions: 10, nulls: 90 },
    { features: [0, 1], conversions: 30, nulls: 70 },
  ];

  it('finds the log odds where nothing else is known, with their variance', () => {
    const { weights, variance } = fitLogistic(trials, free(2), new Float64Array(2));
    expect(weights[0]).toBeCloseTo(Math.log(1 / 9), 5);
    expect(weights[1]).toBeCloseTo(Math.log(3 / 7) - Math.log(1 / 9), 5);
    expect(variance[0]).toBeCloseTo(1 / 10 + 1 / 90, 5);
    expect(variance[1]).toBeCloseTo(1 / 10 + 1 / 90 + 1 / 30 + 1 / 70, 5);
  });

  it('stays near what was thought before, the more the surer that was', () => {
    const near = fitLogistic(
      trials,
      { mean: Float64Array.of(0, 0.2), precision: Float64Array.of(0, 1e6) },
      new Float64Array(2),
    );
    expect(near.weights[1]).toBeCloseTo(0.2, 3);
  });

  it('has finite weights where all ends alike, and the same from any start', () => {
    const prior = { mean: new Float64Array(2), precision: Float64Array.of(0.1, 0.1) };
    const apart = [
      { features: [0], conversions: 0, nulls: 50 },
      { features: [0, 1], conversions: 50, nulls: 0 },
    ];
    const one = fitLogistic(apart, prior, new Float64Array(2));
    const other = fitLogistic(apart, prior, Float64Array.of(8, -8));
    expect(one.weights.every(Number.isFinite)).toBe(true);
    expect(other.weights[1]).toBeCloseTo(one.weights[1] ?? 0, 5);
  });
});

describe('credit of a set', () => {
  const fit: PresenceFit = {
    intercept: -3,
    effects: Array.from({ length: 24 }, (_, at) => (at % 5) * 0.3),
    pairs: [{ one: 1, other: 3, effect: 0.9 }],
  };
  const chance = (score: number) => 1 / (1 + Math.exp(-score));

  it('is what one channel alone brings', () => {
    const { parts } = creditBySet(fit, [1])([2], 0);
    expect(parts[0]).toBeCloseTo(chance(-3 + 0.6) - chance(-3), 12);
  });

  it('is the mean over both orders of two channels', () => {
    const [one, other] = creditBySet(fit, [2])([1, 3], 0).parts;
    const [first, second, both] = [chance(-3 + 0.3), chance(-3 + 0.9), chance(-3 + 0.3 + 0.9 + 0.9)];
    expect(one).toBeCloseTo((first - chance(-3) + both - second) / 2, 12);
    expect(other).toBeCloseTo((second - chance(-3) + both - first) / 2, 12);
  });

  it('sums to the whole, exact or sampled, and both agree within the stated error', () => {
    const set = [0, 1, 2, 3, 4, 6, 7, 8, 9, 11];
    const exact = creditBySet(fit, [10])(set, 0);
    const crowd = Array.from({ length: 40_000 }, () => 10);
    const sampled = creditBySet(fit, crowd)(set, 0);
    const score = sum(set.map((channel) => fit.effects[channel] ?? 0)) + 0.9 - 3;
    expect(sum(exact.parts)).toBeCloseTo(chance(score) - chance(-3), 12);
    expect(sum(sampled.parts)).toBeCloseTo(chance(score) - chance(-3), 12);
    expect(exact.errors.every((error) => error === 0)).toBe(true);
    set.forEach((_, at) => {
      const error = sampled.errors[at] ?? 0;
      expect(Math.abs((sampled.parts[at] ?? 0) - (exact.parts[at] ?? 0))).toBeLessThanOrEqual(
        5 * error + 1e-12,
      );
    });
    expect(Math.max(...sampled.errors)).toBeGreaterThan(0);
  });

  it('is sampled for more channels than can be taken exactly', () => {
    const all = fit.effects.map((_, at) => at);
    const { parts, errors } = creditBySet(fit, [24])(all, 0);
    expect(parts[0]).toBe(0);
    expect(Math.max(...errors)).toBeGreaterThan(0);
  });
});

describe('credit by steps', () => {
  const steps = (...given: readonly (readonly [path: number[], conversions: number, nulls: number])[]) =>
    creditBySteps(
      given.map(([path, conversions, nulls]) => ({
        path,
        channels: distinct(path),
        ...tally(conversions, nulls),
      })),
      2,
    ).conversions;

  it('gives a conversion to the touch that had the chance', () => {
    const [a, b] = steps([[0], 10, 90], [[0, 1], 0, 100]);
    expect([a, b]).toEqual([10, 0]);
  });

  it('gives an earlier channel its part where later touches convert more after it', () => {
    const [a, b] = steps([[1], 10, 90], [[0, 1], 30, 70], [[0], 0, 100]);
    expect(a).toBeCloseTo(20, 4);
    expect(b).toBeCloseTo(20, 4);
  });
});

describe('what goes along with converting', () => {
  it('is the surplus over chance within each group', () => {
    const strata = new Strata();
    strata.add('g', tally(30, 70), [[7, 1]]);
    strata.add('g', tally(10, 90), []);
    const { errors, relative } = strata.surplus().get(7) ?? { errors: 0, relative: 0 };
    // 30 of the 40 conversions where 20 were to be expected; hypergeometric variance 100·100·40·160 / (200²·199).
    expect(relative).toBeCloseTo(0.5, 12);
    expect(errors).toBeCloseTo(10 / Math.sqrt((100 * 100 * 40 * 160) / (200 ** 2 * 199)), 12);
  });

  it('is nothing where groups differ, but not within', () => {
    const strata = new Strata();
    for (const [group, conversions] of [
      ['rich', 50],
      ['poor', 1],
    ] as const) {
      strata.add(group, tally(conversions, 100 - conversions), [[7, 1]]);
      strata.add(group, tally(conversions, 100 - conversions), []);
    }
    expect(strata.surplus().get(7)).toEqual({ errors: 0, relative: 0 });
  });
});

describe('presence', () => {
  const given = crossing({ channels: 6, journeys: 300, mean: 3, seed: 5 });
  const made = (feedAll: (add: (some: readonly Row[], times?: number) => void) => void) => {
    const channels = new Channels();
    const { counts, credit } = pathModel('presence', channels, usualPathSettings);
    feedAll((some, times) => feed(counts, channels, some, times));
    return credit();
  };

  it('is the same to the last bit in any order, and when others were taken out again', () => {
    const whole = made((add) => add(given));
    expect(made((add) => add([...given].reverse()))).toEqual(whole);
    const others = rows('c1>zeta 40 2', 'c3>c1 9 80');
    const after = made((add) => {
      add(others);
      add(given);
      add(others, -1);
    });
    expect(after.credit.filter(({ channel }) => channel !== 'zeta')).toEqual(whole.credit);
    expect(after.credit.find(({ channel }) => channel === 'zeta')?.conversions).toBe(0);
  });

  it('has value in proportion to conversions where all are worth the same', () => {
    const priced = given.map((row) => ({ ...row, value: String(row.conversions * 40) }));
    for (const { conversions: found, value } of credit('presence', priced))
      expect(value).toBeCloseTo(found * 40, 6);
  });

  it('shares equally where all ended alike, and says so', () => {
    expect(conversions('presence', rows('a>b 4 0', 'a 2 0'))).toEqual({ a: 4, b: 2 });
    const found = made((add) => add(rows('a>b 4 0', 'a 2 0')));
    expect(found.presence?.statements.join(' ')).toMatch(/nothing tells their channels apart/);
  });

  it('gives nothing to a channel with which journeys convert less, and names it', () => {
    const found = made((add) => add(rows('a 30 70', 'b 1 99', 'a>b 15 85', 'c 10 90', 'a>c 30 70')));
    expect(found.credit.find(({ channel }) => channel === 'b')?.conversions).toBe(0);
    expect(found.presence?.statements.join(' ')).toMatch(/journeys with b convert less/);
  });

  it('says how long it takes, or that it would take too long', () => {
    const trial = { features: Array.from({ length: 100 }, (_, at) => at), conversions: 1, nulls: 1 };
    const trials = (count: number) => new Array<typeof trial>(count).fill(trial);
    const said: string[] = [];
    announceFit(trials(100), (text) => said.push(text));
    expect(said).toEqual([]);
    announceFit(trials(5_000), (text) => said.push(text));
    expect(said.join()).toMatch(/5,000 sets of channels: this takes about 10 seconds/);
    expect(() => announceFit(trials(100_000), () => {})).toThrow(Problem);
    announcePaths(900_000, (text) => said.push(text));
    announcePaths(2_000_000, (text) => said.push(text));
    expect(said.slice(1)).toEqual(['2,000,000 distinct paths: presence takes about 10 seconds.']);
  });
});
