/** A scheduled pull of a system that can look at several streams at once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pulledObjects } from '../../src/sync/hub.ts';
import { pullNews } from '../../src/sync/pull/poll.ts';
import { pulledAt } from '../../src/sync/pull/pulled-at.ts';
import { openTestHub, type TestHub } from './hub.ts';
import { tellStory } from './story.ts';

let hub: TestHub;
beforeEach(async () => {
  hub = await openTestHub();
  tellStory(hub.emulator, Math.floor(hub.hub.clock.now() / 1_000) * 1_000 - 86_400_000);
});
afterEach(() => hub.close());

async function poll(name: string) {
  const system = hub.system(name);
  const { requests } = hub.emulator(name);
  requests.clear();
  const counts = await pullNews(hub.hub, system, { objects: pulledObjects(system) });
  return { changed: counts.changed, routes: requests.byRoute() };
}

describe('a scheduled pull', () => {
  it('of streams that were never read reads each of them', async () => {
    const { changed, routes } = await poll('salesforce');
    expect(changed).toBeGreaterThan(0);
    // Besides one call per stream: the org's currency, that Account and Contact have no person accounts here, and that
    // Opportunity has no fields for the details of credit.
    expect(routes).toEqual({
      'GET query': 1,
      'GET queryAll': pulledObjects(hub.system('salesforce')).length + 3,
      'GET sobjects/{type}/describe': 3,
    });
  });

  it('of ten quiet streams at Salesforce takes two calls, and counts as a reading of each', async () => {
    await poll('salesforce');
    await hub.hub.clock.sleep(60_000);
    const began = hub.hub.clock.now();
    expect(await poll('salesforce')).toEqual({ changed: 0, routes: { 'POST composite': 2 } });
    for (const object of pulledObjects(hub.system('salesforce')))
      expect(await pulledAt(hub.hub, 'salesforce', object)).toBeGreaterThanOrEqual(began);
  });

  it('reads the streams that have news, and no others', async () => {
    await poll('salesforce');
    await hub.hub.clock.sleep(60_000);
    hub.emulator('salesforce').records.create('Lead', { LastName: 'New', Company: 'Larkmere' });
    const { changed, routes } = await poll('salesforce');
    expect(changed).toBe(1);
    expect(routes).toEqual({ 'POST composite': 2, 'GET queryAll': 1 });
  });

  it('of a system without such a look reads each stream', async () => {
    await poll('hubspot');
    const { routes } = await poll('hubspot');
    expect(routes).toMatchObject({ 'POST contacts/search': 1, 'POST deals/search': 1 });
  });
});
