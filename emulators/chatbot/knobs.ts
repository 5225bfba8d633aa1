import { z } from 'zod';
import type { JsonObject } from '../../src/support/json.ts';
import { Problem } from '../../src/support/problem.ts';

const knobsSchema = z.strictObject({
  /** Signs the webhooks. */
  webhookSecret: z.string().default('the-emulated-chatbot-signs-with-this'),
  /** False: the key lacks `events:read`. */
  mayRead: z.boolean().default(true),
  /** Events per page, whatever larger limit is asked for. */
  pageSize: z.int().min(1).max(1_000).default(1_000),
  requestsPerSecond: z.int().min(1).default(200),
  /** So many made-up events before all others, told on the fly: they take no memory. */
  synthetic: z.int().min(0).default(0),
  /** Events per webhook batch. */
  batchSize: z.int().min(1).max(1_000).default(100),
  /** How often a webhook is sent in all until it is answered with 2xx or refused for good. */
  attempts: z.int().min(1).default(6),
  /** Wait before the second attempt, ms; doubles with each further one. */
  retryMs: z.int().min(1).default(20),
  /** Each batch is delivered twice. */
  duplicate: z.boolean().default(false),
  /** Batches, and the events in them, go out in a shuffled order. */
  shuffle: z.boolean().default(false),
});
export type Knobs = z.infer<typeof knobsSchema>;

export function readKnobs(raw: JsonObject | undefined): Knobs {
  const parsed = knobsSchema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  throw new Problem('usage', `knobs of the chatbot emulator: ${z.prettifyError(parsed.error)}`);
}
