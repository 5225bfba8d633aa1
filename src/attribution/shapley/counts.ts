/**
 * Counts for the closed forms of the Shapley value (Zhao, Mahboobi, Bagheri, "Shapley value methods for attribution
 * modeling in online advertising", 2018): when a coalition is worth the conversions of the journeys that need no
 * channel outside it, each conversion is shared equally by the distinct channels of its journey. No coalition is
 * ever looked at, and one that nobody saw cannot count as worthless.
 */
import { type ChannelCredit, creditOf } from '../credit.ts';
import type { Channels } from '../journeys/channels.ts';
import { widenInt32 } from '../journeys/growable.ts';
import type { JourneySink } from '../journeys/sink.ts';
import { OutcomeSums } from '../journeys/sums.ts';

export class ShapleyCounts implements JourneySink {
  readonly channels: Channels;
  /** By number of distinct channels in the journey; slots are channels. */
  readonly #bySize: (OutcomeSums | undefined)[] = [];
  /** Per channel, the last journey that it was seen in. */
  #seen = new Int32Array(16);
  #distinct = new Int32Array(16);
  #journey = 0;

  constructor(channels: Channels) {
    this.channels = channels;
  }

  add(
    touches: Int32Array,
    length: number,
    conversions: number,
    _nulls: number,
    units: number,
    nanos: number,
  ): void {
    if (conversions === 0) return;
    const size = this.#distinctOf(touches, length);
    const sums = this.#sums(size);
    for (let at = 0; at < size; at += 1) sums.add(this.#distinct[at] ?? 0, conversions, units, nanos);
  }

  credit(): ChannelCredit[] {
    const conversions = new Float64Array(this.channels.size);
    const values = new Float64Array(this.channels.size);
    for (const key of Object.keys(this.#bySize)) {
      const size = Number(key);
      const sums = this.#bySize[size];
      if (!sums) continue;
      for (let channel = 0; channel < conversions.length; channel += 1) {
        conversions[channel] = (conversions[channel] ?? 0) + (sums.conversions[channel] ?? 0) / size;
        values[channel] = (values[channel] ?? 0) + sums.value(channel) / size;
      }
    }
    return creditOf(
      this.channels,
      (id) => conversions[id] ?? 0,
      (id) => values[id] ?? 0,
    );
  }

  #distinctOf(touches: Int32Array, length: number): number {
    this.#journey = this.#journey === 0x7fffffff ? 1 : this.#journey + 1;
    if (this.#journey === 1) this.#seen.fill(0);
    this.#seen = widenInt32(this.#seen, this.channels.size);
    this.#distinct = widenInt32(this.#distinct, this.channels.size);
    let size = 0;
    for (let at = 0; at < length; at += 1) {
      const channel = touches[at] ?? 0;
      if (this.#seen[channel] === this.#journey) continue;
      this.#seen[channel] = this.#journey;
      this.#distinct[size] = channel;
      size += 1;
    }
    return size;
  }

  #sums(size: number): OutcomeSums {
    const sums = this.#bySize[size] ?? new OutcomeSums();
    this.#bySize[size] = sums;
    sums.reserve(this.channels.size);
    return sums;
  }
}
