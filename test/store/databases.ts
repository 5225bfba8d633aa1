/** Runs a suite against every kind of database there is here; each test gets an empty store of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe } from 'vitest';
import { type Keyring, keyFrom } from '../../src/connector/secrets.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { type OpenedDatabase, openDatabase, openStore, type Place } from '../../src/store/open.ts';
import { silentLog } from '../../src/support/log.ts';
import { type VirtualClock, virtualClock } from '../../src/testing/clock.ts';

export interface Databases {
  readonly clock: VirtualClock;
  /** Where the test's database is: open it twice for two processes' worth of stores. */
  place(): Promise<Place>;
  /** The same on SQLite, whatever this suite runs on. */
  embeddedPlace(): Promise<Place>;
  store(place?: Place): Promise<Store>;
  database(place?: Place): Promise<OpenedDatabase>;
}

export const start = Date.UTC(2026, 0, 5, 9);
export const secrets: Keyring = [keyFrom(new Uint8Array(32).fill(7))];

const postgresUrl = process.env.TEST_DATABASE_URL;

export function onEachDatabase(topic: string, suite: (databases: Databases) => void): void {
  describe(`${topic}, on SQLite`, () => suite(databases(embeddedPlace)));
  const reason = postgresUrl ? '' : ' (not run: TEST_DATABASE_URL is not set)';
  describe.skipIf(!postgresUrl)(`${topic}, on PostgreSQL${reason}`, () => suite(databases(sharedPlace)));
}

interface Ground {
  readonly place: Pick<Place, 'url' | 'directory'>;
  clear(): Promise<void>;
}

function databases(ground: () => Promise<Ground>): Databases {
  const clock = virtualClock(start);
  const leftovers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const clear of leftovers.splice(0).reverse()) await clear();
  });
  const placeOn = async (some: () => Promise<Ground>) => {
    const { place: where, clear } = await some();
    leftovers.push(clear);
    return { ...where, clock, log: silentLog };
  };
  const place = () => placeOn(ground);
  return {
    clock,
    place,
    embeddedPlace: () => placeOn(embeddedPlace),
    store: async (at) => {
      const store = await openStore({ ...(at ?? (await place())), secrets });
      leftovers.push(() => store.close());
      return store;
    },
    database: async (at) => {
      const database = await openDatabase(at ?? (await place()));
      leftovers.push(() => database.close());
      return database;
    },
  };
}

async function embeddedPlace(): Promise<Ground> {
  const directory = mkdtempSync(join(tmpdir(), 'hub-store-'));
  return { place: { directory }, clear: async () => rmSync(directory, { recursive: true, force: true }) };
}

let schemas = 0;

/** A schema of its own, dropped afterwards. */
async function sharedPlace(): Promise<Ground> {
  schemas += 1;
  const schema = `hub_test_${process.pid}_${schemas}`;
  await administer(`create schema ${schema}`);
  const url = new URL(postgresUrl ?? '');
  url.searchParams.set('options', `-c search_path=${schema}`);
  return { place: { url: url.href }, clear: () => administer(`drop schema ${schema} cascade`) };
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}
