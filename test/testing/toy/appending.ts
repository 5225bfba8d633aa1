/** Two more vendors of the toy's kind: they take events, which nobody reads back; one knows a repeat, the other can be asked. */
import { z } from 'zod';
import type { Appender, Receipt } from '../../../src/connector/contract/appending.ts';
import type { Connector } from '../../../src/connector/contract/connector.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { ToyConfig } from './config.ts';
import { toy } from './connector.ts';

const answered = z.object({
  refused: z.array(z.object({ id: z.string(), code: z.string(), message: z.string() })),
});
const found = z.object({ ids: z.array(z.string()) });

export const events = 'Event';

/** A repeat is no second event: it may be sent again by whoever has lost an answer. */
export const merging: Appender<ToyConfig> = {
  ...{ batchSize: 4, repeat: 'merges', maxAgeMs: 5 * 86_400_000 },
  append: async (ctx, { events: some }) => {
    const json = { merges: true, events: some.map(({ id, at, body }) => ({ id, at, body })) };
    const answer = await ctx.http.send({ method: 'POST', url: '/events', json, repeatable: true });
    return receiptsOf(
      some.map(({ id }) => id),
      answered.parse(answer.json()),
    );
  },
};

/** A repeat is a second event: nothing is sent twice, and who has lost an answer asks. */
export const doubling: Appender<ToyConfig> = {
  ...{ batchSize: 4, repeat: 'doubles' },
  append: async (ctx, { events: some }) => {
    const json = { merges: false, events: some.map(({ id, at, body }) => ({ id, at, body })) };
    const answer = await ctx.http.send({ method: 'POST', url: '/events', json });
    return receiptsOf(
      some.map(({ id }) => id),
      answered.parse(answer.json()),
    );
  },
  seen: async (ctx, some) => {
    const json = { ids: some.map(({ id }) => id) };
    const answer = await ctx.http.send({ method: 'POST', url: '/events/lookup', json, repeatable: true });
    return new Set(found.parse(answer.json()).ids);
  },
};

function receiptsOf(ids: readonly string[], { refused }: z.infer<typeof answered>): Receipt[] {
  return ids.map((id) => {
    const no = refused.find((one) => one.id === id);
    if (no === undefined) return { id, status: 'taken' };
    return { id, status: 'failed', fault: new Fault('rejected', no.message, { code: no.code }) };
  });
}

export function appendingToy(appender: Appender<ToyConfig>): Connector<ToyConfig> {
  return { ...toy, appender: (name) => (name === events ? appender : undefined) };
}
