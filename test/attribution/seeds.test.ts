/** A matrix of seeds: what must not depend on chance does not, and what is drawn errs as much as it says. */
import { describe, expect, it } from 'vitest';
import { fitHazard } from '../../src/attribution/hazard/fit.ts';
import { Channels } from '../../src/attribution/journeys/channels.ts';
import { JourneyTable } from '../../src/attribution/journeys/table.ts';
import { chainOf } from '../../src/attribution/markov/chain.ts';
import { TransitionCounts } from '../../src/attribution/markov/counts.ts';
import { chooseOrder } from '../../src/attribution/markov/order.ts';
import { chainGame } from '../../src/attribution/shapley/games.ts';
import { shapleySampled } from '../../src/attribution/shapley/sampled.ts';
import { shapleyValues } from '../../src/attribution/shapley/value.ts';
import { scenarioIds, scenarios } from '../../src/attribution/simulate/scenarios.ts';
import { misallocated, simulate } from '../../src/attribution/simulate/world.ts';
import { bootstrapHere } from '../../src/attribution/uncertainty/bootstrap.ts';
import { intervalOf } from '../../src/attribution/uncertainty/interval.ts';
import { denseMarkov, doubles } from './paths/dense.ts';
import { credit, feed, type Row } from './paths/journeys.ts';
import { crossing } from './paths/random.ts';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

describe.each(seeds)('seed %i', (seed) => {
  it.each([1, 2, 3, 4])('Markov of order %i is that of the dense solution', (order) => {
    for (const channels of [4, 8]) {
      const given = crossing({ channels, journeys: 40, mean: 5, seed });
      const expected = denseMarkov(given, order, { math: doubles }).credit;
      for (const one of credit(`markov:${order}`, given)) {
        const { conversions = 0, value = 0 } = expected.get(one.channel) ?? {};
        expect(Math.abs(one.conversions - conversions)).toBeLessThanOrEqual(1e-9 * Math.max(1, conversions));
        expect(Math.abs(one.value - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, value));
      }
    }
  });

  it.each(scenarioIds)('the hazard model finds the causes of a small world %s about right', (id) => {
    const { observations, truth } = simulate(scenarios[id], 6_000, 100 + seed);
    const { shares, converged } = fitHazard(observations);
    const all = [...shares.channels, shares.baseline];
    expect(converged).toBe(true);
    expect(all.every((share) => share >= 0)).toBe(true);
    expect(all.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    // Some 400 conversions: no rule comes nearer than 0.35.
    expect(misallocated(shares, truth)).toBeLessThan(0.25);
  });
});

describe('over seeds', () => {
  const given = crossing({ channels: 9, journeys: 300, mean: 5, seed: 3 });

  it('sampled Shapley values miss by what their errors say', () => {
    const channels = new Channels();
    const counts = new TransitionCounts(channels, 1);
    feed(counts, channels, given);
    const chain = chainOf(counts);
    const game = chainGame(chain, chain.conversions);
    const exact = shapleyValues(game, { pairs: 2, seed: 1 }).values;
    const misses = seeds.flatMap((seed) => {
      const { values, errors } = shapleySampled(exact.length, game.worth, { pairs: 200, seed });
      return [...values].map((value, player) => (value - (exact[player] ?? 0)) / (errors[player] ?? 1));
    });
    const typical = Math.sqrt(misses.reduce((sum, miss) => sum + miss ** 2, 0) / misses.length);
    expect(typical).toBeGreaterThan(0.7);
    expect(typical).toBeLessThan(1.3);
  });

  it('the order is the same however the journeys are dealt into folds', () => {
    const orders = seeds.map((seed) => chooseOrder(tableOf(given), seed).order);
    expect(new Set(orders).size).toBe(1);
  });

  it('intervals of other resamples are nearly the same', () => {
    const { basis } = fitHazard(simulate(scenarios.A, 6_000, 9).observations);
    const baseline = [1, 2, 3].map((seed) => {
      const made = bootstrapHere(basis, { resamples: 100, seed });
      return intervalOf(
        made.map(({ shares }) => shares.at(-1) ?? 0),
        0.95,
      );
    });
    const widths = baseline.map(({ low, high }) => high - low);
    expect(Math.max(...widths) / Math.min(...widths)).toBeLessThan(1.5);
    expect(new Set(baseline.map(({ low }) => low)).size).toBe(3);
  });
});

function tableOf(given: readonly Row[]): JourneyTable {
  const channels = new Channels();
  const table = new JourneyTable(channels);
  feed(table, channels, given);
  return table;
}
