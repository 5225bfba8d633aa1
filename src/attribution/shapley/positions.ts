/**
 * The Shapley value by position (Zhao, Mahboobi, Bagheri 2018, the "ordered" form): a channel's part of a journey is
 * spread equally over the positions that it holds there. Over all positions it is the plain Shapley value.
 */
import type { Channels } from '../journeys/channels.ts';
import { widenFloat64 } from '../journeys/growable.ts';
import { ontoGrid, ShareSums } from '../journeys/shares.ts';
import type { JourneySink, Outcome } from '../journeys/sink.ts';
import { DistinctChannels } from './distinct.ts';

/** Positions from this one on are counted together. */
const lastPosition = 20;

export class PositionedCounts implements JourneySink {
  readonly #channels: Channels;
  readonly #distinct: DistinctChannels;
  readonly #byPosition = Array.from({ length: lastPosition }, () => new ShareSums());
  #steps = new Float64Array(16);

  constructor(channels: Channels) {
    this.#channels = channels;
    this.#distinct = new DistinctChannels(channels);
  }

  add(touches: Int32Array, length: number, { conversions }: Outcome): void {
    if (conversions === 0) return;
    this.#distinct.read(touches, length);
    this.#steps = widenFloat64(this.#steps, length);
    for (let at = 0; at < length; at += 1) this.#steps[at] = 1 / this.#distinct.times(touches[at] ?? 0);
    ontoGrid(this.#steps, length);
    for (let at = 0; at < length; at += 1) {
      const sums = this.#byPosition[Math.min(at, lastPosition - 1)];
      sums?.reserve(this.#channels.size);
      sums?.add(touches[at] ?? 0, this.#steps[at] ?? 0, conversions);
    }
  }

  /** Conversions that the channel earned at positions 1, 2 …; the last number is for that position and all later. */
  positions(channel: number): number[] {
    const found = this.#byPosition.map((sums) => sums.sum(channel));
    return found.slice(0, 1 + found.findLastIndex((conversions) => conversions > 0));
  }
}
