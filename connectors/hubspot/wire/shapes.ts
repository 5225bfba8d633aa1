/** The envelopes of HubSpot's answers. Rows stay as they came: what we do not know must not get lost. */
import { z } from 'zod';
import { Fault } from '../../../src/connector/fault.ts';
import { isJsonObject, type JsonObject } from '../../../src/support/json.ts';

export const rowSchema = z.custom<JsonObject>(isJsonObject, 'an object');
const paging = z.looseObject({ next: z.looseObject({ after: z.coerce.string() }).optional() }).nullish();

export const pageSchema = z.looseObject({
  results: z.array(rowSchema),
  paging,
  /** Of searches: all hits, not only those of this page. */
  total: z.number().optional(),
});
export type VendorPage = z.infer<typeof pageSchema>;

/** `errors` is there on 207 only; the status says `COMPLETE` all the same. */
export const batchSchema = z.looseObject({
  results: z.array(rowSchema).default([]),
  errors: z.array(rowSchema).default([]),
});
export type BatchAnswer = z.infer<typeof batchSchema>;

/** What an answer must look like to be used; anything else is treated as a passing outage. */
export function shaped<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the answer';
  throw new Fault('unavailable', `HubSpot: ${what} is not of the known shape (${where}: ${issue?.message})`, {
    code: 'UNEXPECTED_SHAPE',
  });
}

/** The position after this page; undefined on the last one. */
export function nextOf(page: VendorPage): string | undefined {
  return page.paging?.next?.after;
}
