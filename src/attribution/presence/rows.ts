/** Journeys by their path, and by the set of channels that they contain; nothing depends on what was read first. */
import { decimalNumber } from '../journeys/decimal.ts';
import type { JourneyTable } from '../journeys/table.ts';

/** Journeys of one kind, with what became of them. */
export interface Tally {
  conversions: number;
  nulls: number;
  /** Of the conversions together. */
  units: number;
  nanos: number;
}

export interface SetRow extends Tally {
  /** Places in the order of the names, ascending; at least one. */
  readonly channels: readonly number[];
}

/** A distinct path, its channels as places in the order of the names. */
export interface PathRow extends Tally {
  readonly path: readonly number[];
  /** Its distinct channels, ascending. */
  readonly channels: readonly number[];
}

/** Read anew each time, as millions of them would fill the memory. Their order is that in which they came. */
export function pathsIn(table: JourneyTable): Iterable<PathRow> {
  return { [Symbol.iterator]: () => pathRows(table) };
}

function* pathRows(table: JourneyTable): Generator<PathRow> {
  const place = placesOf(table);
  const touches = new Int32Array(table.longest);
  for (let journey = 0; journey < table.size; journey += 1) {
    const conversions = table.outcomes.conversions[journey] ?? 0;
    const nulls = table.nulls[journey] ?? 0;
    if (conversions + nulls === 0) continue;
    const length = table.read(journey, touches);
    const path = Array.from(touches.subarray(0, length), (channel) => place[channel] ?? 0);
    yield { path, channels: distinct(path), conversions, nulls, ...table.outcomes.decimal(journey) };
  }
}

/** In the order of their channels. */
export function setRows(rows: Iterable<PathRow>): SetRow[] {
  const sets = new Map<string, SetRow>();
  for (const row of rows) {
    const key = row.channels.join();
    const set = sets.get(key) ?? { channels: row.channels, ...nothing };
    addTo(set, row);
    sets.set(key, set);
  }
  return [...sets.values()].sort((one, other) => byPlaces(one.channels, other.channels));
}

export const nothing: Readonly<Tally> = { conversions: 0, nulls: 0, units: 0, nanos: 0 };

/** Whole numbers all of them, so that the sum is exact. */
export function addTo(sum: Tally, { conversions, nulls, units, nanos }: Tally): void {
  sum.conversions += conversions;
  sum.nulls += nulls;
  sum.units += units;
  sum.nanos += nanos;
}

export function distinct(path: readonly number[]): number[] {
  const sorted = path.length > 1 ? [...path].sort((a, b) => a - b) : path;
  return sorted.filter((channel, at) => at === 0 || channel !== sorted[at - 1]);
}

export function journeysOf({ conversions, nulls }: Tally): number {
  return conversions + nulls;
}

export function worthOf({ units, nanos }: Tally): number {
  return decimalNumber(units, nanos);
}

function placesOf({ channels }: JourneyTable): Int32Array {
  const places = new Int32Array(channels.size);
  channels.sorted().forEach((id, place) => {
    places[id] = place;
  });
  return places;
}

export function byPlaces(one: readonly number[], other: readonly number[]): number {
  for (let at = 0; at < one.length && at < other.length; at += 1)
    if (one[at] !== other[at]) return (one[at] ?? 0) - (other[at] ?? 0);
  return one.length - other.length;
}
