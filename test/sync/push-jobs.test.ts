/** Writes that the vendor decides later: nothing of them is sent again, and what became of them is found out when due. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Decided, Sink, Write } from '../../src/connector/contract/writing.ts';
import { Fault } from '../../src/connector/fault.ts';
import { hubStatus } from '../../src/reports/status.ts';
import { walk } from '../../src/sync/road.ts';
import { planUndo } from '../../src/sync/undo/undo.ts';
import { dataDirectory, openTestHub, type TestHub } from './hub.ts';
import { withSink } from './streams.ts';

const [connection, object] = ['hubspot', 'contacts'];
const minute = 60_000;

const data = dataDirectory();
const opened: TestHub[] = [];
afterEach(async () => {
  for (const hub of opened.splice(0).reverse()) await hub.close();
  data.remove();
});

type Collect = (sink: Sink, ...args: Parameters<NonNullable<Sink['collect']>>) => Promise<Decided[]>;

interface Imports {
  /** The writes of each import, as they were pushed. */
  readonly pushed: Write[][];
  asked: number;
  /** How each ended; the sound one sends them to the vendor only now. */
  collect: Collect;
}

const sound: Collect = async (sink, ctx, _job, writes) =>
  (await sink.push(ctx, writes)).filter((outcome) => outcome.status !== 'pending');

/** Contacts go by an import, done after `takesMs`. */
function imported(hub: TestHub, takesMs = 30 * minute, into?: Imports): Imports {
  const imports = into ?? { pushed: [], asked: 0, collect: sound };
  const doneAt = new Map<string, number>();
  withSink(hub, connection, object, (sink) => ({
    ...sink,
    push: async (_ctx, writes) => {
      imports.pushed.push([...writes]);
      const job = `import-${imports.pushed.length}`;
      doneAt.set(job, hub.hub.clock.now() + takesMs);
      const rest = { resumeInMs: takesMs, waitsFor: 'an import of contacts' };
      return writes.map(({ key }) => ({ key, status: 'pending', job: { id: job }, rest }));
    },
    collect: async (ctx, job, writes) => {
      imports.asked += 1;
      const { id } = job as { id: string };
      const left = (doneAt.get(id) ?? 0) - hub.hub.clock.now();
      if (left > 0) return { resumeInMs: left, waitsFor: 'an import of contacts' };
      return imports.collect(sink, ctx, job, writes);
    },
  }));
  return imports;
}

async function portal(): Promise<TestHub> {
  const hub = await openTestHub({ systems: [connection, 'chatbot'], data: data.path });
  opened.push(hub);
  await hub.quiet();
  return hub;
}

function says(hub: TestHub, name: string, more: object = {}): void {
  const id = { sessionId: `s-${name}`, visitorId: `v-${name}` };
  const email = `${name}@larkmere.example`;
  hub.emulator('chatbot').records.create('event', { type: 'identified', ...id, email, ...more });
}

const contacts = (hub: TestHub) => hub.emulator(connection).records.all(object);
const outcomes = async ({ hub }: TestHub) =>
  (await hub.store.outbox.writes({ connection }, 99)).map(({ status }) => status);
const parked = async ({ hub }: TestHub) => (await hub.store.work.parked()).map(({ reason }) => reason.code);
const later = ({ hub }: TestHub, ms = 30 * minute) => hub.clock.sleep(ms + 1_000);

