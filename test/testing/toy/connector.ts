/** The toy vendor's connector: every ability of the contract in as few lines as will do. */
import { z } from 'zod';
import type { Connector } from '../../../src/connector/contract/connector.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { Asked, HttpResponse } from '../../../src/connector/http.ts';
import { faultOfStatus } from '../../../src/connector/status.ts';
import { type ToyConfig, toyConfig } from './config.ts';
import { fields } from './fields.ts';
import { poll, things } from './reading.ts';
import { object } from './rows.ts';
import { webhooks } from './webhooks.ts';
import { compositeSink, sink } from './writing.ts';

const me = z.object({ name: z.string(), scopes: z.array(z.string()) });
const granted = z.object({ token: z.string() });
const refusal = z.object({ code: z.string(), message: z.string() });

export const toy: Connector<ToyConfig> = {
  id: 'toy',
  title: 'Toy',
  config: toyConfig,
  auth: {
    sign: (request, { accessToken }) => ({
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${accessToken}` },
    }),
    grant: async ({ http, config }) => {
      const answer = await http.send({
        method: 'POST',
        url: '/token',
        form: { secret: config.clientSecret },
      });
      return { accessToken: granted.parse(answer.json()).token };
    },
  },
  limits: ({ url }) => ({
    pools: { default: { requests: 1000, perMs: 1000, concurrency: 10 } },
    reserve: 0,
    account: url,
    daily: { calls: 1_000_000, zone: 'America/Chicago' },
  }),
  baseUrl: ({ url }) => url,
  fault,
  check: async ({ http }) => {
    const { name, scopes } = me.parse((await http.send({ method: 'GET', url: '/me' })).json());
    return { account: name, missingPermissions: ['write'].filter((scope) => !scopes.includes(scope)) };
  },
  streams: { [object]: things },
  poll,
  sink: (name) => (name === object ? sink : undefined),
  webhooks,
  fields,
};

/** The same for things that two fields name together. */
export const compositeToy: Connector<ToyConfig> = {
  ...toy,
  sink: (name) => (name === object ? compositeSink : undefined),
};

/** The same with a key that only a person can replace. */
export const keyedToy: Connector<ToyConfig> = {
  ...toy,
  auth: { ...toy.auth, grant: async ({ config }) => ({ accessToken: config.key }) },
};

function fault(answer: HttpResponse, { now }: Asked): Fault | null {
  const plain = faultOfStatus('toy', answer.status, answer.headers, now);
  if (plain === null) return null;
  const { code, message } = refusal.parse(answer.json());
  const { status, retryAfterMs } = plain;
  const kind = code === 'CURSOR' ? 'expired' : plain.kind;
  return new Fault(kind, message, { code, ...(status && { status }), ...(retryAfterMs && { retryAfterMs }) });
}
