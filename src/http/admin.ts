/** What an admin does from afar: pull now, look at parked work, bring it back or drop it. By API key only. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { stages } from '../store/contract/work.ts';
import type { Hub } from '../sync/hub.ts';
import { pullSystem } from '../sync/pull/pull.ts';
import { retryParked } from '../sync/push/mended.ts';
import { writingRuns } from '../sync/undo/runs.ts';
import { limitedBody } from './body.ts';
import { needsKey } from './keys.ts';
import { problem } from './problem.ts';

const maxBody = 64 * 1024;
const listed = 100;

export function adminRoutes(hub: Hub): Hono {
  const routes = new Hono();
  routes.use('*', needsKey(hub, 'admin'));
  routes.use('*', limitedBody(maxBody));
  routes.post('/sync/:connection', async (c) => {
    const system = hub.systems.get(c.req.param('connection'));
    if (!system)
      return problem(c, 404, 'Not found', `Configured are: ${[...hub.systems.keys()].join(', ')}.`);
    return c.json(
      await pullSystem(hub, system, {
        full: c.req.query('full') === 'true',
        yes: c.req.query('yes') === 'true',
      }),
    );
  });
  routes.get('/parked', async (c) => c.json({ parked: await hub.store.work.parked() }));
  routes.post('/parked/retry', async (c) => {
    const filter = await filterOf(c.req);
    return filter ? c.json({ retried: await retryParked(hub, filter) }) : wrongFilter(c);
  });
  routes.post('/parked/drop', async (c) => {
    const filter = await filterOf(c.req);
    return filter ? c.json({ dropped: await hub.store.work.drop(filter) }) : wrongFilter(c);
  });
  routes.get('/runs', async (c) => c.json({ runs: await writingRuns(hub, listed) }));
  return routes;
}

const filterSchema = z.strictObject({
  stage: z.enum(stages).exactOptional(),
  key: z.string().exactOptional(),
});

/** An empty body means all; null for one that is not understood, for it may have meant less. */
async function filterOf(request: { text(): Promise<string> }): Promise<z.infer<typeof filterSchema> | null> {
  const text = await request.text();
  try {
    return filterSchema.parse(text.trim() === '' ? {} : JSON.parse(text));
  } catch {
    return null;
  }
}

function wrongFilter(c: Context): Response {
  const detail = `The body is empty, or { "stage"?, "key"? } with a stage of: ${stages.join(', ')}.`;
  return problem(c, 400, 'Wrong filter', detail);
}
