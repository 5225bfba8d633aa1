/** Streams that the vendor lets be read in parts only: each has its checkpoint, its lease and its troubles. */
import { describe, expect, test } from 'vitest';
import type { Checkpoint, PullOptions, Stream, VendorRecord } from '../../src/connector/contract/reading.ts';
import type { Change } from '../../src/connector/contract/webhooks.ts';
import { Fault } from '../../src/connector/fault.ts';
import { hubStatus } from '../../src/reports/status.ts';
import { fetchMarked } from '../../src/sync/pull/named.ts';
import { pullNews } from '../../src/sync/pull/poll.ts';
import { pulledAt } from '../../src/sync/pull/pulled-at.ts';
import { type PullScope, pullStream } from '../../src/sync/pull/stream.ts';
import { namedKey } from '../../src/sync/pull/unit.ts';
import { openTestHub, type TestHub } from './hub.ts';
import { withStream } from './streams.ts';

const object = 'contacts';
const connection = 'hubspot';

interface Boxes {
  /** What each part holds. */
  readonly held: Map<string, string[]>;
  /** Parts as they were pulled, with where from. */
  readonly pulls: [part: string, from: Checkpoint | null][];
  /** What happens before a part is read. */
  onPull(part: string): Promise<void> | void;
}

/** Contacts in parts. The checkpoint of a part says how many pulls it has had. */
function boxed(hub: TestHub, held: Record<string, string[]>, partsAtOnce?: number): Boxes {
  const boxes: Boxes = {
    held: new Map(Object.entries(held)),
    pulls: [],
    onPull: () => undefined,
  };
  withStream(
    hub,
    connection,
    object,
    ({ fetch: _, ...stream }): Stream => ({
      ...stream,
      ...(partsAtOnce !== undefined && { partsAtOnce }),
      parts: async () => [...boxes.held.keys()],
      async *pull(_ctx, checkpoint: Checkpoint | null, { part = '' }: PullOptions = {}) {
        boxes.pulls.push([part, checkpoint]);
        await boxes.onPull(part);
        const records = (boxes.held.get(part) ?? []).map((id) => record(hub, id));
        yield { records: checkpoint === null ? records : [], checkpoint: Number(checkpoint ?? 0) + 1 };
      },
    }),
  );
  return boxes;
}

function record(hub: TestHub, id: string): VendorRecord {
  return {
    object,
    id,
    body: { id, properties: { lastname: id } },
    modifiedAt: hub.hub.clock.now() - 86_400_000,
  };
}

const open = () => openTestHub({ systems: [connection] });
const pull = (hub: TestHub, scope?: PullScope) => pullStream(hub.hub, hub.system(connection), object, scope);
const liveOf = async ({ hub }: TestHub) => (await hub.store.landing.counts(connection))[object] ?? 0;

