/** Pulls that the vendor keeps waiting: nothing is held for them, nothing counts as read, and they are taken up. */
import { describe, expect, test, vi } from 'vitest';
import type { Checkpoint, Stream } from '../../src/connector/contract/reading.ts';
import { hubStatus } from '../../src/reports/status.ts';
import { systemClock } from '../../src/support/clock.ts';
import { firstReads } from '../../src/sync/pull/first-read.ts';
import { fetchMarked } from '../../src/sync/pull/named.ts';
import { pullNews } from '../../src/sync/pull/poll.ts';
import { pulledAt } from '../../src/sync/pull/pulled-at.ts';
import { pullStream } from '../../src/sync/pull/stream.ts';
import { startSchedule } from '../../src/sync/schedule.ts';
import { openTestHub, pacingOff, type TestHub } from './hub.ts';
import { withStream } from './streams.ts';

const object = 'contacts';
const connection = 'hubspot';
const minute = 60_000;

interface Export {
  started: number;
  asked: number;
  doneAt: number;
}

/** The stream as an export: asked for once, done after `takesMs`, waited for by rests of `resumeInMs`. */
function exported(hub: TestHub, takesMs: number, resumeInMs = takesMs): Export {
  const job: Export = { started: 0, asked: 0, doneAt: 0 };
  withStream(
    hub,
    connection,
    object,
    (stream): Stream => ({
      ...stream,
      async *pull(ctx, checkpoint, options) {
        if (checkpoint !== null && !isJob(checkpoint)) return yield* stream.pull(ctx, checkpoint, options);
        if (checkpoint === null) {
          job.started += 1;
          job.doneAt = hub.hub.clock.now() + takesMs;
          yield { records: [], checkpoint: { job: job.started } };
        }
        job.asked += 1;
        if (hub.hub.clock.now() < job.doneAt) return { resumeInMs, waitsFor: 'an export of contacts' };
        return yield* stream.pull(ctx, null, options);
      },
    }),
  );
  return job;
}

function isJob(checkpoint: Checkpoint): boolean {
  return JSON.stringify(checkpoint).startsWith('{"job"');
}

async function portal(people: number, options: Parameters<typeof openTestHub>[0] = {}): Promise<TestHub> {
  const hub = await openTestHub({ systems: [connection], ...options });
  const { records } = hub.emulator(connection);
  for (let n = 0; n < people; n += 1)
    records.create(object, { email: `person${n}@acme.example`, lastname: `Person ${n}` });
  return hub;
}

const liveOf = async ({ hub }: TestHub) => (await hub.store.landing.counts(connection))[object] ?? 0;
const news = (hub: TestHub) => pullNews(hub.hub, hub.system(connection), { objects: [object] });

describe('a pull that is kept waiting', () => {
  test('holds nothing, counts as unread, is named in the status, and ends where it left off', async () => {
    const hub = await portal(3);
    const job = exported(hub, 30 * minute);
    await pullStream(hub.hub, hub.system(connection), object);
    expect(await hub.hub.store.connections.leaseHolder(`pull:${connection}:${object}`)).toBeNull();
    expect(await pulledAt(hub.hub, connection, object)).toBeNull();
    expect((await firstReads(hub.hub)).map((one) => one.object)).toContain(object);
    const { troubles = [] } = (await hubStatus(hub.hub)).connections[connection] ?? {};
    expect(troubles.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^contacts waits for an export of contacts since \d{4}-\d\d-\d\d \d\d:\d\d UTC/),
    ]);
    await hub.hub.clock.sleep(30 * minute);
    await pullStream(hub.hub, hub.system(connection), object);
    expect(job).toMatchObject({ started: 1, asked: 2 });
    expect(await liveOf(hub)).toBe(3);
    expect(await pulledAt(hub.hub, connection, object)).not.toBeNull();
    expect((await hubStatus(hub.hub)).connections[connection]?.troubles).toEqual([]);
    await hub.close();
  });

  test('is left alone by the schedule until it is due, also when the clock was put back', async () => {
    const hub = await portal(1);
    const job = exported(hub, 30 * minute);
    await news(hub);
    await news(hub);
    expect(job.asked).toBe(1);
    await hub.hub.clock.sleep(30 * minute);
    await news(hub);
    expect(job).toMatchObject({ started: 1, asked: 2 });
    expect(await liveOf(hub)).toBe(1);
    await hub.close();
  });

  test('is asked for within the hour, whatever the vendor says', async () => {
    const hub = await portal(1);
    const job = exported(hub, 90 * minute, 365 * 24 * 60 * minute);
    await news(hub);
    await hub.hub.clock.sleep(61 * minute);
    await news(hub);
    expect(job.asked).toBe(2);
    await hub.close();
  });

  test('lets a change that is named for it wait, and reads it after the export', async () => {
    const hub = await portal(1);
    const job = exported(hub, 30 * minute);
    withStream(hub, connection, object, ({ fetch: _, ...stream }) => stream);
    await news(hub);
    hub.emulator(connection).records.create(object, { email: 'late@acme.example', lastname: 'Late' });
    await hub.hub.store.work.mark('fetch', [`${connection}|${object}|99`]);
    await fetchMarked(hub.hub);
    await fetchMarked(hub.hub);
    expect(job.asked).toBe(1);
    await hub.hub.clock.sleep(30 * minute);
    await fetchMarked(hub.hub);
    expect(job.asked).toBe(2);
    expect(await liveOf(hub)).toBe(2);
    await hub.close();
  });

  test('as a reading of everything withdraws what is gone by the list of ids, not by what came', async () => {
    const hub = await portal(3);
    const { records } = hub.emulator(connection);
    await pullStream(hub.hub, hub.system(connection), object);
    const left = records
      .all(object)
      .slice(1)
      .map((row) => String(row.hs_object_id ?? row.id));
    const gone = String(records.all(object)[0]?.hs_object_id ?? '');
    expect(left).toHaveLength(2);
    const job = exported(hub, 30 * minute);
    withStream(hub, connection, object, (stream) => ({
      ...stream,
      ids: async function* () {
        yield left;
      },
    }));
    await pullStream(hub.hub, hub.system(connection), object, { full: true });
    records.remove(object, gone);
    await hub.hub.clock.sleep(30 * minute);
    expect(await pullStream(hub.hub, hub.system(connection), object)).toMatchObject({ gone: 1 });
    expect(job).toMatchObject({ started: 1, asked: 2 });
    expect(await liveOf(hub)).toBe(2);
    await hub.close();
  });

  test('is taken up by a running hub by itself when it is due', { timeout: 120_000 }, async () => {
    const hub = await portal(2, { clock: systemClock, ...pacingOff });
    const job = exported(hub, 300);
    const scheduler = startSchedule(hub.hub, { pullAtStart: true });
    await vi.waitFor(async () => expect(await liveOf(hub)).toBe(2), { timeout: 110_000 });
    expect(job.started).toBe(1);
    await scheduler.stop();
    await hub.close();
  });
});
