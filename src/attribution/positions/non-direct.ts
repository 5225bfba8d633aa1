/** Last non-direct touch: all to the last touch whose channel is not direct, to the last one if all are. */
import { type ChannelCredit, creditOf } from '../credit.ts';
import type { Channels } from '../journeys/channels.ts';
import type { JourneySink, Outcome } from '../journeys/sink.ts';
import { OutcomeSums } from '../journeys/sums.ts';
import { isDirect } from '../rulebook.ts';

export class NonDirectCounts implements JourneySink {
  readonly #channels: Channels;
  readonly #isDirect: (channel: string) => boolean;
  /** By channel id, as far as names were looked at. */
  readonly #direct: boolean[] = [];
  readonly #sums = new OutcomeSums();

  constructor(channels: Channels, directNames: readonly string[]) {
    this.#channels = channels;
    this.#isDirect = isDirect(directNames);
  }

  add(touches: Int32Array, length: number, outcome: Outcome): void {
    if (outcome.conversions === 0) return;
    const { names } = this.#channels;
    for (let id = this.#direct.length; id < names.length; id += 1)
      this.#direct.push(this.#isDirect(names[id] ?? ''));
    let at = length - 1;
    while (at > 0 && this.#direct[touches[at] ?? 0]) at -= 1;
    const allDirect = this.#direct[touches[at] ?? 0];
    this.#sums.reserve(names.length);
    this.#sums.add(touches[allDirect ? length - 1 : at] ?? 0, outcome);
  }

  credit(): ChannelCredit[] {
    return creditOf(
      this.#channels,
      (id) => this.#sums.conversions[id] ?? 0,
      (id) => this.#sums.value(id),
    );
  }
}