describe('a stream of parts', () => {
  test('keeps a checkpoint for each part, and counts as read when all have been', async () => {
    const hub = await open();
    const boxes = boxed(hub, { ana: ['1', '2'], ben: ['3'] });
    expect(await pull(hub)).toMatchObject({ received: 3, changed: 3, pages: 2 });
    expect(await liveOf(hub)).toBe(3);
    expect(await pulledAt(hub.hub, connection, object)).not.toBeNull();
    boxes.held.set('cho', ['4']);
    await pull(hub);
    expect(boxes.pulls.slice(2)).toEqual([
      ['ana', 1],
      ['ben', 1],
      ['cho', null],
    ]);
    expect(await liveOf(hub)).toBe(4);
    await hub.close();
  });

  test('reads so many at once as the vendor allows, and one part never twice at the same time', async () => {
    const hub = await open();
    const boxes = boxed(hub, { ana: ['1'], ben: ['2'], cho: ['3'], dee: ['4'] }, 2);
    const underWay = new Set<string>();
    let most = 0;
    boxes.onPull = async (part) => {
      expect(underWay.has(part)).toBe(false);
      underWay.add(part);
      most = Math.max(most, underWay.size);
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      underWay.delete(part);
    };
    await Promise.all([pull(hub), pull(hub)]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(await liveOf(hub)).toBe(4);
    expect(await pulledAt(hub.hub, connection, object)).not.toBeNull();
    await hub.close();
  });

  test('is read on where one part fails, and the first fault is told', async () => {
    const hub = await open();
    const boxes = boxed(hub, { ana: ['1'], ben: ['2'], cho: ['3'] });
    boxes.onPull = (part) => {
      if (part === 'ben') throw new Fault('unavailable', 'ben’s mailbox is moving');
    };
    await expect(pull(hub)).rejects.toThrow('ben’s mailbox is moving');
    expect(await liveOf(hub)).toBe(2);
    expect(await pulledAt(hub.hub, connection, object)).toBeNull();
    await hub.close();
  });

  test('waits for no part that may not be read, names it, and looks again when a person asks', async () => {
    const hub = await open();
    const boxes = boxed(hub, { ana: ['1'], ben: ['2'], cho: ['3'] });
    boxes.onPull = (part) => {
      if (part !== 'ana') throw new Fault('absent', `${part} has no licence. Give one, or leave it so.`);
    };
    const news = () => pullNews(hub.hub, hub.system(connection), { objects: [object] });
    await news();
    expect(await pulledAt(hub.hub, connection, object)).not.toBeNull();
    const { troubles = [] } = (await hubStatus(hub.hub)).connections[connection] ?? {};
    expect(troubles.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^ben: ben has no licence.*Give one, or leave it so\. \(since .*1 more part/),
    ]);
    boxes.onPull = () => undefined;
    await news();
    expect(await liveOf(hub)).toBe(1);
    await pull(hub);
    expect(await liveOf(hub)).toBe(3);
    expect((await hubStatus(hub.hub)).connections[connection]?.troubles).toEqual([]);
    await hub.close();
  });

  test('is read on in one part only where a webhook names that, and whole where one names the stream', async () => {
    const hub = await open();
    const boxes = boxed(hub, { ana: ['1'], ben: ['2'], 'cho|dee': ['3'] });
    await pull(hub);
    boxes.pulls.length = 0;
    const name = (change: Change) => hub.hub.store.work.mark('fetch', [namedKey(connection, change)]);
    await name({ object, part: 'ben' });
    await name({ object, part: 'cho|dee' });
    await fetchMarked(hub.hub);
    expect(boxes.pulls.map(([part]) => part)).toEqual(['ben', 'cho|dee']);
    await name({ object, part: 'ben' });
    await name({ object });
    await fetchMarked(hub.hub);
    expect(boxes.pulls.slice(2).map(([part]) => part)).toEqual(['ana', 'ben', 'cho|dee']);
    expect((await hub.hub.store.work.counts()).fetch).toBe(0);
    await hub.close();
  });

  test('withdraws what is in no part any more, in a reading of everything that reached every part', async () => {
    const hub = await open();
    const boxes = boxed(hub, { ana: ['1', '2'], ben: ['3'] });
    await pull(hub);
    boxes.held.set('ana', ['1']);
    boxes.onPull = (part) => {
      if (part === 'ben') throw new Fault('absent', 'ben has no licence');
    };
    expect(await pull(hub, { full: true })).toMatchObject({ gone: 0 });
    expect(await liveOf(hub)).toBe(3);
    boxes.onPull = () => undefined;
    expect(await pull(hub, { full: true })).toMatchObject({ gone: 1 });
    expect(await liveOf(hub)).toBe(2);
    await hub.close();
  });

  test('takes no record for gone that somebody else has landed meanwhile', async () => {
    const hub = await open();
    const boxes = boxed(hub, { ana: ['1'], ben: ['2'] });
    await pull(hub);
    boxes.onPull = async (part) => {
      if (part !== 'ben') return;
      boxes.onPull = () => undefined;
      boxes.held.set('ana', ['1', '9']);
      const late = { ...record(hub, '9'), modifiedAt: hub.hub.clock.now() };
      await hub.hub.store.landing.put(connection, [late]);
    };
    expect(await pull(hub, { full: true, yes: true })).toMatchObject({ gone: 0 });
    expect(await liveOf(hub)).toBe(3);
    await hub.close();
  });
});
