/** What an admin does from afar: pull now, look at parked work, bring it back or drop it. By API key only. */
import { Hono } from 'hono';
import { stages } from '../store/contract.ts';
import type { Hub } from '../sync/hub.ts';
import { pullSystem } from '../sync/pull.ts';
import { needsKey } from './keys.ts';
import { problem } from './problem.ts';

export function adminRoutes(hub: Hub): Hono {
  const routes = new Hono();
  routes.use('*', needsKey(hub, 'admin'));
  routes.post('/sync/:connection', async (c) => {
    const system = hub.systems.get(c.req.param('connection'));
    if (!system)
      return problem(c, 404, 'Not found', `Configured are: ${[...hub.systems.keys()].join(', ')}.`);
    return c.json(await pullSystem(hub, system, { full: c.req.query('full') === 'true' }));
  });
  routes.get('/parked', async (c) => c.json({ parked: await hub.store.work.parked() }));
  routes.post('/parked/retry', async (c) =>
    c.json({ retried: await hub.store.work.unpark(await filterOf(c.req)) }),
  );
  routes.post('/parked/drop', async (c) =>
    c.json({ dropped: await hub.store.work.drop(await filterOf(c.req)) }),
  );
  routes.get('/runs', async (c) => c.json({ runs: await hub.store.runs.recent(100) }));
  return routes;
}

/** `{ "stage"?, "key"? }`; an empty body means all. */
async function filterOf(request: {
  json(): Promise<unknown>;
}): Promise<{ stage?: (typeof stages)[number]; key?: string }> {
  const body: unknown = await request.json().catch(() => ({}));
  if (typeof body !== 'object' || body === null) return {};
  const stage = 'stage' in body ? stages.find((one) => one === body.stage) : undefined;
  const key = 'key' in body && typeof body.key === 'string' ? body.key : undefined;
  return { ...(stage ? { stage } : {}), ...(key ? { key } : {}) };
}
