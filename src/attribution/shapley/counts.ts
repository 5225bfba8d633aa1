/**
 * Counts for the closed form of the Shapley value (Zhao, Mahboobi, Bagheri, "Shapley value methods for attribution
 * modeling in online advertising", 2018): when a coalition is worth the conversions of the journeys that need no
 * channel outside it, each conversion is shared equally by the distinct channels of its journey. No coalition is
 * ever looked at, and one that nobody saw cannot count as worthless.
 */
import { type ChannelCredit, creditOf } from '../credit.ts';
import type { Channels } from '../journeys/channels.ts';
import type { JourneySink, Outcome } from '../journeys/sink.ts';
import { OutcomeSums } from '../journeys/sums.ts';
import { DistinctChannels } from './distinct.ts';

export class ShapleyCounts implements JourneySink {
  readonly #channels: Channels;
  readonly #distinct: DistinctChannels;
  /** By number of distinct channels in the journey; slots are channels. */
  readonly #bySize: (OutcomeSums | undefined)[] = [];

  constructor(channels: Channels) {
    this.#channels = channels;
    this.#distinct = new DistinctChannels(channels);
  }

  add(touches: Int32Array, length: number, outcome: Outcome): void {
    if (outcome.conversions === 0) return;
    const distinct = this.#distinct;
    distinct.read(touches, length);
    const sums = this.#sums(distinct.size);
    for (let at = 0; at < distinct.size; at += 1) sums.add(distinct.ids[at] ?? 0, outcome);
  }

  credit(): ChannelCredit[] {
    const conversions = new Float64Array(this.#channels.size);
    const values = new Float64Array(this.#channels.size);
    this.#bySize.forEach((sums, size) => {
      for (let channel = 0; sums && channel < conversions.length; channel += 1) {
        conversions[channel] = (conversions[channel] ?? 0) + (sums.conversions[channel] ?? 0) / size;
        values[channel] = (values[channel] ?? 0) + sums.value(channel) / size;
      }
    });
    return creditOf(
      this.#channels,
      (id) => conversions[id] ?? 0,
      (id) => values[id] ?? 0,
    );
  }

  #sums(size: number): OutcomeSums {
    const sums = this.#bySize[size] ?? new OutcomeSums();
    this.#bySize[size] = sums;
    sums.reserve(this.#channels.size);
    return sums;
  }
}
