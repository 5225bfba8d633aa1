import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Channels } from '../../../src/attribution/journeys/channels.ts';
import { JourneyTable } from '../../../src/attribution/journeys/table.ts';
import { chainOf } from '../../../src/attribution/markov/chain.ts';
import { TransitionCounts } from '../../../src/attribution/markov/counts.ts';
import { chainShapley } from '../../../src/attribution/shapley/chain.ts';
import { shapleyExact } from '../../../src/attribution/shapley/exact.ts';
import { chainGame, containedGame, shaoLiGame } from '../../../src/attribution/shapley/games.ts';
import { shapleySampled } from '../../../src/attribution/shapley/sampled.ts';
import { shapleyValues } from '../../../src/attribution/shapley/value.ts';
import { conversions, credit, feed, type Row, rows } from './journeys.ts';
import { chance, crossing, journeys } from './random.ts';

const sampling = { pairs: 500, seed: 1 };

function table(given: readonly Row[]): JourneyTable {
  const channels = new Channels();
  const result = new JourneyTable(channels);
  feed(result, channels, given);
  return result;
}

function chain(given: readonly Row[]) {
  const channels = new Channels();
  const counts = new TransitionCounts(channels, 1);
  feed(counts, channels, given);
  return chainOf(counts);
}

/** The mean over all orders of joining, one by one. */
function byOrders(players: number, worth: (coalition: number) => number): number[] {
  const orders = (left: readonly number[]): number[][] =>
    left.length === 0
      ? [[]]
      : left.flatMap((first) => orders(left.filter((one) => one !== first)).map((rest) => [first, ...rest]));
  const all = orders(Array.from({ length: players }, (_, player) => player));
  const values = Array.from({ length: players }, () => 0);
  for (const order of all) {
    let coalition = 0;
    for (const player of order) {
      const before = worth(coalition);
      coalition |= 1 << player;
      values[player] = (values[player] ?? 0) + (worth(coalition) - before) / all.length;
    }
  }
  return values;
}

describe('exact values', () => {
  it('are the mean over all orders of joining', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer(), (players, seed) => {
        const next = chance(seed);
        const worths = Array.from({ length: 2 ** players }, (_, set) => (set === 0 ? 0 : next()));
        const worth = (coalition: number) => worths[coalition] ?? 0;
        const expected = byOrders(players, worth);
        shapleyExact(players, worth).forEach((value, player) => {
          expect(value).toBeCloseTo(expected[player] ?? 0, 12);
        });
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('are for twenty players at most', () => {
    expect(() => shapleyExact(21, () => 0)).toThrow(RangeError);
    expect(shapleyExact(20, (coalition) => coalition & 1)[0]).toBeCloseTo(1, 9);
  });
});

describe('the closed form', () => {
  it('is the Shapley value of the contained journeys', () => {
    fc.assert(
      fc.property(journeys({ channels: 5, longest: 6, most: 20 }), (given) => {
        const counted = table(given);
        const { values } = shapleyValues(containedGame(counted), sampling);
        for (const model of ['shapley', 'shapley-ordered']) {
          const found = conversions(model, given);
          counted.channels.names.forEach((name, id) => {
            expect(found[name]).toBeCloseTo(values[id] ?? 0, 9);
          });
        }
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('by position spreads a channel over the places that it holds', () => {
    const [a, b] = credit('shapley-ordered', rows('a>b>a 4 0', 'b 1 5'));
    expect(a).toMatchObject({ channel: 'a', conversions: 2, positions: [1, 0, 1] });
    expect(b).toMatchObject({ channel: 'b', conversions: 3, positions: [1, 2] });
  });
});

describe('sampled values', () => {
  const given = crossing({ channels: 10, journeys: 300, mean: 5, seed: 3 });
  const game = chainGame(chain(given), chain(given).conversions);
  const exact = shapleyValues(game, sampling).values;

  it('lie within a few of their standard errors of the exact ones, and sum to the whole', () => {
    const { values, errors } = shapleySampled(exact.length, game.worth, { pairs: 400, seed: 7 });
    values.forEach((value, player) => {
      expect(Math.abs(value - (exact[player] ?? 0))).toBeLessThan(5 * (errors[player] ?? 0));
    });
    const sum = (all: Float64Array) => all.reduce((before, one) => before + one, 0);
    expect(sum(values)).toBeCloseTo(sum(exact), 9);
    expect(Math.max(...errors)).toBeGreaterThan(0);
  });

  it('are the same for the same seed and others for another', () => {
    const draw = (seed: number) => shapleySampled(exact.length, game.worth, { pairs: 5, seed }).values;
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('are what more than twenty channels get, with their error', () => {
    const many = crossing({ channels: 24, journeys: 200, mean: 4, seed: 4 });
    const found = chainShapley(chain(many), { pairs: 20, seed: 1 });
    expect(Math.max(...found.map(({ error }) => error ?? 0))).toBeGreaterThan(0);
    const total = many.reduce((all, row) => all + row.conversions, 0);
    expect(found.reduce((all, one) => all + one.conversions, 0)).toBeCloseTo(total, 9);
    expect(found.every((one) => one.conversions >= 0 && one.value >= 0)).toBe(true);
  });
});

describe('the game of Shao and Li', () => {
  it('gives their marginal credit, which is not all of the conversions', () => {
    const counted = table(rows('a 3 1', 'b 1 3'));
    expect([...shapleyValues(shaoLiGame(counted), sampling).values]).toEqual([2.25, 0.25]);
  });
});
