/** Kept posteriors back in from JSON, with every number looked at. */
import { z } from 'zod';
import type { Json } from '../../support/json.ts';
import { shapeNames } from '../posterior/kernels.ts';
import type { PosteriorSnapshot } from './posterior-snapshot.ts';
import { keptShares, readFit } from './schema.ts';

const number = z.number();
const count = z.int().nonnegative();
const part = number.min(0).max(1);
const estimated = z.strictObject({ mean: number, low: number, high: number });
const scale = { name: z.string(), mean: number, deviation: number.positive() };

const channel = z.strictObject({
  name: z.string(),
  touches: count,
  share: estimated,
  effect: estimated,
  halfLifeDays: estimated,
  // Kept fits may be from before one of them was known.
  shapes: z.partialRecord(z.enum(shapeNames), part),
  tiring: estimated,
});

const intent = z.strictObject({
  groups: z.array(count),
  rates: z.array(number.nonnegative()),
  pulls: z.array(number),
  leans: z.array(number),
  slope: estimated,
});

const fit = z.strictObject({
  ...{ conversions: count, people: count, touches: count },
  channels: z.array(channel),
  baseline: z.strictObject({ share: estimated, perDay: estimated }),
  covariates: z.array(z.strictObject({ ...scale, slope: estimated })),
  intent: intent.nullable(),
  causedByDeal: z.array(z.string()),
  leastAge: number.nonnegative(),
  draws: z.array(z.array(number)),
  company: z.strictObject({ members: z.array(count), helps: z.array(z.array(number)) }).optional(),
  diagnostics: z.strictObject({
    ...{ rHat: number, ess: number, converged: z.boolean(), why: z.string(), sweeps: count },
  }),
  informative: number,
});

const schema: z.ZodType<PosteriorSnapshot> = z.strictObject({
  format: z.literal(2),
  model: z.literal('hazard'),
  window: z.strictObject({ from: number, to: number }),
  counts: z.strictObject({ people: count, days: number.positive(), touches: count, conversions: count }),
  seed: count,
  shares: keptShares,
  variants: z.array(z.strictObject({ what: z.string(), shares: z.array(number), moved: number })),
  fit,
});

/** Throws a `Problem` that names what is wrong and where. */
export function parsePosterior(json: Json, where: string): PosteriorSnapshot {
  return readFit(schema, json, where);
}
