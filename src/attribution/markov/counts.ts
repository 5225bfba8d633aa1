/**
 * Transition counts of a Markov chain of order 1 to 4, kept up to date journey by journey.
 *
 * A state is a window of `order` touches; a journey shorter than that is one state. Windows slide by one touch, and
 * equal consecutive states are one. Journeys start in their first state and end, from their last, in a conversion or
 * in nothing; every step counts once for each journey, converted or not.
 */
import { Problem } from '../../support/problem.ts';
import type { Channels } from '../journeys/channels.ts';
import { widenFloat64 } from '../journeys/growable.ts';
import type { JourneySink, Outcome } from '../journeys/sink.ts';
import { OutcomeSums } from '../journeys/sums.ts';
import { GramTable, mostChannels, type Numbering, numbering, numberingFor, recoded } from './grams.ts';

export class TransitionCounts implements JourneySink {
  readonly channels: Channels;
  readonly order: number;
  /** Steps by their `order + 1` channels, and the journeys that took them. */
  steps: GramTable;
  taken: Float64Array<ArrayBuffer>;
  /** Windows, and the journeys that start in them; that end in them, by outcome. */
  windows: GramTable;
  starts: Float64Array<ArrayBuffer>;
  nulls: Float64Array<ArrayBuffer>;
  ends: OutcomeSums;

  /**
   * @param order touches that a state remembers, 1 to 4
   * @throws Problem here and in `add`, where there are more channels than the order has room for
   */
  constructor(channels: Channels, order: number) {
    this.channels = channels;
    this.order = order;
    const { radix, direct, ...rest } = roomFor(channels.size, order);
    this.steps = new GramTable({ radix, direct, ...rest });
    this.windows = new GramTable(numbering(radix, order, direct));
    this.taken = new Float64Array(this.steps.size);
    this.starts = new Float64Array(this.windows.size);
    this.nulls = new Float64Array(this.windows.size);
    this.ends = new OutcomeSums();
    this.ends.reserve(this.windows.size);
  }

  add(touches: Int32Array, length: number, outcome: Outcome): void {
    if (this.channels.size >= this.steps.numbering.radix) this.#widen();
    const { order, steps } = this;
    const { radix } = steps.numbering;
    const top = this.windows.numbering.places;
    const { conversions, nulls } = outcome;
    const journeys = conversions + nulls;
    const filled = Math.min(order, length);
    let window = 0;
    for (let at = 0; at < filled; at += 1) window = window * radix + (touches[at] ?? 0) + 1;
    const start = this.#windowPlace(window);
    this.starts[start] = (this.starts[start] ?? 0) + journeys;
    for (let at = order; at < length; at += 1) {
      const step = window * radix + (touches[at] ?? 0) + 1;
      const next = step - ((touches[at - order] ?? 0) + 1) * top;
      if (next === window) continue;
      const place = steps.place(step);
      if (place >= this.taken.length) this.taken = widenFloat64(this.taken, steps.size);
      this.taken[place] = (this.taken[place] ?? 0) + journeys;
      window = next;
    }
    const end = this.#windowPlace(window);
    this.nulls[end] = (this.nulls[end] ?? 0) + nulls;
    this.ends.add(end, outcome);
  }

  #windowPlace(window: number): number {
    const place = this.windows.place(window);
    if (place >= this.starts.length) {
      this.starts = widenFloat64(this.starts, this.windows.size);
      this.nulls = widenFloat64(this.nulls, this.windows.size);
      this.ends.reserve(this.starts.length);
    }
    return place;
  }

  /** More channels came than the numbers have room for: everything gets another number. */
  #widen(): void {
    const wider = new TransitionCounts(this.channels, this.order);
    const from = this.steps.numbering.radix;
    const to = wider.steps.numbering.radix;
    for (let place = 0; place < this.steps.size; place += 1) {
      const journeys = this.taken[place] ?? 0;
      if (journeys === 0) continue;
      const other = wider.steps.place(recoded(this.steps.gram(place), from, to));
      wider.taken = widenFloat64(wider.taken, wider.steps.size);
      wider.taken[other] = journeys;
    }
    for (let place = 0; place < this.windows.size; place += 1) {
      const ended = (this.nulls[place] ?? 0) + (this.ends.conversions[place] ?? 0);
      if ((this.starts[place] ?? 0) + ended === 0) continue;
      const other = wider.#windowPlace(recoded(this.windows.gram(place), from, to));
      wider.starts[other] = this.starts[place] ?? 0;
      wider.nulls[other] = this.nulls[place] ?? 0;
      wider.ends.take(other, this.ends, place);
    }
    ({
      steps: this.steps,
      taken: this.taken,
      windows: this.windows,
      starts: this.starts,
      nulls: this.nulls,
      ends: this.ends,
    } = wider);
  }
}

function roomFor(channels: number, order: number): Numbering {
  const numbering = numberingFor(channels, order + 1);
  if (numbering) return numbering;
  const most = mostChannels(order + 1);
  throw new Problem(
    'failed',
    `There are more channels than the ${most} that a chain of order ${order} takes.`,
    {
      remedy: 'Use a lower order, or group channels.',
    },
  );
}
