/** A connection to PostgreSQL that breaks ends no process, doubles nothing, and takes nothing from who is alive. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/contract/store.ts';
import { forLife } from '../../src/store/contract/work.ts';
import { isLostConnection } from '../../src/store/database/lost-connection.ts';
import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/support/clock.ts';
import { silentLog } from '../../src/support/log.ts';
import { hasPostgres, postgresSchema, whyNot } from '../sync/postgres.ts';
import { secrets } from './databases.ts';

/** Ends all connections of one of the test's processes, as a restart or a proxy does. */
async function cut(application: string): Promise<number> {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  const { rowCount } = await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
    [application],
  );
  await client.end();
  return rowCount ?? 0;
}

describe.skipIf(!hasPostgres)(`a connection that breaks${whyNot}`, () => {
  const name = `hub test ${process.pid}`;
  const leftovers: (() => Promise<void>)[] = [];
  let place: string;
  const open = async (application: string): Promise<Store> => {
    const url = new URL(place);
    url.searchParams.set('application_name', application);
    const store = await openStore({ url: url.href, secrets, clock: systemClock, log: silentLog });
    leftovers.push(() => store.close());
    return store;
  };
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  beforeEach(async () => {
    const schema = await postgresSchema();
    leftovers.push(schema.drop);
    place = schema.url;
    process.on('uncaughtException', note);
  });
  afterEach(async () => {
    for (const clear of leftovers.splice(0).reverse()) await clear();
    process.off('uncaughtException', note);
    expect(uncaught.splice(0)).toEqual([]);
  });

  it('in the middle of transactions: they are made again, and nothing is there twice', async () => {
    const store = await open(name);
    const adding = Array.from({ length: 8 }, (_, index) => addSlowly(store, `k${index}`));
    await pause(100);
    expect(await cut(name)).toBeGreaterThan(2);
    await Promise.all(adding);
    const states = await Promise.all(adding.map((_, index) => store.connections.state(`k${index}`)));
    expect(states).toEqual(Array(8).fill(1));
  });

  it('again and again: the process works on', async () => {
    const store = await open(name);
    store.work.onMark(() => undefined);
    for (let round = 0; round < 5; round += 1) {
      const marking = store.work.mark('push', [`k${round}`]).catch((error: unknown) => {
        // While it commits, nobody can tell whether it did.
        expect(isLostConnection(error)).toBe(true);
        return store.work.mark('push', [`k${round}`]);
      });
      await cut(name);
      await marking;
    }
    await expect.poll(() => store.work.counts(), { timeout: 30_000 }).toMatchObject({ push: 5 });
  });

  it('takes nothing from a process that is alive and makes it again', async () => {
    const broken = await open(name);
    const other = await open(`${name} other`);
    await broken.work.mark('push', ['a']);
    const [claim] = await broken.work.claim('push', 1, forLife);
    await cut(name);
    const until = Date.now() + 4_000;
    while (Date.now() < until) {
      expect(await other.work.claim('push', 1, 1_000)).toEqual([]);
      await pause(100);
    }
    await broken.work.done(claim ? [claim] : []);
    expect(await other.work.counts()).toMatchObject({ push: 0 });
  });
});

async function addSlowly(store: Store, key: string): Promise<void> {
  await store.transaction(async ({ connections }) => {
    const before = Number((await connections.state(key)) ?? 0);
    await pause(400);
    await connections.saveState(key, before + 1);
  });
}
