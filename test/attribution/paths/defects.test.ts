/** What other engines get wrong, kept from coming here. */
import { describe, expect, it } from 'vitest';
import { allocate } from '../../../src/attribution/allocate.ts';
import { compared } from '../../../src/attribution/compare.ts';
import { pathModelNames } from '../../../src/attribution/path-models.ts';
import { shapleyExact } from '../../../src/attribution/shapley/exact.ts';
import { denseMarkov, doubles } from './dense.ts';
import { conversions, credit, type Row, rows } from './journeys.ts';
import { chance, crossing } from './random.ts';

const sum = (all: readonly number[]) => all.reduce((before, one) => before + one, 0);

describe('defects of other engines', () => {
  it('simulation: a rare channel gets nothing, or something else with each seed', () => {
    const given = rows('a 100000 900000', 'a>rare 1 0', 'rare>a 1 9');
    const [first, second] = [conversions('markov:1', given), conversions('markov:1', [...given].reverse())];
    expect(first.rare).toBeGreaterThan(0);
    expect(second).toEqual(first);
    const exact = denseMarkov(given, 1, { math: doubles }).credit.get('rare')?.conversions ?? 0;
    expect(first.rare).toBeCloseTo(exact, 9);
  });

  it.each([
    [50, 3],
    [40, 4],
  ])('size: %i channels at order %i are too many', (channels, order) => {
    const given = crossing({ channels, journeys: 400, mean: 12, seed: 1 });
    const found = credit(`markov:${order}`, given);
    expect(found).toHaveLength(channels);
    expect(sum(found.map((one) => one.conversions))).toBeCloseTo(sum(given.map((row) => row.conversions)), 6);
  });

  it('coalitions that nobody saw are worth nothing, and credit becomes negative', () => {
    const given = rows('a 10 0', 'b 10 0', 'c>b>a 1 0');
    const seen = new Map([
      ['1', 10],
      ['2', 10],
      ['7', 1],
    ]);
    const naive = shapleyExact(3, (coalition) => seen.get(String(coalition)) ?? 0);
    expect(Math.min(...naive)).toBeLessThan(0);
    expect(Math.min(...Object.values(conversions('shapley', given)))).toBeGreaterThan(0);
  });

  it('summing observed paths without the channel is no removal effect', () => {
    const given = rows('a>b 3 1', 'b>a 1 4', 'a 2 5');
    const withoutB = sum(given.filter(({ path }) => !path.includes('b')).map((row) => row.conversions));
    const observed = 1 - withoutB / 6;
    const exact = credit('markov:1', given).find(({ channel }) => channel === 'b')?.removalEffect ?? 0;
    expect(Math.abs(exact - observed)).toBeGreaterThan(0.01);
  });

  it.each(pathModelNames)('%s hands out all conversions and all their value, and no more', (model) => {
    const given = crossing({ channels: 8, journeys: 200, mean: 6, seed: 2 });
    const found = credit(model, given);
    expect(sum(found.map((one) => one.conversions))).toBeCloseTo(sum(given.map((row) => row.conversions)), 9);
    expect(sum(found.map((one) => one.value))).toBeCloseTo(sum(given.map((row) => Number(row.value))), 6);
    expect(found.every((one) => one.conversions >= 0 && one.value >= 0)).toBe(true);
  });

  it('value is lost when equal paths are put together', () => {
    const found = credit('markov:1', rows('a>b 1 0 10.10', 'a>b 1 0 20.20', 'a>b 0 3', 'a 1 1 0.05'));
    expect(sum(found.map((one) => one.value))).toBeCloseTo(30.35, 12);
  });

  it('2^K coalitions are walked for what has a closed form', () => {
    const path = Array.from({ length: 60 }, (_, at) => `c${at}`).join('>');
    const found = conversions('shapley', [{ path, conversions: 60, nulls: 0 }]);
    expect(Object.values(found)).toEqual(Array.from({ length: 60 }, () => 1));
  });

  it('no model sums to the cent', () => {
    const given = crossing({ channels: 11, journeys: 300, mean: 5, seed: 3 });
    const total = sum(given.map((row) => row.conversions));
    const names = pathModelNames.filter((name) => name !== 'shapley:markov');
    const all = Object.fromEntries(names.map((name) => [name, credit(name, given)]));
    const side = compared(all, { conversions: total * 100, value: 123_456_789 });
    for (const name of names) {
      expect(sum(side.map((row) => row.conversions[name] ?? 0))).toBe(total * 100);
      expect(sum(side.map((row) => row.value[name] ?? 0))).toBe(123_456_789);
    }
  });

  it('cents are lost or made when totals are large', () => {
    const next = chance(4);
    for (let run = 0; run < 2_000; run += 1) {
      const shares = Array.from({ length: 1 + Math.floor(next() * 12) }, () => next() ** 8);
      const total = Math.floor(next() * Number.MAX_SAFE_INTEGER);
      expect(sum(allocate(total, shares))).toBe(total);
    }
  });
});

describe('extremes', () => {
  const models = pathModelNames;
  const channelsOf = (count: number) => Array.from({ length: count }, (_, at) => `c${at}`);
  const cases: readonly (readonly [string, readonly Row[], number])[] = [
    ['no conversions', rows('a>b 0 5', 'b 0 1'), 0],
    ['only conversions', rows('a>b 5 0', 'b 1 0'), 6],
    ['one channel', rows('a>a>a 3 4'), 3],
    ['a line that counts nothing', rows('a>b 0 0', 'a 1 0'), 1],
    ['one line that counts nothing', rows('a>b 0 0'), 0],
  ];

  it.each(models)('%s defines them', (model) => {
    for (const [, given, total] of cases) {
      const found = credit(model, given);
      expect(sum(found.map((one) => one.conversions))).toBeCloseTo(total, 12);
      expect(found.every((one) => one.conversions >= 0 && one.value >= 0)).toBe(true);
    }
  });

  it.each(models)('%s stands ten thousand touches in one journey', (model) => {
    const next = chance(5);
    const path = Array.from({ length: 10_000 }, () => `c${Math.floor(next() * 7)}`).join('>');
    const found = credit(model, [{ path, conversions: 2, nulls: 1 }, ...rows('c1>c2 1 4')]);
    expect(sum(found.map((one) => one.conversions))).toBeCloseTo(3, 9);
    expect(found.every((one) => one.conversions >= 0)).toBe(true);
  });

  it.each([
    'first',
    'linear',
    'time-decay',
    'position',
    'shapley',
    'shapley-ordered',
    'presence',
  ])('%s stands five thousand channels', (model) => {
    const names = channelsOf(5_000);
    const given = [
      { path: names.join('>'), conversions: 5_000, nulls: 0 },
      ...names.map((path) => ({ path, conversions: 1, nulls: 1 })),
    ];
    const found = credit(model, given);
    expect(found).toHaveLength(5_000);
    expect(sum(found.map((one) => one.conversions))).toBeCloseTo(10_000, 6);
  });

  it.each([1, 2, 4])('markov:%i counts with hashed windows what it counts with plain ones', (order) => {
    const given = crossing({ channels: 8, journeys: 60, mean: 6, seed: 6 });
    // Channels without weight in the end, but many: windows are numbered and found in another way.
    const crowd = Array.from({ length: 5_000 >> (order - 1) }, (_, at) => `x${at}`);
    const many = [...given, { path: crowd.join('>'), conversions: 0, nulls: 0 }];
    const found = credit(`markov:${order}`, many).filter(({ channel }) => channel.startsWith('c'));
    expect(found).toEqual(credit(`markov:${order}`, given));
  });
});
