/** A storm of changes at one system does not keep the news of another waiting. */

import { afterEach, describe, expect, it } from 'vitest';
import { refText } from '../../src/canonical/names.ts';
import { attributeMarked } from '../../src/sync/attribute/attribute.ts';
import { normalizeMarked } from '../../src/sync/normalize/normalize.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { resolveMarked } from '../../src/sync/resolve/resolve.ts';
import { walk } from '../../src/sync/road.ts';
import { onEachDatabase } from '../store/databases.ts';
import { openTestHub, type TestHub } from './hub.ts';
import { chat, tellStory } from './story.ts';

const storm = Array.from({ length: 20_000 }, (_, index) => String(index).padStart(6, '0'));

onEachDatabase('a stage that all connections share', (databases) => {
  it('gives each connection its share, whatever was marked first', async () => {
    const { work } = await databases.store();
    await work.mark(
      'normalize',
      storm.map((id) => `hubspot|contacts|${id}`),
    );
    await databases.clock.sleep(10_000);
    await work.mark('normalize', ['chatbot|event|1', 'salesforce|Lead|1', 'salesforce|Lead|2']);
    const claims = await work.claim('normalize', 100, 60_000);
    expect(claims).toHaveLength(100);
    const keys = claims.map(({ key }) => key);
    expect(keys).toEqual(
      expect.arrayContaining(['chatbot|event|1', 'salesforce|Lead|1', 'salesforce|Lead|2']),
    );
    expect(keys).toContain('hubspot|contacts|000000');
    await work.done(claims);
    expect((await work.counts()).normalize).toBe(storm.length + 3 - 100);
  });

  it('gives all to one when nobody else waits, and to nobody more than it has', async () => {
    const { work } = await databases.store();
    await work.mark(
      'fetch',
      storm.slice(0, 300).map((id) => `hubspot|contacts|${id}`),
    );
    expect(await work.claim('fetch', 100, 60_000)).toHaveLength(100);
    await work.mark('fetch', ['chatbot|event|1']);
    const rest = await work.claim('fetch', 1_000, 60_000);
    expect(rest).toHaveLength(201);
    expect(new Set(rest.map(({ key }) => key)).size).toBe(201);
    expect(await work.claim('fetch', 1_000, 60_000)).toEqual([]);
  });
});

describe('twenty thousand changes at HubSpot, then one chat', () => {
  let hub: TestHub;
  afterEach(() => hub.close());

  it('credits the chat after a few claims, and works off the rest', async () => {
    hub = await openTestHub();
    const story = tellStory(hub.emulator, Math.floor(hub.hub.clock.now() / 1_000) * 1_000);
    await hub.quiet();
    const { store } = hub.hub;
    const before = (await touchesOf(story.Opportunity.ada)).length;
    await store.work.mark(
      'normalize',
      storm.map((id) => refText({ connection: 'hubspot', object: 'contacts', id })),
    );
    await hub.hub.clock.sleep(5_000);
    chat(hub.emulator, { who: 'ada', session: 'storm', at: story.now - 40_000_000 });
    await pullSystem(hub.hub, hub.system('chatbot'));
    for (const stage of [normalizeMarked, resolveMarked, attributeMarked]) await stage(hub.hub);
    expect((await touchesOf(story.Opportunity.ada)).length).toBe(before + 1);
    expect((await store.work.counts()).normalize).toBeGreaterThan(18_000);
    await walk(hub.hub, { push: false });
    expect((await store.work.counts()).normalize).toBe(0);
  });

  async function touchesOf(opportunity: string): Promise<readonly string[]> {
    const { store } = hub.hub;
    const [id = ''] = Object.values(
      await store.entities.byKey('Deal', [`id:salesforce:Opportunity:${opportunity}`]),
    );
    const lines = await store.credits.ofDeal(id);
    return [...new Set(lines.filter(({ channel }) => channel === 'Chat').map(({ touch }) => touch))];
  }
});
