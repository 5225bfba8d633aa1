import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Store } from '../../src/store/contract/store.ts';
import type { Place } from '../../src/store/open.ts';
import { systemClock } from '../../src/support/clock.ts';
import { onEachDatabase } from './databases.ts';
import { recordsPerPage, turnsOfEach } from './pages.ts';

interface Worker {
  readonly process: ChildProcess;
  readonly lines: string[];
  readonly errors: string[];
  readonly ended: Promise<number | null>;
}

const workers: Worker[] = [];
afterEach(() => {
  for (const { process } of workers.splice(0)) process.kill('SIGKILL');
});

function start(place: Place, task: 'pages' | 'claim' | 'count'): Worker {
  const { url, directory } = place;
  const child = spawn(process.execPath, [
    join(import.meta.dirname, 'worker.ts'),
    JSON.stringify({ url, directory }),
    task,
  ]);
  const [lines, errors]: [string[], string[]] = [[], []];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const worker = {
    process: child,
    lines,
    errors,
    ended: new Promise<number | null>((resolve) => child.on('close', resolve)),
  };
  workers.push(worker);
  return worker;
}

async function kill(worker: Worker): Promise<void> {
  worker.process.kill('SIGKILL');
  await worker.ended;
}

interface Stored {
  readonly page: number;
  readonly records: number | undefined;
  readonly marks: number;
}

async function stored({ connections, landing, work }: Store): Promise<Stored> {
  const page = Number(await connections.checkpoint('sf', 'Lead'));
  return { page, records: (await landing.counts('sf')).Lead, marks: (await work.counts()).normalize };
}

function isWhole({ page, records, marks }: Stored): boolean {
  return records === page * recordsPerPage && marks === records;
}

const patience = { timeout: 120_000 };

onEachDatabase('a process that is killed', (databases) => {
  it('loses no page that it said was stored, and stores none by half', async () => {
    const place = await databases.place();
    const store = await databases.store(place);
    for (let round = 0; round < (store.dialect === 'sqlite' ? 20 : 6); round += 1) {
      const worker = start(place, 'pages');
      await expect
        .poll(() => worker.lines.length + worker.errors.length, { ...patience, interval: 1 })
        .toBeGreaterThan(0);
      await pause(Math.random() * 30);
      await kill(worker);
      expect(worker.errors).toEqual([]);
      expect((await stored(store)).page).toBeGreaterThanOrEqual(Number(worker.lines.at(-1)));
      // PostgreSQL may still be busy with the last commit of the one that died.
      await expect.poll(() => stored(store), patience).toSatisfy(isWhole);
    }
  });

  it('gives its work back within seconds, however long it had claimed it for', async () => {
    const place = { ...(await databases.place()), clock: systemClock };
    const store = await databases.store(place);
    await store.work.mark('push', ['a', 'b']);
    const worker = start(place, 'claim');
    await expect.poll(() => worker.lines, patience).toEqual(['2']);
    const meanwhile = await databases.store(place);
    expect(await meanwhile.work.claim('push', 9, 1)).toEqual([]);
    await kill(worker);
    const next = store.dialect === 'sqlite' ? await databases.store(place) : meanwhile;
    const taken = async () => (await next.work.claim('push', 9, 60_000)).map(({ key }) => key);
    await expect.poll(taken, { timeout: 30_000, interval: 50 }).toEqual(['a', 'b']);
  });

  it('is missed by those who work on, who take its work back within seconds', async () => {
    const place = { ...(await databases.place()), clock: systemClock };
    const store = await databases.store(place);
    await store.work.mark('push', ['a', 'b']);
    const worker = start(place, 'claim');
    await expect.poll(() => worker.lines, patience).toEqual(['2']);
    const [held] = await store.work.heldByOthers();
    expect(held).toMatchObject({ by: expect.stringContaining(`process ${worker.process.pid} on `), keys: 2 });
    await kill(worker);
    const free = () => store.work.claim('push', 9, 60_000).then((claims) => claims.length);
    await expect.poll(free, { timeout: 30_000, interval: 50 }).toBe(2);
  });
});

onEachDatabase('two processes on one database', (databases) => {
  it('lose no write and see no error of the lock between them', async () => {
    const place = await databases.place();
    const store = await databases.store(place);
    const both = [start(place, 'count'), start(place, 'count')];
    const codes = await Promise.all(both.map(({ ended }) => ended));
    expect(both.map(({ errors }) => errors)).toEqual([[], []]);
    expect(codes).toEqual([0, 0]);
    expect(await store.work.counts()).toMatchObject({ push: 2 * turnsOfEach + 7 });
    // Only one writer at a time makes read-then-write safe without a lock of its own.
    if (store.dialect === 'sqlite') expect(await store.connections.state('sum')).toBe(2 * turnsOfEach);
  });
});
