/** Events that are sent once: what was sent is never sent again, and what may have arrived is not guessed. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Appended, Appender, Batch } from '../../src/connector/contract/appending.ts';
import { Fault } from '../../src/connector/fault.ts';
import { eventsSentLines } from '../../src/reports/events-sent.ts';
import { hubStatus } from '../../src/reports/status.ts';
import { walk } from '../../src/sync/road.ts';
import { mappingsWith, openTestHub, type TestHub } from './hub.ts';
import { withConnector } from './streams.ts';

const connection = 'hubspot';
const object = 'behaviour';
const hour = 3_600_000;
const section = `objects:
  behaviour:
    sends: [touch.chat]
    body: { event: $type, at: $timeMs, who: person.email, source: { value: chatbot } }
`;

const opened: { close(): Promise<void> }[] = [];
const mappings = mappingsWith(connection, 'objects:\n', section);
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

interface Vendor {
  readonly batches: Batch[];
  /** Before the vendor answers; it has the batch already. */
  meanwhile: () => void;
}

function appending(hub: TestHub, change: Partial<Appender> = {}): Vendor {
  const vendor: Vendor = { batches: [], meanwhile: () => {} };
  const appender: Appender = {
    ...{ batchSize: 2, repeat: 'merges' },
    append: async (_ctx, batch) => {
      vendor.batches.push(batch);
      vendor.meanwhile();
      return batch.events.map(({ id }) => ({ id, status: 'taken' }));
    },
    ...change,
  };
  const { connector } = hub.system(connection);
  withConnector(hub, connection, {
    ...connector,
    appender: (name) => (name === object ? appender : undefined),
  });
  return vendor;
}

async function open(options: Parameters<typeof openTestHub>[0] = {}): Promise<TestHub> {
  const hub = await openTestHub({ systems: [connection, 'chatbot'], mappings: mappings.path, ...options });
  opened.push(hub);
  return hub;
}

const sessionOf = (name: string) => ({ sessionId: `s-${name}`, visitorId: `v-${name}` });

/** Somebody chats, and says who they are. */
function chats(hub: TestHub, name: string, at?: number, isKnown = true): void {
  const when = at === undefined ? {} : { at: new Date(at).toISOString() };
  hub.emulator('chatbot').records.create('event', { type: 'session.started', ...sessionOf(name), ...when });
  if (isKnown) says(hub, name, when);
}

function says(hub: TestHub, name: string, when: { at?: string } = {}): void {
  const email = `${name}@larkmere.example`;
  hub.emulator('chatbot').records.create('event', { type: 'identified', ...sessionOf(name), email, ...when });
}

const told = ({ batches }: Vendor) =>
  batches.flatMap(({ events }) => events.map(({ body }) => body.who)).toSorted();
const statuses = async ({ hub }: TestHub) =>
  Object.fromEntries((await hub.store.sent.counts(connection)).map(({ status, events }) => [status, events]));
const parked = async ({ hub }: TestHub) =>
  (await hub.store.work.parked()).filter(({ key }) => key.startsWith(`${connection}|ask|`));

