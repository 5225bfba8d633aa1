/**
 * The chance of converting by the channels that a journey contains: a logistic regression whose effects are drawn to
 * their mean, as strongly as the data say (empirical Bayes). Pairs of channels get effects of their own where the
 * evidence for pairs is strong, else none. (Effects of repeated touches were tried: they fit better, and credit worse.)
 */
import { announceFit, pairsAreWorthIt } from './effort.ts';
import { type Block, type Learnt, learnt } from './learnt.ts';
import type { Trial } from './logistic.ts';
import { journeysOf, type SetRow } from './rows.ts';

export interface PresenceFit {
  /** Log odds of the journey with no channel at all, which nobody has seen: the model's extrapolation. */
  readonly intercept: number;
  /** Added to the log odds by each channel, in the order of the names. */
  readonly effects: readonly number[];
  /** Empty where pairs do not pay. */
  readonly pairs: readonly PairEffect[];
}

export interface PairEffect {
  readonly one: number;
  readonly other: number;
  readonly effect: number;
}

/** So many channels have an effect of their own, the most met first; the rest share one. */
const mostEffects = 150;
const mostPairs = 150;
/** Odds of 20 to 1. */
const strongEvidence = Math.log(20);

/**
 * @param channels how many there are
 * @param say hears how long it takes, where that is long
 * @throws Problem where it would take too long
 */
export function fitPresence(
  rows: readonly SetRow[],
  channels: number,
  say: (text: string) => void = () => {},
): PresenceFit {
  const own = mostMet(rows, channels);
  const main = designOf(rows, own, []);
  announceFit(main.trials, say);
  const plain = learnt(main.trials, main.blocks);
  const pairs = pairsAreWorthIt(rows) ? pairsMet(rows) : [];
  if (pairs.length === 0) return fitted(plain, own, []);
  const { trials, blocks } = designOf(rows, own, pairs);
  const paired = learnt(trials, blocks, plain.weights);
  const pays = paired.evidence - plain.evidence > strongEvidence;
  return pays ? fitted(paired, own, pairs) : fitted(plain, own, []);
}

/** Where a channel is in no journey. */
const none = -1;

/** Feature of each channel: 0 is the intercept, then the channels with an effect of their own, then the rest. */
function mostMet(rows: readonly SetRow[], channels: number): Int32Array {
  const met = new Float64Array(channels);
  for (const row of rows)
    for (const channel of row.channels) met[channel] = (met[channel] ?? 0) + journeysOf(row);
  const features = new Int32Array(channels).fill(none);
  Array.from(met.keys())
    .filter((channel) => (met[channel] ?? 0) > 0)
    .sort((a, b) => (met[b] ?? 0) - (met[a] ?? 0) || a - b)
    .forEach((channel, at) => {
      features[channel] = 1 + Math.min(at, mostEffects);
    });
  return features;
}

type Pair = readonly [one: number, other: number];

/** Pairs of which enough is known with and without conversion, those with most conversions first. */
function pairsMet(rows: readonly SetRow[]): Pair[] {
  const met = new Map<string, { pair: Pair; conversions: number; nulls: number }>();
  for (const { channels, conversions, nulls } of rows) {
    channels.forEach((one, at) => {
      for (const other of channels.slice(at + 1)) {
        const key = `${one},${other}`;
        const known = met.get(key) ?? { pair: [one, other], conversions: 0, nulls: 0 };
        known.conversions += conversions;
        known.nulls += nulls;
        met.set(key, known);
      }
    });
  }
  return [...met.values()]
    .filter(({ conversions, nulls }) => Math.min(conversions, nulls) >= 5)
    .sort((a, b) => b.conversions - a.conversions || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1])
    .slice(0, mostPairs)
    .map(({ pair }) => pair);
}

interface Design {
  readonly trials: readonly Trial[];
  /** Of the weights: after the intercept the effects of channels, then those of pairs. */
  readonly blocks: readonly Block[];
}

/** By how much effects of channels differ, where nothing is known: about 0.6 in log odds, with the weight of three. */
const channelsDiffer = { isCentred: false, variance: 0.4, weight: 3 };
/** Nothing draws these up: pairs that do nothing go to nothing. */
const pairsDiffer = { isCentred: true, variance: 0.1, weight: 0 };

function designOf(rows: readonly SetRow[], own: Int32Array, pairs: readonly Pair[]): Design {
  const effects = effectsIn(own);
  const pairFeature = new Map(pairs.map(([one, other], at) => [`${one},${other}`, 1 + effects + at]));
  const trials = rows.map((row) => ({
    features: [
      0,
      ...new Set(row.channels.map((channel) => own[channel] ?? 0)),
      ...(pairs.length === 0 ? [] : pairsIn(row.channels, pairFeature)),
    ],
    conversions: row.conversions,
    nulls: row.nulls,
  }));
  const blocks = [
    { count: effects, ...channelsDiffer },
    { count: pairs.length, ...pairsDiffer },
  ];
  return { trials, blocks };
}

function effectsIn(own: Int32Array): number {
  return own.reduce((most, feature) => Math.max(most, feature), 0);
}

function pairsIn(channels: readonly number[], features: ReadonlyMap<string, number>): number[] {
  return channels.flatMap((one, at) =>
    channels.slice(at + 1).flatMap((other) => features.get(`${one},${other}`) ?? []),
  );
}

function fitted({ weights }: Learnt, own: Int32Array, pairs: readonly Pair[]): PresenceFit {
  const effects = effectsIn(own);
  return {
    intercept: weights[0] ?? 0,
    effects: Array.from(own, (feature) => (feature === none ? 0 : (weights[feature] ?? 0))),
    pairs: pairs.map(([one, other], at) => ({ one, other, effect: weights[1 + effects + at] ?? 0 })),
  };
}
