import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Channels } from '../../../src/attribution/journeys/channels.ts';
import { type Chain, chainOf } from '../../../src/attribution/markov/chain.ts';
import { TransitionCounts } from '../../../src/attribution/markov/counts.ts';
import { bySweeps, removalEffects, solvedRate } from '../../../src/attribution/markov/removal.ts';
import { denseMarkov, doubles, fractions } from './dense.ts';
import { credit, feed, type Row } from './journeys.ts';
import { crossing, journeys } from './random.ts';

const orders = [1, 2, 3, 4] as const;

function chain(given: readonly Row[], order: number): Chain {
  const channels = new Channels();
  const counts = new TransitionCounts(channels, order);
  feed(counts, channels, given);
  return chainOf(counts);
}

/** Within 1e-9, of 1 or of the number where it is larger. */
function expectClose(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, expected));
}

function expectDense(given: readonly Row[], order: number): void {
  const expected = denseMarkov(given, order, { math: doubles }).credit;
  for (const one of credit(`markov:${order}`, given)) {
    expectClose(one.conversions, expected.get(one.channel)?.conversions ?? 0);
    expectClose(one.value, expected.get(one.channel)?.value ?? 0);
  }
}

describe.each(orders)('Markov of order %i', (order) => {
  it('equals a dense solution in doubles', () => {
    fc.assert(
      fc.property(journeys({ channels: 5, longest: 9, most: 30 }), (given) => expectDense(given, order)),
      { numRuns: 300, seed: 1 },
    );
  });

  it('equals a dense solution in exact fractions', () => {
    fc.assert(
      fc.property(journeys({ channels: 3, longest: 5, most: 6 }), (given) => {
        const expected = denseMarkov(given, order, { math: fractions }).credit;
        for (const one of credit(`markov:${order}`, given))
          expectClose(one.conversions, expected.get(one.channel)?.conversions ?? 0);
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('equals a dense solution where journeys are long and seldom cross over', () => {
    expectDense(crossing({ channels: order < 3 ? 10 : 4, journeys: 80, mean: 60, seed: 3 }), order);
  });

  it('converts at the rate that was counted', () => {
    fc.assert(
      fc.property(journeys({ channels: 4, longest: 8, most: 12 }), (given) => {
        const { conversions, ...rest } = chain(given, order);
        fc.pre(conversions.some((count) => count > 0));
        expect(solvedRate({ conversions, ...rest })).toBeCloseTo(1, 11);
      }),
      { numRuns: 2_500, seed: 4 },
    );
  });

  it('gives no negative credit, and all that there is', () => {
    fc.assert(
      fc.property(journeys({ channels: 6, longest: 12, most: 25 }), (given) => {
        const found = credit(`markov:${order}`, given);
        const total = given.reduce((all, row) => all + row.conversions, 0);
        expect(found.every((one) => one.conversions >= 0 && one.value >= 0)).toBe(true);
        expectClose(
          found.reduce((all, one) => all + one.conversions, 0),
          total,
        );
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('gives the same bytes whatever the order of the journeys', () => {
    const given = crossing({ channels: 12, journeys: 120, mean: 8, seed: 6 });
    expect(credit(`markov:${order}`, [...given].reverse())).toEqual(credit(`markov:${order}`, given));
  });
});

describe('order 1', () => {
  it('gives by one inverse what the sweeps give', () => {
    const one = chain(crossing({ channels: 40, journeys: 400, mean: 20, seed: 7 }), 1);
    const [inverse, sweeps] = [removalEffects(one), bySweeps(one)];
    inverse.conversions.forEach((effect, channel) => {
      expect(effect).toBeCloseTo(sweeps.conversions[channel] ?? 0, 11);
    });
    expect(Math.max(...inverse.conversions)).toBeGreaterThan(0.1);
  });
});
