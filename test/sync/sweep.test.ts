/** A full reading notices what is gone, asks before it withdraws much, and never takes the living for dead. */
import { describe, expect, test } from 'vitest';
import type { Page, Stream } from '../../src/connector/contract/reading.ts';
import { hubStatus } from '../../src/reports/status.ts';
import type { System } from '../../src/sync/hub.ts';
import { land } from '../../src/sync/pull/landing.ts';
import { fetchMarked } from '../../src/sync/pull/named.ts';
import { pulledAt } from '../../src/sync/pull/pulled-at.ts';
import { pullStream } from '../../src/sync/pull/stream.ts';
import { namedKey } from '../../src/sync/pull/unit.ts';
import { openTestHub, type TestHub } from './hub.ts';
import { withStream as replaceStream } from './streams.ts';

const object = 'contacts';

interface Story extends TestHub {
  readonly ids: readonly string[];
}

async function portal(count: number, settings: { readonly safety?: object } = {}): Promise<Story> {
  const hub = await openTestHub({ systems: ['hubspot'], settings });
  const { records } = hub.emulator('hubspot');
  const ids = Array.from({ length: count }, (_, n) =>
    records.create(object, { email: `person${n}@acme.example`, lastname: `Person ${n}` }),
  );
  await pullStream(hub.hub, hub.system('hubspot'), object);
  return { ...hub, ids };
}

async function liveOf({ hub }: TestHub): Promise<number> {
  return (await hub.store.landing.counts('hubspot'))[object] ?? 0;
}

function reread(hub: TestHub, yes = false, system = hub.system('hubspot')) {
  return pullStream(hub.hub, system, object, { full: true, yes });
}

/** The system with a stream of contacts that is changed in one point. */
function withStream(hub: TestHub, change: (stream: Stream) => Stream): System {
  const system = hub.system('hubspot');
  const stream = system.connector.streams?.[object];
  if (!stream) throw new Error('no contacts');
  const streams = { ...system.connector.streams, [object]: change(stream) };
  return { ...system, connector: { ...system.connector, streams } };
}

function paging(stream: Stream, change: (page: Page) => Page | Promise<Page>): Stream {
  return {
    ...stream,
    async *pull(...input) {
      for await (const page of stream.pull(...input)) yield await change(page);
    },
  };
}

