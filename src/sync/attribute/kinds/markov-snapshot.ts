/** A fitted chain as it is kept: of the chain itself nothing but what credit needs. */
import { z } from 'zod';
import { keptShares, readFit } from '../../../attribution/fit/schema.ts';
import type { HazardSnapshot } from '../../../attribution/fit/snapshot.ts';
import type { Json } from '../../../support/json.ts';
import type { FittedJourney } from './journeys.ts';

const number = z.number();
const count = z.int().nonnegative();

const schema = z.strictObject({
  format: z.literal(1),
  model: z.string(),
  window: z.strictObject({ from: number, to: number }),
  counts: z.strictObject({ people: count, days: number, touches: count, conversions: count }),
  seed: count,
  /** Removal effects as parts of their sum. */
  shares: keptShares,
  /** The same of resamples of the journeys, in the same order of channels. */
  resamples: z.array(z.array(number.min(0).max(1))),
});

export type MarkovSnapshot = z.infer<typeof schema>;

/** Throws a `Problem` that names what is wrong and where. */
export function parseMarkov(json: Json, where: string): MarkovSnapshot {
  return readFit(schema, json, where);
}

export function sharesOf(
  channels: readonly string[],
  journeys: readonly FittedJourney[],
  weights: readonly number[],
  resamples: readonly (readonly number[])[],
): HazardSnapshot['shares'][number][] {
  const touches = new Int32Array(channels.length);
  for (const journey of journeys)
    for (const channel of journey.touches) touches[channel] = (touches[channel] ?? 0) + 1;
  return channels.map((channel, index) => ({
    channel,
    touches: touches[index] ?? 0,
    share: weights[index] ?? 0,
    error: deviation(resamples.map((row) => row[index] ?? 0)),
  }));
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(values.length - 1, 1));
}
