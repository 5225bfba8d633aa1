/**
 * Every model of paths once more, straight from its definition: journey by journey, order of joining by order of
 * joining, and a dense system with pivoting for each removed channel. Slow, plain, and nothing shared with the engine.
 */
import { denseMarkov, doubles } from '../paths/dense.ts';
import type { Row } from '../paths/journeys.ts';

export interface PlainCredit {
  readonly conversions: number;
  readonly value: number;
}

/** By channel, in the order of the names. */
export type PlainCredits = Readonly<Record<string, PlainCredit>>;

type Weigh = (touches: readonly string[]) => readonly number[];

const halfLifeDays = 7;

const rules: Readonly<Record<string, Weigh>> = {
  first: (touches) => touches.map((_, at) => (at === 0 ? 1 : 0)),
  last: (touches) => touches.map((_, at) => (at === touches.length - 1 ? 1 : 0)),
  'last-non-direct': (touches) => {
    const chosen = touches.findLastIndex((channel) => channel !== 'Direct');
    return touches.map((_, at) => (at === (chosen < 0 ? touches.length - 1 : chosen) ? 1 : 0));
  },
  linear: (touches) => touches.map(() => 1),
  // One day between touches.
  'time-decay': (touches) => touches.map((_, at) => 2 ** (-(touches.length - 1 - at) / halfLifeDays)),
  position: (touches) =>
    touches.length < 3
      ? touches.map(() => 1)
      : touches.map((_, at) => (at === 0 || at === touches.length - 1 ? 0.4 : 0.2 / (touches.length - 2))),
};

/** All models, by name. */
export function plainCredits(given: readonly Row[]): Record<string, PlainCredits> {
  const channels = [...new Set(given.flatMap(({ path }) => path.split('>')))].sort();
  return {
    ...Object.fromEntries(
      Object.entries(rules).map(([name, weigh]) => [name, byRule(given, channels, weigh)] as const),
    ),
    ...Object.fromEntries([1, 2, 3, 4].map((order) => [`markov:${order}`, byMarkov(given, order)] as const)),
    shapley: byOrders(given, channels),
  };
}

function byRule(given: readonly Row[], channels: readonly string[], weigh: Weigh): PlainCredits {
  const share = (row: Row, channel: string) => {
    const touches = row.path.split('>');
    const weights = weigh(touches);
    return sum(weights.filter((_, at) => touches[at] === channel)) / sum(weights);
  };
  return credits(channels, (channel, amount) =>
    sum(given.map((row) => (amount(row) === 0 ? 0 : amount(row) * share(row, channel)))),
  );
}

function byMarkov(given: readonly Row[], order: number): PlainCredits {
  return Object.fromEntries(denseMarkov(given, order, { math: doubles }).credit);
}

/** What a channel adds to the journeys that need nobody else, on average over all orders of joining. */
function byOrders(given: readonly Row[], channels: readonly string[]): PlainCredits {
  const sets = given.map((row) => ({ row, needs: [...new Set(row.path.split('>'))] }));
  const orders = permutations(channels);
  return credits(channels, (channel, amount) => {
    const added = orders.map((order) => {
      const here = order.indexOf(channel);
      const mine = sets.filter(
        ({ needs }) => needs.includes(channel) && needs.every((one) => order.indexOf(one) <= here),
      );
      return sum(mine.map(({ row }) => amount(row)));
    });
    return sum(added) / orders.length;
  });
}

function permutations(items: readonly string[]): string[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    permutations(items.filter((one) => one !== first)).map((rest) => [first, ...rest]),
  );
}

function credits(
  channels: readonly string[],
  credit: (channel: string, amount: (row: Row) => number) => number,
): PlainCredits {
  return Object.fromEntries(
    channels.map((channel) => [
      channel,
      {
        conversions: credit(channel, ({ conversions }) => conversions),
        value: credit(channel, ({ value }) => Number(value ?? 0)),
      },
    ]),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
