/** Snapshots as JSON: out, and back in with every number looked at. */
import { z } from 'zod';
import type { Json } from '../../support/json.ts';
import { Problem } from '../../support/problem.ts';
import type { HazardSnapshot } from './snapshot.ts';

const number = z.number();
const count = z.number().int().nonnegative();
const positive = z.number().positive();
const touchEffect = { effect: positive, halfLifeDays: positive };

/** Each channel's part of all credit, with its standard error: the same in fits of every kind. */
export const keptShares = z.array(
  z.strictObject({
    channel: z.string(),
    touches: count,
    share: number.min(0).max(1),
    error: number.min(0),
  }),
);

const schema: z.ZodType<HazardSnapshot> = z.strictObject({
  format: z.literal(1),
  model: z.enum(['hazard', 'hazard:map']),
  window: z.strictObject({ from: number, to: number }),
  counts: z.strictObject({ people: count, days: positive, touches: count, conversions: count }),
  seed: count,
  parameters: z.strictObject({
    baseline: positive,
    covariates: z.array(
      z.strictObject({ name: z.string(), mean: number, deviation: positive, slope: number }),
    ),
    channels: z.array(z.strictObject({ name: z.string(), ...touchEffect })),
    unseen: z.strictObject(touchEffect),
    intent: z
      .strictObject({
        groups: z.array(count),
        rates: z.array(number.nonnegative()),
        pulls: z.array(number),
        leans: z.array(number),
        slope: number,
      })
      .nullable(),
  }),
  shares: keptShares,
  resamples: z.array(z.array(number)),
});

/** Throws a `Problem` that names what is wrong and where. */
export function parseSnapshot(json: Json, where: string): HazardSnapshot {
  return readFit(schema, json, where);
}

/** A kept fit of any kind. Throws a `Problem` that names what is wrong and where. */
export function readFit<T>(shape: z.ZodType<T>, json: Json, where: string): T {
  const { data, error } = shape.safeParse(json);
  if (!error) return data;
  throw new Problem('failed', `The fit cannot be read: ${z.prettifyError(error)}`, {
    where,
    remedy: 'Fit the model again, or roll back to an earlier fit.',
  });
}
