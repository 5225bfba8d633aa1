/** First step of a sweep: which source brought each conversion, drawn by each source's part of the rate. */
import type { Random } from '../random.ts';
import { mixed } from './by-group.ts';
import type { ConversionRates } from './conversion-rates.ts';
import type { Ground, State } from './state.ts';

/** A conversion that no touch brought. */
export const anyway = -1;

export interface Sources {
  /** One per conversion: index of the touch, or `anyway`. */
  readonly cause: Int32Array;
  /** Expected conversions by channel, baseline last: the mean of what might have been drawn. */
  readonly expected: Float64Array;
  /** The drawn ones. */
  readonly drawn: Float64Array;
  /** The drawn ones by group. */
  readonly counts: Int32Array;
}

export class SourceStep {
  readonly #ground: Ground;
  readonly #rates: ConversionRates;
  readonly sources: Sources;

  /** @param rates of the state that is drawn from */
  constructor(ground: Ground, rates: ConversionRates) {
    const { conversions, channels, groups } = ground.sample;
    this.#ground = ground;
    this.#rates = rates;
    this.sources = {
      cause: new Int32Array(conversions.person.length),
      expected: new Float64Array(channels + 1),
      drawn: new Float64Array(channels + 1),
      counts: new Int32Array(groups),
    };
  }

  draw(state: State, random: Random): Sources {
    const { cause, expected, drawn, counts } = this.sources;
    expected.fill(0);
    drawn.fill(0);
    counts.fill(0);
    for (let conversion = 0; conversion < cause.length; conversion += 1)
      cause[conversion] = this.#drawOne(conversion, state, random);
    return this.sources;
  }

  /** A run of touches first, then one of its touches. */
  #drawOne(conversion: number, state: State, random: Random): number {
    const { channel, group } = this.#ground.sample.conversions;
    const { touches, own, whole } = this.#rates;
    const { expected, drawn, counts } = this.sources;
    const anywayId = expected.length - 1;
    const base = state.baseline * (state.leans[conversion] ?? 1);
    const all = whole[conversion] ?? base;
    let left = random.uniform() * all - base;
    let chosen = anyway;
    let rest = 0;
    expected[anywayId] = (expected[anywayId] ?? 0) + base / all;
    const until = touches.conversionStarts[conversion + 1] ?? 0;
    for (let at = touches.conversionStarts[conversion] ?? 0; at < until; at += 1) {
      const run = touches.ofConversion[at] ?? 0;
      const rate = own[run] ?? 0;
      this.#expect(run, state, all);
      if (left >= 0 && rate > 0) {
        chosen = run;
        rest = left;
      }
      left -= rate;
    }
    if (chosen === anyway) {
      drawn[anywayId] = (drawn[anywayId] ?? 0) + 1;
      return anyway;
    }
    const touch = this.#touchIn(chosen, state, rest);
    const [id, one] = [channel[touch] ?? 0, group[touch] ?? 0];
    drawn[id] = (drawn[id] ?? 0) + 1;
    counts[one] = (counts[one] ?? 0) + 1;
    return touch;
  }

  /** Touches of a run are of one group, and mostly of one channel. */
  #expect(run: number, state: State, all: number): void {
    const { touches, own } = this.#rates;
    const { expected } = this.sources;
    const [from, until] = [touches.firsts[run] ?? 0, touches.firsts[run + 1] ?? 0];
    const only = touches.channel[run] ?? mixed;
    if (only !== mixed) {
      expected[only] = (expected[only] ?? 0) + (own[run] ?? 0) / all;
      return;
    }
    const { channel } = this.#ground.sample.conversions;
    for (let at = from; at < until; at += 1) {
      const each = channel[touches.touch[at] ?? 0] ?? 0;
      expected[each] = (expected[each] ?? 0) + this.#rates.rateOf(at, state) / all;
    }
  }

  #touchIn(run: number, state: State, point: number): number {
    const { touches } = this.#rates;
    const until = touches.firsts[run + 1] ?? 0;
    let chosen = touches.firsts[run] ?? 0;
    let left = point;
    for (let at = chosen; at < until; at += 1) {
      const rate = this.#rates.rateOf(at, state);
      if (left >= 0 && rate > 0) chosen = at;
      left -= rate;
    }
    return touches.touch[chosen] ?? 0;
  }
}
