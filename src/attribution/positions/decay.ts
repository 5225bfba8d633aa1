/**
 * Time decay: a touch counts `2^(-age / halfLife)`, age in days before the end, as in Google Analytics and
 * Salesforce. Where ages are not known, touches are taken to be `stepDays` apart: a guess, and said to be one.
 */
import { type ChannelCredit, creditOf } from '../credit.ts';
import type { Channels } from '../journeys/channels.ts';
import { nanosPerUnit } from '../journeys/decimal.ts';
import { widenFloat64 } from '../journeys/growable.ts';
import { gridSteps, ontoGrid, ShareSums } from '../journeys/shares.ts';
import type { JourneySink, Outcome } from '../journeys/sink.ts';

export interface DecaySettings {
  readonly halfLifeDays: number;
  readonly stepDays: number;
}

/** Journeys up to this length have their shares kept. */
const mostKept = 256;

export class DecayCounts implements JourneySink {
  readonly #channels: Channels;
  readonly #settings: DecaySettings;
  readonly #conversions = new ShareSums();
  readonly #units = new ShareSums();
  readonly #nanos = new ShareSums();
  readonly #kept: (Float64Array | undefined)[] = [];
  #steps = new Float64Array(16);

  constructor(channels: Channels, settings: DecaySettings) {
    this.#channels = channels;
    this.#settings = settings;
  }

  add(touches: Int32Array, length: number, outcome: Outcome, ages?: Float64Array): void {
    const { conversions, units, nanos } = outcome;
    if (conversions === 0) return;
    const steps = ages ? this.#weigh(length, (at) => ages[at] ?? 0) : this.#evenly(length);
    const hasValue = units !== 0 || nanos !== 0;
    for (const sums of [this.#conversions, this.#units, this.#nanos]) sums.reserve(this.#channels.size);
    for (let at = 0; at < length; at += 1) {
      const channel = touches[at] ?? 0;
      const share = steps[at] ?? 0;
      this.#conversions.add(channel, share, conversions);
      if (!hasValue) continue;
      this.#units.add(channel, share, units);
      this.#nanos.add(channel, share, nanos);
    }
  }

  credit(): ChannelCredit[] {
    return creditOf(
      this.#channels,
      (id) => this.#conversions.sum(id),
      (id) => this.#value(id),
    );
  }

  /** Units and billionths are put together before anything is rounded. */
  #value(channel: number): number {
    const billionths = this.#units.steps(channel) * BigInt(nanosPerUnit) + this.#nanos.steps(channel);
    return Number(billionths) / (gridSteps * nanosPerUnit);
  }

  /** Shares when the touches are even steps apart: the same for each journey of this length. */
  #evenly(length: number): Float64Array {
    const kept = this.#kept[length];
    if (kept) return kept;
    const steps = this.#weigh(length, (at) => (length - 1 - at) * this.#settings.stepDays);
    if (length > mostKept) return steps;
    const copy = steps.slice(0, length);
    this.#kept[length] = copy;
    return copy;
  }

  #weigh(length: number, age: (at: number) => number): Float64Array {
    this.#steps = widenFloat64(this.#steps, length);
    // Relative to the newest touch: the shares are the same, and an old journey does not underflow to nothing.
    const newest = age(length - 1);
    for (let at = 0; at < length; at += 1)
      this.#steps[at] = 2 ** ((newest - age(at)) / this.#settings.halfLifeDays);
    ontoGrid(this.#steps, length);
    return this.#steps;
  }
}
