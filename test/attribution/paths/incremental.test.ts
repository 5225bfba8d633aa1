/** Counts kept up to date journey by journey, against counting everything anew. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Channels } from '../../../src/attribution/journeys/channels.ts';
import { OutcomeSums } from '../../../src/attribution/journeys/sums.ts';
import { JourneyTable } from '../../../src/attribution/journeys/table.ts';
import { pathModel, usualPathSettings } from '../../../src/attribution/path-models.ts';
import { credit, feed, type Row } from './journeys.ts';
import { crossing, journeys } from './random.ts';

const models = [
  'first',
  'last',
  'last-non-direct',
  'linear',
  'time-decay',
  'position',
  'markov:1',
  'markov:2',
  'markov:3',
  'markov:4',
  'shapley',
  'shapley-ordered',
];

/** Values that doubles cannot add up without rounding. */
function withCents(given: readonly Row[]): Row[] {
  return given.map((row, at) => ({
    ...row,
    value: row.conversions > 0 ? `${at * 37}.${10 + (at % 90)}` : '0',
  }));
}

describe.each(models)('%s', (model) => {
  const anyJourneys = journeys({ channels: 5, longest: 8, most: 15 }).map(withCents);

  it('is to the last bit what a batch gives, after adding and taking out', () => {
    fc.assert(
      fc.property(anyJourneys, anyJourneys, (kept, erased) => {
        const channels = new Channels();
        const { counts, credit: creditNow } = pathModel(model, channels, usualPathSettings);
        feed(counts, channels, erased);
        creditNow();
        feed(counts, channels, kept);
        feed(counts, channels, erased, -1);
        const names = new Set(kept.flatMap(({ path }) => path.split('>')));
        const left = creditNow().credit.filter(({ channel }) => names.has(channel));
        expect(left).toEqual(credit(model, kept));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('does not depend on the order of the journeys, nor on how they are put together', () => {
    const given = withCents(crossing({ channels: 30, journeys: 80, mean: 6, seed: 2 }));
    const single = given.flatMap((row) => [row, row, row]);
    const triple = given.map((row) => ({
      ...row,
      conversions: 3 * row.conversions,
      nulls: 3 * row.nulls,
      value: (3 * Number(row.value)).toFixed(2),
    }));
    expect(credit(model, single.toReversed())).toEqual(credit(model, triple));
  });
});

describe('distinct journeys', () => {
  it('are kept once, with their counts, and hand over what they were given', () => {
    fc.assert(
      fc.property(journeys({ channels: 3, longest: 5, most: 40 }), (given) => {
        const channels = new Channels();
        const table = new JourneyTable(channels);
        feed(table, channels, given);
        expect(table.size).toBe(new Set(given.map(({ path }) => path)).size);
        const { counts, credit: creditNow } = pathModel('markov:2', channels, usualPathSettings);
        table.feed(counts);
        expect(creditNow().credit).toEqual(credit('markov:2', given));
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it('are told apart when they are many and their channels are too', () => {
    const channels = new Channels();
    const table = new JourneyTable(channels);
    const given = Array.from({ length: 70_000 }, (_, at) => ({
      path: `c${at}>c${at >> 1}`,
      conversions: 1,
      nulls: 0,
    }));
    feed(table, channels, [...given, ...given]);
    expect(table.size).toBe(70_000);
    const touches = new Int32Array(2);
    expect(table.read(69_999, touches)).toBe(2);
    expect([...touches].map((id) => channels.names[id])).toEqual(['c69999', 'c34999']);
    expect(table.outcomes.conversions[69_999]).toBe(2);
  });
});

describe('sums of values', () => {
  it('carry billionths into units and borrow them back, so that a sum has one form only', () => {
    const sums = new OutcomeSums();
    sums.add(0, { conversions: 1, units: 1, nanos: 600_000_000 });
    sums.add(0, { conversions: 1, units: 0, nanos: 700_000_000 });
    expect(sums.decimal(0)).toEqual({ units: 2, nanos: 300_000_000 });
    sums.add(0, { conversions: -1, units: -1, nanos: -600_000_000 });
    expect(sums.decimal(0)).toEqual({ units: 0, nanos: 700_000_000 });
  });
});
