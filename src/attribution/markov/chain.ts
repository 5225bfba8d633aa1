/**
 * The chain that counts describe, in an order that depends on the counts alone: channels by name, states by their
 * channels, steps by where they come from and lead to. So the same journeys give the same chain to the last bit,
 * however and whenever they were counted.
 */
import type { TransitionCounts } from './counts.ts';
import { type Links, rowStarts, turned } from './links.ts';

export interface Chain {
  readonly order: number;
  /** By name. States speak of them by index. */
  readonly channels: readonly string[];
  readonly size: number;
  /** `order` channels per state, oldest first; -1 in front fills the windows of journeys that are shorter. */
  readonly windows: Int32Array;
  /** Per state, journeys: that were ever in it (each stay counts), that start in it, that end in it. */
  readonly visits: Float64Array;
  readonly starts: Float64Array;
  readonly conversions: Float64Array;
  readonly nulls: Float64Array;
  /** Value of the conversions out of the state. */
  readonly values: Float64Array;
  /** Steps between states, each with the number of journeys that took it, in rows by source. */
  readonly outgoing: Links;
}

/** Reads the counts, which may go on being counted; windows in which no journey is (any more) are no states. */
export function chainOf(counts: TransitionCounts): Chain {
  const { order, channels } = counts;
  const sorted = channels.sorted();
  const steps = stepsTaken(counts);
  const visits = visitsOf(counts, steps);
  const { places, windows } = orderedStates(counts, ranksOf(sorted), visits);
  const state = new Int32Array(counts.windows.size);
  for (let index = 0; index < places.length; index += 1) state[places[index] ?? 0] = index;
  const pick = (of: (place: number) => number) => Float64Array.from(places, of);
  return {
    order,
    channels: sorted.map((id) => channels.names[id] ?? ''),
    size: places.length,
    windows,
    visits: pick((place) => visits[place] ?? 0),
    starts: pick((place) => counts.starts[place] ?? 0),
    conversions: pick((place) => counts.ends.conversions[place] ?? 0),
    nulls: pick((place) => counts.nulls[place] ?? 0),
    values: pick((place) => counts.ends.value(place)),
    outgoing: linksOf(steps, state, places.length),
  };
}

/** The place of each channel id among the names. */
function ranksOf(sorted: readonly number[]): Int32Array {
  const ranks = new Int32Array(sorted.length);
  sorted.forEach((id, rank) => {
    ranks[id] = rank;
  });
  return ranks;
}

interface Steps {
  /** Places of windows. */
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly counts: Float64Array;
}

function stepsTaken({ steps, taken, windows, order }: TransitionCounts): Steps {
  const { radix } = steps.numbering;
  const top = radix ** order;
  let size = 0;
  for (let place = 0; place < steps.size; place += 1) if ((taken[place] ?? 0) > 0) size += 1;
  const sources = new Int32Array(size);
  const targets = new Int32Array(size);
  const counts = new Float64Array(size);
  for (let place = 0, next = 0; next < size; place += 1) {
    const count = taken[place] ?? 0;
    if (count <= 0) continue;
    const gram = steps.gram(place);
    sources[next] = windows.place(Math.floor(gram / radix));
    targets[next] = windows.place(gram - Math.floor(gram / top) * top);
    counts[next] = count;
    next += 1;
  }
  return { sources, targets, counts };
}

/** A journey is in a state because it starts there or steps there. */
function visitsOf({ starts, windows }: TransitionCounts, { targets, counts }: Steps): Float64Array {
  const visits = new Float64Array(windows.size);
  visits.set(starts.subarray(0, windows.size));
  for (let step = 0; step < targets.length; step += 1) {
    const target = targets[step] ?? 0;
    visits[target] = (visits[target] ?? 0) + (counts[step] ?? 0);
  }
  return visits;
}

/** Windows that journeys were in, by their channels: a radix sort, the last touch first. */
function orderedStates(
  { order, windows }: TransitionCounts,
  ranks: Int32Array,
  visits: Float64Array,
): { places: Int32Array; windows: Int32Array } {
  const { radix } = windows.numbering;
  const visited = Int32Array.from(visits.keys()).filter((place) => (visits[place] ?? 0) > 0);
  const digits = new Int32Array(visited.length * order);
  visited.forEach((place, index) => {
    let rest = windows.gram(place);
    for (let at = order - 1; at >= 0; at -= 1) {
      const digit = rest % radix;
      digits[index * order + at] = digit === 0 ? -1 : (ranks[digit - 1] ?? 0);
      rest = (rest - digit) / radix;
    }
  });
  let sorted: Int32Array = Int32Array.from(visited.keys());
  for (let at = order - 1; at >= 0; at -= 1)
    sorted = sortedBy(sorted, (index) => 1 + (digits[index * order + at] ?? 0), ranks.length + 1);
  const inOrder = new Int32Array(digits.length);
  sorted.forEach((index, state) => {
    inOrder.set(digits.subarray(index * order, index * order + order), state * order);
  });
  return { places: sorted.map((index) => visited[index] ?? 0), windows: inOrder };
}

/** A counting sort: stable, items with digits below `digits`. */
function sortedBy(items: Int32Array, digit: (item: number) => number, digits: number): Int32Array {
  const next = new Int32Array(digits + 1);
  for (const item of items) next[digit(item) + 1] = (next[digit(item) + 1] ?? 0) + 1;
  for (let at = 1; at <= digits; at += 1) next[at] = (next[at] ?? 0) + (next[at - 1] ?? 0);
  const result = new Int32Array(items.length);
  for (const item of items) {
    const slot = next[digit(item)] ?? 0;
    next[digit(item)] = slot + 1;
    result[slot] = item;
  }
  return result;
}

/** Steps in rows by source, each row by target: put in rows by target first, then turned. */
function linksOf({ sources, targets, counts }: Steps, state: Int32Array, size: number): Links {
  const starts = rowStarts(targets, state, size);
  const next = starts.slice();
  const states = new Int32Array(sources.length);
  const weights = new Float64Array(sources.length);
  for (let step = 0; step < sources.length; step += 1) {
    const row = state[targets[step] ?? 0] ?? 0;
    const slot = next[row] ?? 0;
    next[row] = slot + 1;
    states[slot] = state[sources[step] ?? 0] ?? 0;
    weights[slot] = counts[step] ?? 0;
  }
  return turned({ starts, states, counts: weights });
}
