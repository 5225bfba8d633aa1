/** The distinct channels of a journey, found in time proportional to its length. */
import type { Channels } from '../journeys/channels.ts';
import { widenInt32 } from '../journeys/growable.ts';

export class DistinctChannels {
  readonly #channels: Channels;
  /** The distinct channels of the last journey, in `[0, size)`, in the order of their first touch. */
  ids = new Int32Array(16);
  size = 0;
  /** Per channel: the last journey that it was seen in, and how often there. */
  #seen = new Int32Array(16);
  #times = new Int32Array(16);
  #journey = 0;

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  read(touches: Int32Array, length: number): void {
    this.#turn();
    this.size = 0;
    for (let at = 0; at < length; at += 1) {
      const channel = touches[at] ?? 0;
      if (this.#seen[channel] === this.#journey) {
        this.#times[channel] = (this.#times[channel] ?? 0) + 1;
        continue;
      }
      this.#seen[channel] = this.#journey;
      this.#times[channel] = 1;
      this.ids[this.size] = channel;
      this.size += 1;
    }
  }

  /** How often the channel is in the last journey; only for channels that are. */
  times(channel: number): number {
    return this.#times[channel] ?? 0;
  }

  #turn(): void {
    const { size } = this.#channels;
    this.ids = widenInt32(this.ids, size);
    this.#seen = widenInt32(this.#seen, size);
    this.#times = widenInt32(this.#times, size);
    if (this.#journey === 0x7fffffff) {
      this.#seen.fill(0);
      this.#journey = 0;
    }
    this.#journey += 1;
  }
}
