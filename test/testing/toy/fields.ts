import { z } from 'zod';
import type { FieldSpec, Fields, ProvisionStep } from '../../../src/connector/contract/fields.ts';
import type { ToyConfig, ToyContext } from './config.ts';

const listing = z.object({
  fields: z.array(
    z.object({ name: z.string(), label: z.string(), usable: z.boolean(), leftMs: z.number().default(0) }),
  ),
});

export const fields: Fields<ToyConfig> = {
  describe: async (ctx) =>
    (await list(ctx)).map(({ name, label, usable, leftMs }) => ({
      name,
      label,
      type: 'text',
      readable: usable && leftMs === 0,
      writable: usable && leftMs === 0,
    })),
  provision: async (ctx, wanted, { apply }) => {
    const there = await list(ctx);
    const steps: ProvisionStep[] = [];
    for (const spec of wanted) {
      const field = there.find(({ name }) => name === spec.name);
      if (apply && field?.usable !== true) await make(ctx, spec, field !== undefined);
      const status = field?.usable === true ? 'exists' : apply ? 'created' : 'missing';
      steps.push({ what: 'field', name: spec.name, status });
    }
    return await withPending(ctx, steps);
  },
};

async function list(ctx: ToyContext) {
  const answer = await ctx.http.send({ method: 'GET', url: '/fields' });
  return listing.parse(answer.json()).fields;
}

/** What was asked for, now or in an earlier run, may take the vendor a while. */
async function withPending(ctx: ToyContext, steps: readonly ProvisionStep[]): Promise<ProvisionStep[]> {
  const unready = new Map((await list(ctx)).filter(({ leftMs }) => leftMs > 0).map((one) => [one.name, one]));
  return steps.map((step) => {
    const left = unready.get(step.name)?.leftMs;
    if (left === undefined || step.status === 'missing') return step;
    return { ...step, status: 'pending', detail: `the toy needs ${left} ms more to build it` };
  });
}

/** A field without permission is there and cannot be used: a run may have ended between the two steps. */
async function make(ctx: ToyContext, { name, label }: FieldSpec, exists: boolean): Promise<void> {
  if (!exists) await ctx.http.send({ method: 'POST', url: '/fields', json: { name, label } });
  await ctx.http.send({ method: 'POST', url: '/permissions', json: { name } });
}
