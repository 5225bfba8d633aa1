/**
 * The chain that counts describe, in an order that depends on the counts alone: channels by name, states by their
 * channels, steps by where they come from and lead to. So the same journeys give the same chain to the last bit,
 * however and whenever they were counted.
 */
import type { TransitionCounts } from './counts.ts';

/** Sparse rows: row `r` holds the entries `starts[r]` to `starts[r + 1]`. */
export interface Links {
  readonly starts: Int32Array;
  readonly states: Int32Array;
  readonly counts: Float64Array;
}

export interface Chain {
  readonly order: number;
  /** By name. States speak of them by index. */
  readonly channels: readonly string[];
  readonly size: number;
  /** `order` channels per state, oldest first; -1 fills the windows of journeys that are shorter. */
  readonly windows: Int32Array;
  /** Per state, journeys: that were ever in it (each stay counts), that start in it, that end in it. */
  readonly visits: Float64Array;
  readonly starts: Float64Array;
  readonly conversions: Float64Array;
  readonly nulls: Float64Array;
  /** Value of the conversions out of the state. */
  readonly values: Float64Array;
  /** Steps between states, each with the number of journeys that took it: by source, and by target. */
  readonly outgoing: Links;
  readonly incoming: Links;
}

export function chainOf(counts: TransitionCounts): Chain {
  const { order, channels } = counts;
  const sorted = channels.sorted();
  const rank = new Int32Array(sorted.length);
  sorted.forEach((id, place) => {
    rank[id] = place;
  });
  const visits = visitsOf(counts);
  const nodes = orderedStates(counts, rank, visits);
  const place = new Int32Array(counts.nodes).fill(-1);
  nodes.forEach((node, state) => {
    place[node] = state;
  });
  const windows = new Int32Array(nodes.length * order).fill(-1);
  nodes.forEach((node, state) => {
    for (let at = 0; at < (counts.depths[node] ?? 0); at += 1)
      windows[state * order + at] = rank[counts.windows[node * order + at] ?? 0] ?? 0;
  });
  const pick = (of: (node: number) => number) => Float64Array.from(nodes, of);
  const incoming = bySource(counts, place, nodes.length);
  const outgoing = transposed(incoming);
  return {
    order,
    channels: sorted.map((id) => channels.names[id] ?? ''),
    size: nodes.length,
    windows,
    visits: pick((node) => visits[node] ?? 0),
    starts: pick((node) => counts.starts[node] ?? 0),
    conversions: pick((node) => counts.ends.conversions[node] ?? 0),
    nulls: pick((node) => counts.nulls[node] ?? 0),
    values: pick((node) => counts.ends.value(node)),
    outgoing,
    incoming: transposed(outgoing),
  };
}

/** A journey is in a state because it starts there or steps there. */
function visitsOf(counts: TransitionCounts): Float64Array {
  const visits = counts.starts.slice(0, counts.nodes);
  for (let step = 0; step < counts.steps.size; step += 1) {
    const target = counts.targets[step] ?? 0;
    visits[target] = (visits[target] ?? 0) + (counts.taken[step] ?? 0);
  }
  return visits;
}

/** Nodes that journeys were in, by their channels: a radix sort, the last touch first. */
function orderedStates(counts: TransitionCounts, rank: Int32Array, visits: Float64Array): Int32Array {
  const { order, windows, depths } = counts;
  let nodes: Int32Array = Int32Array.from(visits.keys()).filter((node) => (visits[node] ?? 0) > 0);
  for (let at = order - 1; at >= 0; at -= 1) {
    const digit = (node: number) =>
      at < (depths[node] ?? 0) ? 1 + (rank[windows[node * order + at] ?? 0] ?? 0) : 0;
    nodes = sortedBy(nodes, digit, rank.length + 1);
  }
  return nodes;
}

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

/** Steps that were taken, in rows by target; within a row in no certain order yet. */
function bySource(counts: TransitionCounts, place: Int32Array, size: number): Links {
  const { steps, targets, taken } = counts;
  const starts = new Int32Array(size + 1);
  for (let step = 0; step < steps.size; step += 1)
    if ((taken[step] ?? 0) > 0) {
      const row = place[targets[step] ?? 0] ?? 0;
      starts[row + 1] = (starts[row + 1] ?? 0) + 1;
    }
  for (let row = 0; row < size; row += 1) starts[row + 1] = (starts[row + 1] ?? 0) + (starts[row] ?? 0);
  const next = starts.slice();
  const states = new Int32Array(starts[size] ?? 0);
  const weights = new Float64Array(states.length);
  for (let step = 0; step < steps.size; step += 1) {
    const weight = taken[step] ?? 0;
    if (weight === 0) continue;
    const row = place[targets[step] ?? 0] ?? 0;
    const slot = next[row] ?? 0;
    next[row] = slot + 1;
    states[slot] = place[steps.firsts[step] ?? 0] ?? 0;
    weights[slot] = weight;
  }
  return { starts, states, counts: weights };
}

/** Rows become columns; each new row is ordered, because the old rows are walked in order. */
function transposed({ starts, states, counts }: Links): Links {
  const size = starts.length - 1;
  const turned = new Int32Array(size + 1);
  for (const state of states) turned[state + 1] = (turned[state + 1] ?? 0) + 1;
  for (let row = 0; row < size; row += 1) turned[row + 1] = (turned[row + 1] ?? 0) + (turned[row] ?? 0);
  const next = turned.slice();
  const links = {
    starts: turned,
    states: new Int32Array(states.length),
    counts: new Float64Array(states.length),
  };
  for (let row = 0; row < size; row += 1)
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1) {
      const state = states[at] ?? 0;
      const slot = next[state] ?? 0;
      next[state] = slot + 1;
      links.states[slot] = row;
      links.counts[slot] = counts[at] ?? 0;
    }
  return links;
}
