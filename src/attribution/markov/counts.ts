/**
 * Transition counts of a Markov chain of order 1 to 4, kept up to date journey by journey.
 *
 * A state is a window of `order` touches; a journey shorter than that is one state. Windows slide by one touch, and
 * equal consecutive states are one. Journeys start in their first state and end, from their last, in a conversion or
 * in nothing; every step counts once for each journey, converted or not.
 *
 * States are nodes of a trie of channels. `steps` knows, for a node and a channel, the node that follows: one touch
 * deeper while the window fills, the slid window from then on.
 */
import type { Channels } from '../journeys/channels.ts';
import { widenFloat64, widenInt32, widenUint8 } from '../journeys/growable.ts';
import { PairTable } from '../journeys/pairs.ts';
import type { JourneySink } from '../journeys/sink.ts';
import { OutcomeSums } from '../journeys/sums.ts';

const root = 0;

export class TransitionCounts implements JourneySink {
  readonly channels: Channels;
  readonly order: number;
  readonly steps = new PairTable();
  /** Per step: the node it leads to, and how many journeys took it (0 while the window fills). */
  targets = new Int32Array(16);
  taken = new Float64Array(16);
  nodes = 1;
  /** Per node: touches in its window, the window itself (`order` channels, oldest first). */
  depths = new Uint8Array(16);
  windows = new Int32Array(64);
  /** Per node: journeys that start in it; that end in it, by outcome. */
  starts = new Float64Array(16);
  nulls = new Float64Array(16);
  readonly ends = new OutcomeSums();

  /** @param order touches a state remembers, 1 to 4 */
  constructor(channels: Channels, order: number) {
    this.channels = channels;
    this.order = order;
  }

  add(
    touches: Int32Array,
    length: number,
    conversions: number,
    nulls: number,
    units: number,
    nanos: number,
  ): void {
    const journeys = conversions + nulls;
    const { order, steps } = this;
    let node = root;
    let at = 0;
    for (; at < order && at < length; at += 1) node = this.#step(node, touches[at] ?? 0);
    this.starts[node] = (this.starts[node] ?? 0) + journeys;
    for (; at < length; at += 1) {
      const channel = touches[at] ?? 0;
      let step = steps.find(node, channel);
      if (step < 0) step = this.#grow(node, channel);
      const next = this.targets[step] ?? 0;
      if (next === node) continue;
      this.taken[step] = (this.taken[step] ?? 0) + journeys;
      node = next;
    }
    this.nulls[node] = (this.nulls[node] ?? 0) + nulls;
    this.ends.add(node, conversions, units, nanos);
  }

  #step(node: number, channel: number): number {
    const step = this.steps.find(node, channel);
    return this.targets[step < 0 ? this.#grow(node, channel) : step] ?? 0;
  }

  /** A step that no journey took before. */
  #grow(node: number, channel: number): number {
    const step = this.steps.insert(node, channel);
    const target = this.depths[node] === this.order ? this.#slid(node, channel) : this.#deeper(node, channel);
    this.targets = widenInt32(this.targets, step + 1);
    this.taken = widenFloat64(this.taken, step + 1);
    this.targets[step] = target;
    return step;
  }

  /** The node of the window without its oldest touch and with `channel`. */
  #slid(node: number, channel: number): number {
    let target = root;
    for (let at = 1; at < this.order; at += 1)
      target = this.#step(target, this.windows[node * this.order + at] ?? 0);
    return this.#step(target, channel);
  }

  #deeper(node: number, channel: number): number {
    const { order } = this;
    const target = this.nodes;
    const depth = this.depths[node] ?? 0;
    this.nodes += 1;
    this.depths = widenUint8(this.depths, this.nodes);
    this.windows = widenInt32(this.windows, this.nodes * order);
    this.starts = widenFloat64(this.starts, this.nodes);
    this.nulls = widenFloat64(this.nulls, this.nodes);
    this.ends.reserve(this.nodes);
    this.depths[target] = depth + 1;
    this.windows.copyWithin(target * order, node * order, node * order + depth);
    this.windows[target * order + depth] = channel;
    return target;
  }
}
