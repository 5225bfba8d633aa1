/** One channel's effect and half-life, given what it is credited with: the M step of touches. */
import { type Prior, withinHalfLives } from './prior.ts';
import type { WeightedSample } from './weights.ts';

/** Σ over touches of 1 − exp(−ω days) and its first two derivatives by ω. */
export interface Shown {
  readonly value: number;
  readonly slope: number;
  readonly curve: number;
}

export function shown({ sample, counts, means }: WeightedSample, channel: number, decay: number): Shown {
  const { starts } = sample.cells;
  let value = 0;
  let slope = 0;
  let curve = 0;
  for (let cell = starts[channel] ?? 0; cell < (starts[channel + 1] ?? 0); cell += 1) {
    const days = means[cell] ?? 0;
    const left = (counts[cell] ?? 0) * Math.exp(-decay * days);
    value += (counts[cell] ?? 0) - left;
    slope += left * days;
    curve -= left * days * days;
  }
  return { value, slope, curve };
}

export interface ChannelCredit {
  readonly channel: number;
  /** Conversions credited to it. */
  readonly credit: number;
  /** Those, times the days since the touch. */
  readonly agedCredit: number;
}

export interface ChannelStep {
  readonly logEffect: number;
  readonly logDecay: number;
  readonly exposure: number;
}

/** No effect is smaller, so that logarithms stay numbers. */
const leastEffect = 1e-12;
const halvings = 8;

/**
 * One Newton step for log ω with the effect at its best for each ω, halved until it is no step down: the expected
 * log posterior never falls, which is all that EM asks.
 */
export function improve(
  weighted: WeightedSample,
  own: ChannelCredit,
  prior: Prior,
  logDecay: number,
): ChannelStep {
  const now = look(weighted, own, prior, logDecay);
  let step = newton(now);
  for (let halving = 0; halving < halvings; halving += 1, step /= 2) {
    const next = look(weighted, own, prior, withinHalfLives(logDecay + step, prior));
    if (next.height >= now.height) return next;
  }
  return now;
}

interface Look extends ChannelStep {
  readonly height: number;
  readonly slope: number;
  readonly curve: number;
}

function look(
  weighted: WeightedSample,
  { channel, credit, agedCredit }: ChannelCredit,
  prior: Prior,
  logDecay: number,
): Look {
  const decay = Math.exp(logDecay);
  const { value, slope, curve } = shown(weighted, channel, decay);
  const believed = credit + prior.effectWeight;
  const over = value + prior.effectWeight / prior.effect;
  const off = (logDecay - prior.logDecay) / prior.logDecaySpread;
  const pull = (decay * slope) / over;
  const effect = Math.max(believed / over, leastEffect);
  return {
    logEffect: Math.log(effect),
    logDecay,
    exposure: value,
    height: credit * logDecay - decay * agedCredit - believed * Math.log(over) - off ** 2 / 2,
    slope: credit - decay * agedCredit - believed * pull - off / prior.logDecaySpread,
    curve:
      -decay * agedCredit -
      believed * (pull + (decay ** 2 * curve) / over - pull ** 2) -
      1 / prior.logDecaySpread ** 2,
  };
}

/** Where the curve is not that of a hill, a step uphill of fixed length; never more than e-fold. */
function newton({ slope, curve }: Look): number {
  const step = curve < 0 ? -slope / curve : Math.sign(slope) / 2;
  return Math.max(-1, Math.min(1, step));
}
