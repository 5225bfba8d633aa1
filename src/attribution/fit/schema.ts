/** Snapshots as JSON: out, and back in with every number looked at. */
import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../../support/json.ts';
import { Problem } from '../../support/problem.ts';
import type { HazardSnapshot } from './snapshot.ts';

const number = z.number();
const count = z.number().int().nonnegative();
const positive = z.number().positive();
const touchEffect = { effect: positive, halfLifeDays: positive };

const schema: z.ZodType<HazardSnapshot> = z.strictObject({
  format: z.literal(1),
  model: z.literal('hazard'),
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
  shares: z.array(
    z.strictObject({
      channel: z.string(),
      touches: count,
      share: number.min(0).max(1),
      error: number.min(0),
    }),
  ),
  resamples: z.array(z.array(number)),
});

/** Throws a `Problem` that names what is wrong and where. */
export function parseSnapshot(json: Json, where: string): HazardSnapshot {
  const { data, error } = schema.safeParse(json);
  if (data) return data;
  throw new Problem('failed', `The fit cannot be read: ${z.prettifyError(error)}`, {
    where,
    remedy: 'Fit the model again, or roll back to an earlier fit.',
  });
}

/** The same as plain JSON: numbers come back to the last bit. */
export function toJson(snapshot: object): JsonObject {
  const json: Json = JSON.parse(JSON.stringify(snapshot));
  if (!isJsonObject(json)) throw new TypeError('a snapshot is an object');
  return json;
}