describe('events that are sent', () => {
  test('go once each in full batches, and are not sent again for anything', async () => {
    const hub = await open();
    const vendor = appending(hub);
    await hub.quiet();
    for (const name of ['ada', 'ben', 'cleo']) chats(hub, name);
    await hub.quiet();
    expect(told(vendor)).toEqual(['ada@larkmere.example', 'ben@larkmere.example', 'cleo@larkmere.example']);
    expect(vendor.batches.map(({ events }) => events.length).toSorted()).toEqual([1, 2]);
    const [first] = vendor.batches[0]?.events ?? [];
    expect(first).toMatchObject({ body: { event: 'touch.chat', source: 'chatbot', at: first?.at } });
    // All is marked anew, as after an edit.
    const ids = vendor.batches.flatMap(({ events }) => events.map(({ id }) => `${connection}|send|${id}`));
    await hub.hub.store.work.mark('push', ids);
    await hub.quiet();
    expect(vendor.batches).toHaveLength(2);
    expect(await statuses(hub)).toEqual({ sent: 3 });
  });

  test('are those since the hub met the system, also when they come late', async () => {
    const hub = await open();
    const vendor = appending(hub);
    const { clock } = hub.hub;
    chats(hub, 'before', clock.now() - hour);
    await hub.quiet();
    const connected = clock.now();
    await clock.sleep(3 * hour);
    chats(hub, 'now', clock.now());
    await hub.quiet();
    chats(hub, 'late', connected + hour);
    chats(hub, 'history', connected - 2 * hour);
    await hub.quiet();
    expect(told(vendor)).toEqual(['late@larkmere.example', 'now@larkmere.example']);
  });

  test('wait for what they have to say of their person', async () => {
    const hub = await open();
    const vendor = appending(hub);
    await hub.quiet();
    chats(hub, 'ada', undefined, false);
    chats(hub, 'nobody', undefined, false);
    await hub.sync();
    expect(vendor.batches).toEqual([]);
    says(hub, 'ada');
    await hub.hub.clock.sleep(2 * hour);
    await hub.sync();
    expect(told(vendor)).toEqual(['ada@larkmere.example']);
    await hub.hub.clock.sleep(8 * 24 * hour);
    await hub.sync();
    expect(await statuses(hub)).toEqual({ sent: 1, nobody: 1 });
    expect(await hub.hub.store.work.count('push', '')).toBe(0);
  });

  test('that are older than the vendor takes are counted as late', async () => {
    const hub = await open();
    const vendor = appending(hub, { maxAgeMs: 2 * hour });
    await hub.quiet();
    const connected = hub.hub.clock.now();
    await hub.hub.clock.sleep(5 * hour);
    chats(hub, 'ada', connected + hour);
    await hub.quiet();
    expect([vendor.batches, await statuses(hub)]).toEqual([[], { late: 1 }]);
  });

  test('go again to the letter after a kill, where that is harmless', async () => {
    const hub = await open();
    const vendor = appending(hub);
    await hub.quiet();
    vendor.meanwhile = () => {
      throw new Error('killed');
    };
    chats(hub, 'ada');
    await expect(hub.sync()).rejects.toThrow('killed');
    chats(hub, 'ben');
    vendor.meanwhile = () => {};
    await hub.quiet();
    expect(vendor.batches).toHaveLength(3);
    expect(vendor.batches).toContainEqual(vendor.batches[0]);
    expect(new Set(vendor.batches.map(({ id }) => id)).size).toBe(2);
    expect(await statuses(hub)).toEqual({ sent: 2 });
  });

  test('without an answer are not repeated where that would double them: a person is asked, and decides', async () => {
    const hub = await open();
    const vendor = appending(hub, { repeat: 'doubles' });
    await hub.quiet();
    vendor.meanwhile = () => {
      throw new Fault('unavailable', 'no answer');
    };
    chats(hub, 'ada');
    await hub.sync();
    vendor.meanwhile = () => {};
    await hub.hub.clock.sleep(hour);
    await hub.quiet();
    expect(vendor.batches).toHaveLength(1);
    const asked = await parked(hub);
    expect(asked).toMatchObject([{ reason: { code: 'NO_ANSWER' } }]);
    const [, , , event = ''] = (asked[0]?.key ?? '').split('|');
    // Nothing of anybody is kept while a person thinks about it.
    expect(await hub.hub.store.sent.of(connection, object, [event])).toMatchObject([
      { status: 'asked', content: null },
    ]);
    await hub.hub.store.work.unpark({ stage: 'push', key: asked[0]?.key ?? '' });
    await hub.quiet();
    expect(vendor.batches).toHaveLength(2);
    expect(vendor.batches[1]?.events).toEqual(vendor.batches[0]?.events);
    expect(await statuses(hub)).toEqual({ sent: 1 });
  });

  test('are not repeated after a kill where that would double them', async () => {
    const hub = await open();
    const vendor = appending(hub, { repeat: 'doubles' });
    await hub.quiet();
    vendor.meanwhile = () => {
      throw new Error('killed');
    };
    chats(hub, 'ada');
    await expect(hub.sync()).rejects.toThrow('killed');
    vendor.meanwhile = () => {};
    await hub.quiet();
    expect(vendor.batches).toHaveLength(1);
    expect(await parked(hub)).toMatchObject([{ reason: { code: 'NO_ANSWER' } }]);
  });

  test('without an answer are asked for where the vendor can be asked, and those that are missing go', async () => {
    const hub = await open();
    const asked: Appended[][] = [];
    const vendor = appending(hub, {
      repeat: 'doubles',
      seen: async (_ctx, events) => {
        asked.push([...events]);
        return new Set(events.slice(0, 1).map(({ id }) => id));
      },
    });
    await hub.quiet();
    vendor.meanwhile = () => {
      throw new Fault('unavailable', 'no answer');
    };
    chats(hub, 'ada');
    chats(hub, 'ben');
    await hub.sync();
    vendor.meanwhile = () => {};
    await hub.hub.clock.sleep(hour);
    await hub.quiet();
    expect(asked).toHaveLength(1);
    expect(vendor.batches.map(({ events }) => events)).toEqual([asked[0], asked[0]?.slice(1)]);
    expect(await statuses(hub)).toEqual({ sent: 2 });
  });

  test('that the vendor has certainly not taken go again without a question', async () => {
    const hub = await open();
    const vendor = appending(hub, { repeat: 'doubles' });
    await hub.quiet();
    vendor.meanwhile = () => {
      throw new Fault('throttled', 'slow down');
    };
    chats(hub, 'ada');
    await hub.sync();
    vendor.meanwhile = () => {};
    await hub.hub.clock.sleep(hour);
    await hub.quiet();
    expect([vendor.batches.length, await statuses(hub)]).toEqual([2, { sent: 1 }]);
  });

  test('of which one is refused park that one', async () => {
    const hub = await open();
    const vendor = appending(hub, {
      append: async (_ctx, { events }) =>
        events.map(({ id, body }) =>
          body.who === 'ada@larkmere.example'
            ? { id, status: 'failed', fault: new Fault('rejected', 'not her', { code: 'NO' }) }
            : { id, status: 'taken' },
        ),
    });
    await hub.quiet();
    chats(hub, 'ada');
    chats(hub, 'ben');
    await hub.quiet();
    expect(vendor.batches).toEqual([]);
    expect(await statuses(hub)).toEqual({ asked: 1, sent: 1 });
    const { events = {} } = (await hubStatus(hub.hub)).connections[connection] ?? {};
    expect(events).toEqual({ [object]: { sent: 1, open: 0, late: 0, nobody: 0, asked: 1 } });
    expect(eventsSentLines(events)).toEqual(['behaviour: 1 event sent, 1 refused or without an answer']);
    expect(await parked(hub)).toMatchObject([{ reason: { code: 'NO', message: 'not her' } }]);
  });

  test('ask before the first one, and are not sent while writes are off', async () => {
    const hub = await open({ settings: { safety: { firstCreation: 'ask' } } });
    const vendor = appending(hub);
    await hub.quiet();
    chats(hub, 'ada');
    await hub.sync();
    expect(vendor.batches).toEqual([]);
    const found = (await hub.hub.store.work.parked()).filter(({ key }) =>
      key.startsWith(`${connection}|send|`),
    );
    expect(found).toMatchObject([{ reason: { code: 'FIRST_CREATION' } }]);
    await hub.hub.store.work.unpark({ stage: 'push' });
    await walk(hub.hub, { yes: true });
    expect(told(vendor)).toEqual(['ada@larkmere.example']);

    const off = await open({ connection: { [connection]: { writes: 'off' } } });
    const silent = appending(off);
    await off.quiet();
    chats(off, 'ada');
    await off.quiet();
    expect([silent.batches, await statuses(off)]).toEqual([[], {}]);
  });
});