describe('a push that the vendor decides later', () => {
  test('is sent once, is named in the status, and is collected when due', async () => {
    const hub = await portal();
    const imports = imported(hub);
    says(hub, 'ada');
    says(hub, 'ben');
    await hub.sync();
    await hub.sync();
    expect(imports).toMatchObject({ asked: 0, pushed: [{ length: 2 }] });
    expect(await outcomes(hub)).toEqual(['pending', 'pending']);
    const { troubles = [] } = (await hubStatus(hub.hub)).connections[connection] ?? {};
    expect(troubles.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^writing contacts waits for an import of contacts since \d{4}-\d\d-\d\d \d\d:\d\d UTC/,
      ),
    ]);
    await later(hub);
    const counts = await walk(hub.hub);
    expect(counts).toMatchObject({ written: 2, failed: 0 });
    expect(contacts(hub)).toHaveLength(2);
    expect(await outcomes(hub)).toEqual(['written', 'written']);
    expect((await hubStatus(hub.hub)).connections[connection]?.troubles).toEqual([]);
    await hub.quiet();
    expect(imports).toMatchObject({ asked: 1, pushed: [{ length: 2 }] });
    expect(await hub.hub.store.work.count('push', '')).toBe(0);
  });

  test('is asked for again when the vendor is still at work', async () => {
    const hub = await portal();
    const imports = imported(hub, 90 * minute);
    says(hub, 'ada');
    await hub.sync();
    await later(hub, 60 * minute);
    await walk(hub.hub);
    await walk(hub.hub);
    expect([imports.asked, contacts(hub).length]).toEqual([1, 0]);
    await later(hub, 30 * minute);
    await walk(hub.hub);
    expect([imports.asked, contacts(hub).length]).toEqual([2, 1]);
  });

  test('lets what changes meanwhile wait, and sends it afterwards', async () => {
    const hub = await portal();
    const imports = imported(hub);
    says(hub, 'ada');
    await hub.sync();
    says(hub, 'ada', { name: 'Ada Larkmere' });
    await hub.sync();
    expect(imports.pushed).toHaveLength(1);
    await later(hub);
    await hub.sync();
    await later(hub);
    await hub.quiet();
    expect(imports.pushed.map((writes) => writes.length)).toEqual([1, 1]);
    expect(contacts(hub)).toMatchObject([{ lastname: 'Larkmere' }]);
  });

  test('hands the writes over as they were pushed', async () => {
    const hub = await portal();
    const imports = imported(hub);
    const collected: Write[] = [];
    imports.collect = (sink, ctx, job, writes) => {
      collected.push(...writes);
      return sound(sink, ctx, job, writes);
    };
    says(hub, 'ada');
    says(hub, 'ben');
    await hub.sync();
    await later(hub);
    await walk(hub.hub);
    const byKey = (writes: readonly Write[]) => writes.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    expect(byKey(collected)).toEqual(byKey(imports.pushed.flat()));
  });

  test('parks what the vendor refuses, under its words', async () => {
    const hub = await portal();
    const imports = imported(hub);
    imports.collect = async (_sink, _ctx, _job, writes) =>
      writes.map(({ key }) => ({
        ...{ key, status: 'failed' },
        fault: new Fault('rejected', 'not in this partition', { code: 'PARTITION' }),
      }));
    says(hub, 'ada');
    await hub.sync();
    expect(await parked(hub)).toEqual([]);
    await later(hub);
    await walk(hub.hub);
    expect(await parked(hub)).toEqual(['PARTITION']);
    expect(imports.pushed).toHaveLength(1);
    expect(await outcomes(hub)).toEqual(['failed']);
  });

  test('does not hold against what was said since what the vendor refused', async () => {
    const hub = await portal();
    const imports = imported(hub);
    imports.collect = async (_sink, _ctx, _job, writes) =>
      writes.map(({ key }) => ({ key, status: 'failed', fault: new Fault('rejected', 'no') }));
    says(hub, 'ada');
    await hub.sync();
    says(hub, 'ada', { name: 'Ada Larkmere' });
    await hub.sync();
    await later(hub);
    await hub.sync();
    expect(imports.pushed).toHaveLength(2);
    expect(await parked(hub)).toEqual([]);
    imports.collect = sound;
    await later(hub);
    await hub.sync();
    expect(contacts(hub)).toMatchObject([{ lastname: 'Larkmere' }]);
  });

  test('leaves out the one value that the vendor blames', async () => {
    const hub = await portal();
    const imports = imported(hub);
    imports.collect = async (sink, ctx, job, writes) =>
      writes.some(({ fields }) => 'lastname' in fields)
        ? writes.map(({ key }) => ({
            ...{ key, status: 'failed' },
            fault: new Fault('rejected', 'too long', { code: 'LONG', field: 'lastname' }),
          }))
        : sound(sink, ctx, job, writes);
    says(hub, 'ada', { name: 'Ada Larkmere' });
    await hub.sync();
    await later(hub);
    await hub.sync();
    await later(hub);
    await hub.sync();
    expect(contacts(hub)).toMatchObject([{ email: 'ada@larkmere.example', firstname: 'Ada' }]);
    expect(contacts(hub)[0]).not.toHaveProperty('lastname');
  });

  test('whose job is lost is sent again, and in the end left to a person', async () => {
    const hub = await portal();
    const imports = imported(hub);
    imports.collect = async () => {
      throw new Fault('expired', 'no such import', { code: 'GONE' });
    };
    says(hub, 'ada');
    await hub.sync();
    for (let rounds = 0; rounds < 20; rounds += 1) {
      await later(hub);
      await hub.sync();
    }
    expect(await parked(hub)).toEqual(['GONE']);
    expect(imports.pushed.length).toBeGreaterThan(2);
    expect(imports.pushed.length).toBeLessThan(10);
  });

  test('of which the vendor says nothing counts as not written', async () => {
    const hub = await portal();
    const imports = imported(hub);
    imports.collect = async (...args) => (await sound(...args)).slice(1);
    says(hub, 'ada');
    says(hub, 'ben');
    await hub.sync();
    await later(hub);
    await walk(hub.hub);
    expect((await outcomes(hub)).toSorted()).toEqual(['failed', 'written']);
    expect(await hub.hub.store.work.count('push', '')).toBe(1);
  });

  test('whose answer was lost is sent again, to the same record', async () => {
    const hub = await portal();
    const imports = imported(hub);
    withSink(hub, connection, object, (sink) => ({
      ...sink,
      push: async (...args) => {
        const pending = await sink.push(...args);
        if (imports.pushed.length === 1) throw new Error('killed');
        return pending;
      },
    }));
    says(hub, 'ada');
    await expect(hub.sync()).rejects.toThrow('killed');
    imports.collect = async (sink, ctx, job, writes) => {
      // The vendor works off both.
      await sound(sink, ctx, job, imports.pushed[0] ?? []);
      return sound(sink, ctx, job, writes);
    };
    await hub.sync();
    await later(hub);
    await hub.sync();
    expect(imports.pushed).toHaveLength(2);
    expect(contacts(hub)).toHaveLength(1);
  });

  test('is left alone by an undo until it has ended', async () => {
    const hub = await portal();
    imported(hub);
    says(hub, 'ada');
    await hub.sync();
    const [write] = await hub.hub.store.outbox.writes({ connection }, 1);
    const run = write?.run ?? '';
    expect(await planUndo(hub.hub, run, { deleteMade: true })).toMatchObject({
      back: [],
      left: [{ object, why: expect.stringContaining('its import has not ended yet') }],
    });
    await later(hub);
    await hub.sync();
    expect(await planUndo(hub.hub, run, { deleteMade: true })).toMatchObject({
      back: [{ object, op: 'delete' }],
      left: [],
    });
  });

  test('is collected by one process at a time, whichever it is', async () => {
    const hub = await portal();
    const imports = imported(hub);
    says(hub, 'ada');
    await hub.sync();
    const { emulators } = hub;
    const attach = Object.fromEntries([...emulators].map(([name, { config }]) => [name, config]));
    const other = await openTestHub({
      ...{ systems: [connection, 'chatbot'], data: data.path, attach, clock: hub.hub.clock },
    });
    opened.push(other);
    imported(other, 0, imports);
    await later(hub);
    imports.collect = async (...args) => {
      // In the middle of the one, the other looks.
      await walk(hub.hub);
      return sound(...args);
    };
    await walk(other.hub);
    expect(imports).toMatchObject({ asked: 1, pushed: [{ length: 1 }] });
    expect(contacts(hub)).toHaveLength(1);
    await walk(hub.hub);
    expect(imports.asked).toBe(1);
  });
});
