/**
 * What ends a journey: its conversion, or the watch. Where conversions end journeys, those that convert are cut short,
 * and whatever else was met on the way looks as if it kept people from converting (immortal-time bias): a comparison
 * of whole journeys then tells nonsense. Two signs give it away among journeys through the same channels: those that
 * convert are shorter; or it matters which channel came last, while nothing that came earlier matters at all.
 */
import type { PathRow } from './rows.ts';
import { Strata, type Surplus } from './strata.ts';

export type Ending = 'conversion' | 'watch';

export interface EndingSigns {
  readonly ending: Ending;
  /** Touches that converting journeys have beyond others through the same channels; relative, below 0 for fewer. */
  readonly longer: Surplus;
  /** The channel whose being last matters most, among journeys through the same channels. */
  readonly last: Surplus;
  /** Whether channels met earlier matter among journeys of the same length and the same last channel. */
  readonly earlierMatters: boolean;
  /** Whether it matters which of its channels a journey ends with. */
  readonly orderMatters: boolean;
}

/** Standard errors. Chance alone makes journeys that much shorter once in 700 times; of many channels one is the last. */
const surelyShorter = 3;
const surelyLast = 3.5;
/** Of the touches, or conversions; less is of no consequence. */
const least = 0.05;

export function endingOf(rows: Iterable<PathRow>): EndingSigns {
  const [lengths, lasts, before] = [new Strata(), new Strata(), new Strata()];
  for (const row of rows) {
    const last = row.path.at(-1) ?? 0;
    const set = row.channels.join();
    lengths.add(set, row, [[touches, row.path.length]]);
    if (row.channels.length > 1) lasts.add(set, row, [[last, 1]]);
    before.add(`${last} ${row.path.length}`, row, others(row.channels, last));
  }
  const longer = lengths.surplus().get(touches) ?? nothingSeen;
  const last = strongest([...lasts.surplus().values()]);
  const earlier = [...before.surplus().values()];
  const surprise = earlier.reduce((sum, { errors }) => sum + errors ** 2, 0);
  const earlierMatters = surprise > earlier.length + 3 * Math.sqrt(2 * earlier.length);
  const orderMatters = Math.abs(last.errors) > surelyLast && Math.abs(last.relative) > least;
  const shorter = longer.errors < -surelyShorter && longer.relative < -least;
  const ending = shorter || (orderMatters && !earlierMatters) ? 'conversion' : 'watch';
  return { ending, longer, last, earlierMatters, orderMatters };
}

/** What is counted where it is no channel. */
const touches = -1;
const nothingSeen: Surplus = { errors: 0, relative: 0 };

function others(channels: readonly number[], last: number): (readonly [number, number])[] {
  return channels.flatMap((channel) => (channel === last ? [] : [[channel, 1] as const]));
}

function strongest(all: readonly Surplus[]): Surplus {
  return all.reduce(
    (one, other) => (Math.abs(other.errors) > Math.abs(one.errors) ? other : one),
    nothingSeen,
  );
}
