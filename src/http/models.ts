/** Models and their fits; what each gives each channel. */
import { Hono } from 'hono';
import { creditGroup, dealFilter } from '../reports/deal-filter.ts';
import { sideBySide } from '../reports/side-by-side.ts';
import { compareFits } from '../sync/fit/compare.ts';
import type { Hub } from '../sync/hub.ts';
import { needsKey } from './keys.ts';

export function modelRoutes(hub: Hub): Hono {
  const routes = new Hono();
  routes.use('*', needsKey(hub, 'read'));
  routes.get('/', async (c) => {
    const { credit, instead } = await hub.models.current();
    const named = { model: credit.id, version: credit.version, instead: instead ?? null };
    return c.json({ credit: named, fits: await hub.store.fits.list() });
  });
  routes.get('/compare', async (c) => {
    const query = c.req.query();
    return c.json(await sideBySide(hub, dealFilter(query), creditGroup(query.by)));
  });
  routes.get('/compare/:from/:to', async (c) =>
    c.json(await compareFits(hub, c.req.param('from'), c.req.param('to'))),
  );
  return routes;
}
