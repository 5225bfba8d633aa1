/**
 * Counts for the rules that look at a touch's place only: per length of journey and channel, how often it came
 * first, last, and between in journeys that converted. First, last, linear and every position rule follow from them.
 */
import type { Channels } from '../journeys/channels.ts';
import type { JourneySink, Outcome } from '../journeys/sink.ts';
import { OutcomeSums } from '../journeys/sums.ts';

/** Slots of a channel within the sums of one length. */
export const places = { first: 0, last: 1, between: 2 } as const;
export const placesPerChannel = 3;

export class PositionCounts implements JourneySink {
  readonly channels: Channels;
  /** Of journeys with one touch, only `first` is counted. */
  readonly #byLength: (OutcomeSums | undefined)[] = [];

  constructor(channels: Channels) {
    this.channels = channels;
  }

  add(touches: Int32Array, length: number, outcome: Outcome): void {
    if (outcome.conversions === 0) return;
    const sums = this.#sums(length);
    sums.add((touches[0] ?? 0) * placesPerChannel + places.first, outcome);
    if (length > 1) sums.add((touches[length - 1] ?? 0) * placesPerChannel + places.last, outcome);
    for (let at = 1; at < length - 1; at += 1)
      sums.add((touches[at] ?? 0) * placesPerChannel + places.between, outcome);
  }

  /** Lengths that occur, with their sums, ascending. */
  *lengths(): Generator<readonly [length: number, sums: OutcomeSums]> {
    const present = Object.keys(this.#byLength)
      .map(Number)
      .sort((a, b) => a - b);
    for (const length of present) {
      const sums = this.#byLength[length];
      if (sums) yield [length, sums];
    }
  }

  #sums(length: number): OutcomeSums {
    const sums = this.#byLength[length] ?? new OutcomeSums();
    this.#byLength[length] = sums;
    sums.reserve(this.channels.size * placesPerChannel);
    return sums;
  }
}
