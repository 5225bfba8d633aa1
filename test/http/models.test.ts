/** Models, fits and credit of the past through the API. */
import { expect, it } from 'vitest';
import { hubRoutes } from '../../src/http/server.ts';
import { refit } from '../../src/sync/fit/refit.ts';
import { walk } from '../../src/sync/road.ts';
import { onEachDatabase, outcomeOf } from '../sync/fit-hub.ts';

const apiKey = 'a-key-for-the-tests-of-the-api';

onEachDatabase('the API', ({ started }) => {
  it('lists fits, puts models side by side, and tells the credit of a day', async () => {
    const { hub, world } = await started();
    const then = new Date(hub.hub.clock.now()).toISOString();
    await hub.hub.clock.sleep(1_000);
    const version = outcomeOf(await refit(hub.hub), 'hazard').version ?? '';
    await walk(hub.hub, { push: false });
    const routes = hubRoutes(hub.hub);
    const ask = async (path: string) => {
      const answer = await routes.request(path);
      return { status: answer.status, body: await answer.json() };
    };
    expect(await ask('/api/models')).toMatchObject({
      body: { credit: { model: 'hazard', version, instead: null }, fits: [{}, {}] },
    });
    expect(await ask('/api/models/compare?status=all')).toMatchObject({
      body: { deals: world.won.length, waiting: 0, currencies: [{ currency: 'USD' }] },
    });
    expect(await ask(`/api/models/compare/${version}/${version}`)).toMatchObject({ body: { moved: 0 } });
    const [id = ''] = world.won;
    expect(await ask(`/api/deals/${id}?asOf=${then}`)).toMatchObject({
      body: { credit: { version: 'rule' }, asOf: { same: true } },
    });
    expect(await ask(`/api/deals/${id}?asOf=2026-03-02`)).toMatchObject({
      body: { credit: { version }, asOf: { same: true } },
    });
  });

  it('answers wrong queries with what is wrong, and nobody without the key', async () => {
    const { hub, world } = await started();
    const settings = { ...hub.hub.settings, server: { ...hub.hub.settings.server, apiKey } };
    const routes = hubRoutes({ ...hub.hub, settings });
    const wrong = [
      '/api/models/compare?status=x',
      '/api/models/compare?by=colour',
      '/api/models/compare/a/b',
      `/api/deals/${world.won[0]}?asOf=x`,
    ];
    for (const path of wrong) {
      expect((await routes.request(path)).status).toBe(401);
      const answer = await routes.request(path, { headers: { authorization: `Bearer ${apiKey}` } });
      expect([path, answer.status]).toEqual([path, 400]);
    }
  });
});
