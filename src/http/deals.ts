/** Deals with their chat credit, and the reasons. */

import { Hono } from 'hono';
import { z } from 'zod';
import { chatCreditOf } from '../canonical/chat-credit.ts';
import type { Entity } from '../canonical/model.ts';
import { asOfTime } from '../reports/as-of.ts';
import { explainDeal } from '../reports/explain.ts';
import type { Hub } from '../sync/hub.ts';
import { needsKey } from './keys.ts';
import { problem } from './problem.ts';

const listQuery = z.object({
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export function dealRoutes(hub: Hub): Hono {
  const routes = new Hono();
  routes.use('*', needsKey(hub, 'read'));
  routes.get('/', async (c) => {
    const query = listQuery.safeParse(c.req.query());
    if (!query.success)
      return problem(
        c,
        400,
        'Wrong query',
        'limit is a number from 1 to 500, after is the last id of the page before.',
      );
    const { after, limit } = query.data;
    const deals = await hub.store.entities.scan('Deal', after ?? null, limit);
    const next = deals.length === limit ? (deals.at(-1)?.id ?? null) : null;
    return c.json({ deals: deals.filter((deal) => !deal.withdrawn).map(dealLine), next });
  });
  routes.get('/:id', async (c) => {
    const explained = await explainDeal(hub, c.req.param('id'), asOfTime(c.req.query('asOf')));
    return explained
      ? c.json(explained)
      : problem(c, 404, 'Not found', 'No deal has this id, at the hub or at a CRM.');
  });
  return routes;
}

function dealLine({ id, fields }: Entity): object {
  return {
    id,
    name: fields.name ?? null,
    amount: fields.amount ?? null,
    status: fields.status ?? null,
    credit: chatCreditOf(fields),
  };
}
