import type { Fields } from '../../../src/connector/contract/fields.ts';
import type { ToyConfig } from '../toy/config.ts';
import { toy } from '../toy/connector.ts';
import { fields } from '../toy/fields.ts';
import { type Defect, paging } from './sabotage.ts';

const described = 'the fields of an object are described';
const plan = 'a plan changes nothing';
const usable = 'provisioning makes fields that can be read and written';
const twice = 'provisioning twice creates once';
const pending = 'what the vendor is still at is pending, is not asked for again, and is done when it is';
const interrupted = 'provisioning that was interrupted is finished by the next run';

export const provisioningDefects: readonly Defect[] = [
  {
    name: 'leaves the first field out',
    toy: withFields({ describe: async (ctx, object) => (await fields.describe(ctx, object)).slice(1) }),
    caughtBy: [described],
  },
  {
    name: 'makes fields while planning',
    toy: withFields({ provision: (ctx, wanted) => fields.provision(ctx, wanted, { apply: true }) }),
    caughtBy: [plan],
  },
  {
    name: 'plans nothing',
    toy: withFields({
      provision: async (ctx, wanted, { apply }) => (apply ? fields.provision(ctx, wanted, { apply }) : []),
    }),
    caughtBy: [plan, pending],
  },
  {
    name: 'forgets permissions',
    toy: withFields({
      provision: (ctx, wanted, options) => {
        const { send } = ctx.http;
        const permitting: typeof send = (request) =>
          send(request.url === '/permissions' ? { method: 'GET', url: '/me' } : request);
        return fields.provision({ ...ctx, http: { ...ctx.http, send: permitting } }, wanted, options);
      },
    }),
    caughtBy: [usable, twice, pending, interrupted],
  },
  {
    name: 'says that it made what was there',
    toy: withFields({
      provision: async (ctx, wanted, options) =>
        (await fields.provision(ctx, wanted, options)).map((step) =>
          options.apply ? { ...step, status: 'created' } : step,
        ),
    }),
    caughtBy: [twice, pending],
  },
  {
    name: 'takes what is pending for made',
    toy: withFields({
      provision: async (ctx, wanted, options) =>
        (await fields.provision(ctx, wanted, options)).map(({ detail: _, ...step }) =>
          step.status === 'pending' ? { ...step, status: 'created' } : step,
        ),
    }),
    caughtBy: [pending],
  },
  {
    name: 'asks again for what is pending',
    toy: withFields({
      provision: async (ctx, wanted, options) => {
        const steps = await fields.provision(ctx, wanted, options);
        for (const { name, status } of steps)
          if (status === 'pending')
            await ctx.http.send({ method: 'POST', url: '/fields', json: { name } }).catch(() => null);
        return steps;
      },
    }),
    caughtBy: [pending],
  },
  {
    name: 'reads only what it knows',
    toy: paging(toy, (page) => ({
      ...page,
      records: page.records.map((record) => ({ ...record, body: { name: record.body.name ?? null } })),
    })),
    caughtBy: ['a provisioned field is read when it is asked for'],
  },
  {
    name: 'leaves a half-made field as it is',
    toy: withFields({
      provision: async (ctx, wanted, options) => {
        const there = new Set((await fields.describe(ctx, '')).map(({ name }) => name));
        const known = wanted.filter(({ name }) => there.has(name));
        const steps = await fields.provision(
          ctx,
          wanted.filter(({ name }) => !there.has(name)),
          options,
        );
        return [...steps, ...known.map(({ name }) => ({ what: 'field', name, status: 'exists' }) as const)];
      },
    }),
    caughtBy: [pending, interrupted],
  },
];

function withFields(change: Partial<Fields<ToyConfig>>) {
  return { ...toy, fields: { ...fields, ...change } };
}
