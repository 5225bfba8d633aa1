/**
 * The states of a chain in an order in which steps lead ahead, as far as that is possible: strongly connected
 * components, one after the other along the steps. What has no cycles is then solved by walking through it once.
 * Two depth-first walks (Kosaraju, Sharir 1981).
 */
import type { Links } from './links.ts';

export interface Components {
  /** All states, component by component; no step leads to an earlier component. */
  readonly states: Int32Array;
  /** Component `c` holds `states[starts[c] … starts[c + 1])`. */
  readonly starts: Int32Array;
  /** The component of each state. */
  readonly of: Int32Array;
}

/** @param incoming the same links as `outgoing`, turned round */
export function componentsOf(outgoing: Links, incoming: Links): Components {
  const size = outgoing.starts.length - 1;
  const of = new Int32Array(size).fill(-1);
  const order = finishingOrder(outgoing);
  const open = new Int32Array(size);
  let components = 0;
  for (let at = size - 1; at >= 0; at -= 1) {
    const first = order[at] ?? 0;
    if (of[first] !== -1) continue;
    gather(first, components, incoming, of, open);
    components += 1;
  }
  const walk = outgoing.states.length < denseFrom * size ? order.toReversed() : Int32Array.from(of.keys());
  return { ...grouped(of, components, walk), of };
}

/**
 * Links per state. Where there are fewer, chains are long threads, and a sweep carries a change along a thread only
 * if it walks ahead; where there are more, it lives on neighbours in the numbers being neighbours in memory.
 */
const denseFrom = 4;

/** States in the order in which a depth-first walk along the links leaves them for good. */
function finishingOrder({ starts, states }: Links): Int32Array {
  const size = starts.length - 1;
  const order = new Int32Array(size);
  const path = new Int32Array(size);
  const next = starts.slice(0, size);
  const met = new Uint8Array(size);
  let finished = 0;
  for (let root = 0; root < size; root += 1) {
    if (met[root] === 1) continue;
    met[root] = 1;
    path[0] = root;
    for (let depth = 0; depth >= 0; ) {
      const state = path[depth] ?? 0;
      const link = next[state] ?? 0;
      if (link === starts[state + 1]) {
        order[finished] = state;
        finished += 1;
        depth -= 1;
        continue;
      }
      next[state] = link + 1;
      const target = states[link] ?? 0;
      if (met[target] === 1) continue;
      met[target] = 1;
      depth += 1;
      path[depth] = target;
    }
  }
  return order;
}

/** Gives the component to all states without one from which `first` can be reached. */
function gather(first: number, component: number, incoming: Links, of: Int32Array, open: Int32Array): void {
  of[first] = component;
  open[0] = first;
  for (let waiting = 1; waiting > 0; ) {
    waiting -= 1;
    const state = open[waiting] ?? 0;
    const end = incoming.starts[state + 1] ?? 0;
    for (let link = incoming.starts[state] ?? 0; link < end; link += 1) {
      const source = incoming.states[link] ?? 0;
      if (of[source] !== -1) continue;
      of[source] = component;
      open[waiting] = source;
      waiting += 1;
    }
  }
}

/** @param walk all states, in the order in which a component is to hold its own */
function grouped(
  of: Int32Array,
  components: number,
  walk: Int32Array,
): { states: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(components + 1);
  for (const component of of) starts[component + 1] = (starts[component + 1] ?? 0) + 1;
  for (let at = 0; at < components; at += 1) starts[at + 1] = (starts[at + 1] ?? 0) + (starts[at] ?? 0);
  const next = starts.slice();
  const states = new Int32Array(of.length);
  for (const state of walk) {
    const component = of[state] ?? 0;
    const slot = next[component] ?? 0;
    next[component] = slot + 1;
    states[slot] = state;
  }
  return { states, starts };
}
