/** Two more vendors of the toy's kind: one that gives its things as exports only, one that keeps them in boxes. */
import { z } from 'zod';
import type { Connector } from '../../../src/connector/contract/connector.ts';
import type { Checkpoint, Pages, PullOptions } from '../../../src/connector/contract/reading.ts';
import type { Webhooks } from '../../../src/connector/contract/webhooks.ts';
import type { ToyConfig, ToyContext } from './config.ts';
import { toy } from './connector.ts';
import { pull, things } from './reading.ts';
import { object } from './rows.ts';
import { webhooks } from './webhooks.ts';

const made = z.object({ id: z.string() });
const progress = z.object({ leftMs: z.number() });
const exporting = z.object({ export: z.string() });

/** Everything is read by an export that is asked for once, and waited for; what follows is read as ever. */
export async function* pullExport(
  ctx: ToyContext,
  checkpoint: Checkpoint | null,
  options?: PullOptions,
): Pages {
  let running = exporting.safeParse(checkpoint).data?.export;
  if (running === undefined && checkpoint === null) {
    // Should its answer be lost, an export runs that nobody collects.
    const answer = await ctx.http.send({ method: 'POST', url: '/exports', repeatable: true });
    running = made.parse(answer.json()).id;
    yield { records: [], checkpoint: { export: running } };
  }
  if (running !== undefined) {
    const answer = await ctx.http.send({ method: 'GET', url: '/exports', query: { id: running } });
    const { leftMs } = progress.parse(answer.json());
    if (leftMs > 0) return { resumeInMs: leftMs, waitsFor: 'an export of things' };
  }
  return yield* pull(ctx, running === undefined ? checkpoint : null, options);
}

export const exportingToy: Connector<ToyConfig> = {
  ...toy,
  streams: { [object]: { ...things, pull: pullExport } },
};

const boxes = z.object({ boxes: z.array(z.string()) });

const { poll: _, ...unasked } = toy;

const delivery = z.object({ box: z.string() });

/** Its webhooks say in which box something has changed, not what. */
const boxWebhooks: Webhooks<ToyConfig> = {
  ...webhooks,
  parse: (ctx, request) => {
    const { changes, records } = webhooks.parse(ctx, request);
    const { box } = delivery.parse(JSON.parse(Buffer.from(request.body).toString()));
    return { changes: changes.map(() => ({ object, part: box })), records };
  },
};

export const boxedToy: Connector<ToyConfig> = {
  ...unasked,
  webhooks: boxWebhooks,
  streams: {
    [object]: {
      ...things,
      parts: async ({ http }) =>
        boxes.parse((await http.send({ method: 'GET', url: '/boxes' })).json()).boxes,
      partsAtOnce: 2,
    },
  },
};
