import { z } from 'zod';
import type { Decided, Outcome, Sink, Write } from '../../../src/connector/contract/writing.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { soleField } from '../../../src/connector/naming.ts';
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

/** Of a vendor that finds a record by values that are unique together. */
export const compositeSink: Sink<ToyConfig> = {
  batchSize: 4,
  push: async (ctx, writes) => {
    const outcomes: Outcome[] = [];
    for (let from = 0; from < writes.length; from += sink.batchSize) {
      outcomes.push(...(await pushSome(ctx, writes.slice(from, from + sink.batchSize))));
    }
    return outcomes;
  },
};

/** Of one that finds it by a single field. */
export const sink: Sink<ToyConfig> = {
  batchSize: compositeSink.batchSize,
  push: async (ctx, writes) => {
    const { named, refused } = sorted(writes);
    return [...refused, ...(await compositeSink.push(ctx, named))];
  },
};

/** Writes that name their record by an id or a single field; the others are refused. */
export function sorted(writes: readonly Write[]): { named: Write[]; refused: Decided[] } {
  const isNamed = ({ id, alternateKey }: Write) => id !== undefined || soleField(alternateKey) !== null;
  const fault = new Fault('rejected', 'things have one unique field', { code: 'NAMELESS' });
  return {
    named: writes.filter(isNamed),
    refused: writes.filter((write) => !isNamed(write)).map(({ key }) => ({ key, status: 'failed', fault })),
  };
}

/** Writes are named by their place in the batch, because the vendor shuffles its results. */
async function pushSome(ctx: ToyContext, writes: readonly Write[]): Promise<Outcome[]> {
  const json = { writes: writes.map((write, place) => toWire(write, String(place))) };
  const answer = await ctx.http.send({ method: 'POST', url: '/things/batch', json, repeatable: true });
  const { results } = answered.parse(answer.json());
  return results.map((one) => toOutcome(writes[Number(one.ref)]?.key ?? '', one));
}

export function toWire({ op, id, alternateKey, version, fields }: Write, ref: string): JsonObject {
  return {
    ref,
    fields,
    remove: op === 'delete',
    ...(id !== undefined && { id }),
    ...(alternateKey !== undefined && { unique: { ...alternateKey } }),
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
