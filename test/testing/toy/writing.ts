import { z } from 'zod';
import type { Decided, Outcome, Sink, Write } from '../../../src/connector/contract/writing.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import type { ToyConfig, ToyContext } from './config.ts';

export const result = z.object({
  ref: z.string(),
  id: z.string().default(''),
  created: z.boolean().default(false),
  code: z.string().optional(),
  message: z.string().default(''),
  field: z.string().optional(),
});
const answered = z.object({ results: z.array(result) });

export const sink: Sink<ToyConfig> = {
  batchSize: 4,
  push: async (ctx, writes) => {
    const outcomes: Outcome[] = [];
    for (let from = 0; from < writes.length; from += sink.batchSize) {
      outcomes.push(...(await pushSome(ctx, writes.slice(from, from + sink.batchSize))));
    }
    return outcomes;
  },
};

/** Writes are named by their place in the batch, because the vendor shuffles its results. */
async function pushSome(ctx: ToyContext, writes: readonly Write[]): Promise<Outcome[]> {
  const json = { writes: writes.map((write, place) => toWire(write, String(place))) };
  const answer = await ctx.http.send({ method: 'POST', url: '/things/batch', json, repeatable: true });
  const { results } = answered.parse(answer.json());
  return results.map((one) => toOutcome(writes[Number(one.ref)]?.key ?? '', one));
}

export function toWire({ op, id, externalId, version, fields }: Write, ref: string): JsonObject {
  return {
    ref,
    fields,
    remove: op === 'delete',
    ...(id !== undefined && { id }),
    ...(externalId !== undefined && { ext: externalId.value }),
    ...(version !== undefined && { version: Number(version) }),
  };
}

export function toOutcome(
  key: string,
  { id, created, code, message, field }: z.infer<typeof result>,
): Decided {
  if (code === undefined) return { key, status: 'written', id, created };
  const kind = code === 'STALE' ? 'conflict' : 'rejected';
  return { key, status: 'failed', fault: new Fault(kind, message, { code, ...(field && { field }) }) };
}
