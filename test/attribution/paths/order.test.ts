/** Which order of a Markov chain the journeys speak for. */
import { describe, expect, it } from 'vitest';
import { Channels } from '../../../src/attribution/journeys/channels.ts';
import { JourneyTable } from '../../../src/attribution/journeys/table.ts';
import { chooseOrder, type OrderChoice } from '../../../src/attribution/markov/order.ts';
import { credit, feed, type Row } from './journeys.ts';
import { chance } from './random.ts';

const channels = 6;

/** Journeys in which the next touch follows, half of the time, from the `memory` touches before it. */
function remembering(memory: number, journeys: number, seed: number): Row[] {
  const next = chance(seed);
  return Array.from({ length: journeys }, () => {
    const touches: number[] = [];
    do {
      const before = touches.slice(-memory).reduce((all, touch, at) => all + touch * (2 * at + 1), 1);
      const follows = memory > 0 && touches.length >= memory && next() < 0.5;
      touches.push(follows ? before % channels : Math.floor(next() * channels));
    } while (next() < 0.8);
    const conversions = next() < 0.2 ? 1 : 0;
    return { path: touches.map((touch) => `c${touch}`).join('>'), conversions, nulls: 1 - conversions };
  });
}

function choice(given: readonly Row[], seed = 1): OrderChoice {
  const names = new Channels();
  const table = new JourneyTable(names);
  feed(table, names, given);
  return chooseOrder(table, seed);
}

describe('the order', () => {
  it.each([1, 2, 3])('is the one that the journeys have: %i', (memory) => {
    const found = choice(remembering(memory, 6_000, memory));
    expect(found.order).toBe(memory);
    expect(found.losses).toHaveLength(4);
  });

  it.each([
    1, 2, 3, 4, 5,
  ])('is 1 where nothing tells conversions or touches apart (folds of seed %i)', (seed) => {
    const found = choice(remembering(0, 2_000, seed + 10), seed);
    expect(found.order).toBe(1);
    expect(found.statement).toBe('There is no evidence for a higher order than 1.');
  });

  it('is not moved by how the journeys are ordered or put together', () => {
    const given = remembering(2, 1_000, 20);
    expect(choice(given.toReversed())).toEqual(choice(given));
  });

  it('is 1 for one journey, and for journeys of one touch', () => {
    expect(choice([{ path: 'a>b>c', conversions: 1, nulls: 0 }]).order).toBe(1);
    expect(choice([{ path: 'a', conversions: 30, nulls: 70 }]).order).toBe(1);
  });

  it('is the order of markov:auto', () => {
    const given = remembering(2, 4_000, 21);
    expect(credit('markov:auto', given)).toEqual(credit('markov:2', given));
  });
});