describe('a full reading', () => {
  test('withdraws a record that no longer comes, and its person with it', async () => {
    const hub = await portal(3);
    hub.emulator('hubspot').records.remove(object, hub.ids[0] ?? '');
    expect(await reread(hub)).toMatchObject({ gone: 1 });
    expect(await liveOf(hub)).toBe(2);
    await hub.settle();
    const people = await hub.hub.store.entities.scan('Person', null, 10);
    const present = people.filter(({ withdrawn }) => !withdrawn);
    expect(present.map(({ fields }) => fields.lastName).toSorted()).toEqual(['Person 1', 'Person 2']);
    expect(await reread(hub)).toMatchObject({ gone: 0, changed: 0 });
    await hub.close();
  });

  test('asks before it withdraws much, says so in the status, and does it when it is allowed', async () => {
    const hub = await portal(30, { safety: { maxShare: 0.25, minRecords: 10 } });
    for (const id of hub.ids.slice(0, 12)) hub.emulator('hubspot').records.remove(object, id);
    expect(await reread(hub)).toMatchObject({ gone: 0 });
    expect(await liveOf(hub)).toBe(30);
    const { troubles = [] } = (await hubStatus(hub.hub)).connections.hubspot ?? {};
    expect(troubles.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^12 of 30 contacts records did not come.*--full --yes/),
    ]);
    expect(await reread(hub, true)).toMatchObject({ gone: 12 });
    expect(await liveOf(hub)).toBe(18);
    expect((await hubStatus(hub.hub)).connections.hubspot?.troubles).toEqual([]);
    await hub.close();
  });

  test('that is cut off withdraws nothing', async () => {
    const hub = await portal(150);
    const cut = withStream(hub, (stream) =>
      paging(stream, (page) => {
        if (page.records.length < 100) throw new Error('the line is dead');
        return page;
      }),
    );
    await expect(reread(hub, true, cut)).rejects.toThrow('the line is dead');
    expect(await liveOf(hub)).toBe(150);
    await pullStream(hub.hub, hub.system('hubspot'), object);
    expect(await liveOf(hub)).toBe(150);
    await hub.close();
  });

  test('keeps a record that was made, and landed by its webhook, while it went on', async () => {
    const hub = await portal(3);
    let made = '';
    const busy = withStream(hub, (stream) =>
      paging(stream, async (page) => {
        made = hub.emulator('hubspot').records.create(object, { lastname: 'Meanwhile' });
        await hub.hub.store.work.mark('fetch', [`hubspot|${object}|${made}`]);
        await fetchMarked(hub.hub);
        return page;
      }),
    );
    expect(await reread(hub, true, busy)).toMatchObject({ gone: 0 });
    expect(made).not.toBe('');
    expect(await liveOf(hub)).toBe(4);
    await hub.close();
  });

  test('takes nothing from a stream that yields facts, or a window of time', async () => {
    const hub = await portal(3);
    const facts = withStream(hub, ({ complete: _, ...stream }) =>
      paging(stream, (page) => ({ ...page, records: [] })),
    );
    expect(await reread(hub, true, facts)).toMatchObject({ gone: 0 });
    expect(await liveOf(hub)).toBe(3);
    await hub.close();
  });

  test('withdraws from streams that cannot fetch, and a record that comes again is live again', async () => {
    const hub = await portal(3);
    const blind = (left: number) =>
      withStream(hub, ({ fetch: _, ...stream }) =>
        paging(stream, (page) => ({
          ...page,
          // As of a vendor that does not say when a row was read.
          records: page.records.slice(left).map(({ readAt: __, ...record }) => record),
        })),
      );
    expect(await reread(hub, true, blind(1))).toMatchObject({ gone: 1 });
    expect(await liveOf(hub)).toBe(2);
    await hub.hub.clock.sleep(2_000);
    expect(await reread(hub, true, blind(0))).toMatchObject({ gone: 0, changed: 1 });
    expect(await liveOf(hub)).toBe(3);
    await hub.close();
  });

  test('is no matter of a webhook that names a stream alone: that reads on from the checkpoint', async () => {
    const hub = await portal(2);
    hub.emulator('hubspot').records.create(object, { email: 'new@acme.example', lastname: 'New' });
    await hub.hub.clock.sleep(60_000);
    await hub.hub.store.work.mark('fetch', [namedKey('hubspot', { object })]);
    await fetchMarked(hub.hub);
    expect(await liveOf(hub)).toBe(3);
    await hub.close();
  });

  test('leaves a deletion that the vendor told as it is', async () => {
    const hub = await portal(2);
    const [id = ''] = hub.ids;
    const [record] = await hub.hub.store.landing.get([`hubspot|${object}|${id}`]);
    const { modifiedAt = 0 } = record ?? {};
    await land(hub.hub, 'hubspot', [{ object, id, body: {}, modifiedAt, tombstone: { kind: 'deleted' } }]);
    await reread(hub, true);
    expect(await liveOf(hub)).toBe(1);
    await hub.close();
  });
});

describe('a change that is named', () => {
  test('of a stream that cannot read by id starts a pull of it', async () => {
    const hub = await openTestHub({ systems: ['hubspot'] });
    replaceStream(hub, 'hubspot', object, ({ fetch: _, ...stream }) => stream);
    await hub.hub.store.work.mark('fetch', [`hubspot|${object}|any`]);
    await fetchMarked(hub.hub);
    expect(await pulledAt(hub.hub, 'hubspot', object)).not.toBeNull();
    expect((await hub.hub.store.work.counts()).fetch).toBe(0);
    await hub.close();
  });

  test('is kept while somebody else pulls the stream', async () => {
    const hub = await openTestHub({ systems: ['hubspot'] });
    replaceStream(hub, 'hubspot', object, ({ fetch: _, ...stream }) => stream);
    await hub.hub.store.work.mark('fetch', [`hubspot|${object}|any`]);
    await hub.hub.store.connections.leased(`pull:hubspot:${object}`, 60_000, async () => {
      await fetchMarked(hub.hub);
    });
    expect((await hub.hub.store.work.counts()).fetch).toBe(1);
    await hub.hub.clock.sleep(6_000);
    await fetchMarked(hub.hub);
    expect(await pulledAt(hub.hub, 'hubspot', object)).not.toBeNull();
    await hub.close();
  });

  test('of an object that the mapping does not read asks nobody', async () => {
    const hub = await openTestHub({ systems: ['hubspot'] });
    const { requests } = hub.emulator('hubspot');
    requests.clear();
    await hub.hub.store.work.mark('fetch', ['hubspot|owners|1', 'hubspot|2-345|7']);
    await fetchMarked(hub.hub);
    expect([requests.counted(), (await hub.hub.store.work.counts()).fetch]).toEqual([0, 0]);
    await hub.close();
  });
});
