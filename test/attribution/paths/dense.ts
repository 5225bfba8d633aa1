/**
 * The Markov removal effects once more, by other means: states are strings in a map, and for each removed channel a
 * dense system is solved by elimination with pivoting, in floating point or in exact fractions. Slow and plain on
 * purpose; it shares nothing with what it judges.
 */
import type { Row } from './journeys.ts';

/** The four operations, so that one solver works in doubles and in fractions. */
export interface Arithmetic<N> {
  of(integer: number): N;
  plus(a: N, b: N): N;
  minus(a: N, b: N): N;
  times(a: N, b: N): N;
  over(a: N, b: N): N;
  /** For the choice of the pivot. */
  size(a: N): number;
  number(a: N): number;
}

export const doubles: Arithmetic<number> = {
  of: (integer) => integer,
  plus: (a, b) => a + b,
  minus: (a, b) => a - b,
  times: (a, b) => a * b,
  over: (a, b) => a / b,
  size: Math.abs,
  number: (a) => a,
};

export interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

export const fractions: Arithmetic<Fraction> = {
  of: (integer) => ({ top: BigInt(integer), bottom: 1n }),
  plus: (a, b) => reduced(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom),
  minus: (a, b) => reduced(a.top * b.bottom - b.top * a.bottom, a.bottom * b.bottom),
  times: (a, b) => reduced(a.top * b.top, a.bottom * b.bottom),
  over: (a, b) => reduced(a.top * b.bottom, a.bottom * b.top),
  size: (a) => (a.top === 0n ? 0 : 1),
  number: (a) => Number((a.top * 10n ** 30n) / a.bottom) / 1e30,
};

function reduced(top: bigint, bottom: bigint): Fraction {
  let [a, b] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom];
  while (b > 0n) [a, b] = [b, a % b];
  const sign = bottom < 0n ? -1n : 1n;
  return a === 0n ? { top: 0n, bottom: 1n } : { top: (sign * top) / a, bottom: (sign * bottom) / a };
}

interface State {
  readonly channels: ReadonlySet<string>;
  readonly next: Map<string, number>;
  starts: number;
  conversions: number;
  nulls: number;
  /** In whole units. */
  value: number;
}

/** Credit by channel: conversions and value. `P(conversion)` of the chain is handed back too. */
export function denseMarkov<N>(
  given: readonly Row[],
  order: number,
  { math }: { math: Arithmetic<N> },
): { credit: Map<string, { conversions: number; value: number }>; probability: number } {
  const states = countStates(given, order);
  const channels = [...new Set(given.flatMap(({ path }) => path.split('>')))].sort();
  const conversions = sum(given.map((row) => row.conversions));
  const value = sum(given.map((row) => Number(row.value ?? 0)));
  const journeys = conversions + sum(given.map((row) => row.nulls));
  const chance = (removed: string | undefined, worth: (state: State) => number) =>
    solve(states, removed, worth, journeys, math);
  const effects = (worth: (state: State) => number) => {
    const whole = chance(undefined, worth);
    const none = math.size(whole) === 0;
    return channels.map((channel) =>
      none ? 0 : math.number(math.minus(math.of(1), math.over(chance(channel, worth), whole))),
    );
  };
  const byConversions = effects((state) => state.conversions);
  const byValue = effects((state) => state.value);
  const share = (all: readonly number[], index: number) => (sum(all) > 0 ? (all[index] ?? 0) / sum(all) : 0);
  return {
    credit: new Map(
      channels.map((channel, index) => [
        channel,
        { conversions: share(byConversions, index) * conversions, value: share(byValue, index) * value },
      ]),
    ),
    probability: math.number(chance(undefined, (state) => state.conversions)),
  };
}

function countStates(given: readonly Row[], order: number): Map<string, State> {
  const states = new Map<string, State>();
  const at = (window: readonly string[]): State => {
    const key = window.join('>');
    const state = states.get(key) ?? {
      channels: new Set(window),
      next: new Map(),
      starts: 0,
      conversions: 0,
      nulls: 0,
      value: 0,
    };
    states.set(key, state);
    return state;
  };
  for (const row of given) {
    const touches = row.path.split('>');
    const windows =
      touches.length < order
        ? [touches]
        : touches.slice(order - 1).map((_, index) => touches.slice(index, index + order));
    const kept = windows.filter((window, index) => window.join('>') !== windows[index - 1]?.join('>'));
    const weight = row.conversions + row.nulls;
    kept.forEach((window, index) => {
      const state = at(window);
      if (index === 0) state.starts += weight;
      const following = kept[index + 1]?.join('>');
      if (following !== undefined) state.next.set(following, (state.next.get(following) ?? 0) + weight);
      else {
        state.conversions += row.conversions;
        state.nulls += row.nulls;
        state.value += Number(row.value ?? 0);
      }
    });
  }
  return states;
}

/** Expected worth per journey of the chain in which states with the channel lead to nothing. */
function solve<N>(
  states: ReadonlyMap<string, State>,
  removed: string | undefined,
  worth: (state: State) => number,
  journeys: number,
  math: Arithmetic<N>,
): N {
  const alive = [...states].filter(
    ([, state]) =>
      state.conversions + state.nulls + sum([...state.next.values()]) > 0 &&
      (removed === undefined || !state.channels.has(removed)),
  );
  const index = new Map(alive.map(([key], place) => [key, place]));
  const rows = alive.map(([, state], place) => {
    const row = alive.map((_, column) => math.of(column === place ? 1 : 0));
    const out = math.of(state.conversions + state.nulls + sum([...state.next.values()]));
    for (const [key, count] of state.next) {
      const column = index.get(key);
      if (column !== undefined)
        row[column] = math.minus(row[column] ?? math.of(0), math.over(math.of(count), out));
    }
    return [...row, math.over(math.of(worth(state)), out)];
  });
  const solution = eliminated(rows, math);
  return alive.reduce(
    (all, [, state], place) =>
      math.plus(
        all,
        math.times(math.over(math.of(state.starts), math.of(journeys)), solution[place] ?? math.of(0)),
      ),
    math.of(0),
  );
}

/** Gauss–Jordan with pivoting; the last column is the right side. */
function eliminated<N>(rows: N[][], math: Arithmetic<N>): N[] {
  const zero = math.of(0);
  for (let pivot = 0; pivot < rows.length; pivot += 1) {
    let best = pivot;
    for (let row = pivot; row < rows.length; row += 1)
      if (math.size(rows[row]?.[pivot] ?? zero) > math.size(rows[best]?.[pivot] ?? zero)) best = row;
    const [top, other] = [rows[best] ?? [], rows[pivot] ?? []];
    rows[pivot] = top;
    if (best !== pivot) rows[best] = other;
    const scale = top[pivot] ?? zero;
    const scaled = top.map((cell) => math.over(cell, scale));
    rows[pivot] = scaled;
    rows.forEach((row, place) => {
      const factor = row[pivot] ?? zero;
      if (place === pivot || math.size(factor) === 0) return;
      rows[place] = row.map((cell, column) => math.minus(cell, math.times(factor, scaled[column] ?? zero)));
    });
  }
  return rows.map((row) => row.at(-1) ?? zero);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
