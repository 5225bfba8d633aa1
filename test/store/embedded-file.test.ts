/** The file of an embedded store: for its owner alone; and what is said when it is not what it should be. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/support/clock.ts';
import { silentLog } from '../../src/support/log.ts';
import { dataDirectory } from '../sync/hub.ts';
import { hasPostgres, postgresSchema, whyNot } from '../sync/postgres.ts';
import { secrets } from './databases.ts';

let folder: ReturnType<typeof dataDirectory>;
let before: number;
beforeEach(() => {
  folder = dataDirectory();
  before = process.umask(0);
});
afterEach(() => {
  process.umask(before);
  folder.remove();
});

const file = () => join(folder.path, 'hub.db');
const open = (): Promise<Store> =>
  openStore({ directory: folder.path, secrets, clock: systemClock, log: silentLog });

function modes(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    files.map((name) => [name, (statSync(join(directory, name)).mode & 0o777).toString(8)]),
  );
}

describe('the files of a store', () => {
  it('are for their owner alone, in any folder, whatever the umask says', async () => {
    chmodSync(folder.path, 0o777);
    const store = await open();
    await store.connections.saveState('a', 1);
    const found = modes(folder.path);
    expect(Object.keys(found)).toEqual(expect.arrayContaining(['hub.db', 'hub.db-shm', 'hub.db-wal']));
    for (const [name, mode] of Object.entries(found))
      expect([name, mode]).toEqual([name, name === 'holders' ? '700' : '600']);
    await store.close();
  });

  it('are closed to others where an earlier version left them open', async () => {
    await (await open()).close();
    chmodSync(file(), 0o644);
    const store = await open();
    await store.connections.saveState('a', 1);
    expect(Object.values(modes(folder.path)).filter((mode) => mode === '644')).toEqual([]);
    await store.close();
  });
});

describe('a file that is not a store', () => {
  it.each<[string, () => void, RegExp]>([
    ['an empty one', () => writeFileSync(file(), ''), /empty file/],
    ['a text', () => writeFileSync(file(), 'not a database '.repeat(900)), /damaged/],
    ['a folder', () => mkdirSync(file()), /no file/],
    [
      'another program’s',
      () => {
        const other = new DatabaseSync(file());
        other.exec('create table bookmarks (url text)');
        other.close();
      },
      /another program: it has a table bookmarks/,
    ],
  ])('%s is refused with what to do', async (_, make, words) => {
    make();
    await expect(open()).rejects.toMatchObject({
      name: 'Problem',
      message: expect.stringMatching(words),
      where: expect.stringContaining(folder.path),
      remedy: expect.any(String),
    });
    expect(existsSync(file())).toBe(true);
  });

  it('a store that was cut off is refused as damaged', async () => {
    const store = await open();
    for (let index = 0; index < 200; index += 1)
      await store.connections.saveState(`k${index}`, 'x'.repeat(2_000));
    await store.close();
    truncateSync(file(), 3 * 8192);
    await expect(open()).rejects.toMatchObject({
      name: 'Problem',
      message: expect.stringMatching(/damaged/),
    });
  });
});

describe('a file that goes while the hub runs', () => {
  const fill = async (store: Store) => {
    for (let index = 0; index < 20; index += 1)
      await store.connections.saveState(`k${index}`, 'x'.repeat(8_000));
  };
  const files = () => ({ now: file(), before: `${file()}.before` });

  it.each([
    [
      'is taken away',
      ({ now, before: kept }: ReturnType<typeof files>) => renameSync(now, kept),
      'taken away',
    ],
    [
      'is replaced by a copy',
      ({ now, before: kept }: ReturnType<typeof files>) => {
        renameSync(now, kept);
        copyFileSync(kept, now);
      },
      'replaced or cut short',
    ],
    [
      'loses its end',
      ({ now }: ReturnType<typeof files>) => truncateSync(now, 8192),
      'replaced or cut short',
    ],
    ['is emptied', ({ now }: ReturnType<typeof files>) => truncateSync(now, 0), 'replaced or cut short'],
  ])('and %s takes no more writes, and says so', async (_, harm, words) => {
    await (await open()).close();
    const store = await open();
    await fill(store);
    const other = new DatabaseSync(file());
    other.exec('pragma wal_checkpoint(full)');
    other.close();
    await store.connections.saveState('a', 1);
    expect(await store.whyNotWritable()).toBeNull();
    harm(files());
    expect(await store.whyNotWritable()).toContain(words);
    await expect(store.connections.saveState('a', 2)).rejects.toMatchObject({
      name: 'Problem',
      where: file(),
      remedy: expect.stringContaining('db restore'),
    });
    await store.close();
  });
});

describe('whether a store takes writes', () => {
  it('is yes, or a reason', async () => {
    const store = await open();
    expect(await store.whyNotWritable()).toBeNull();
    const other = new DatabaseSync(file());
    other.exec(`create trigger no before insert on state begin select raise(abort, 'no'); end`);
    other.close();
    expect(await store.whyNotWritable()).toBe('The database does not take writes.');
    await store.close();
  });

  it.skipIf(!hasPostgres)(`says that a database is read-only${whyNot}`, async () => {
    const schema = await postgresSchema();
    const store = await openStore({ url: schema.url, secrets, clock: systemClock, log: silentLog });
    expect(await store.whyNotWritable()).toBeNull();
    const admin = new pg.Client({ connectionString: schema.url });
    await admin.connect();
    // As a standby answers, and a database whose transactions were set to be read-only.
    await admin.query(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception using errcode = 'read_only_sql_transaction'; end $$`);
    await admin.query('create trigger refuse before insert on state for each row execute function refuse()');
    expect(await store.whyNotWritable()).toContain('read-only');
    await admin.end();
    await store.close();
    const readOnly = new URL(schema.url);
    readOnly.searchParams.set(
      'options',
      `${readOnly.searchParams.get('options')} -c default_transaction_read_only=on`,
    );
    const opening = openStore({ url: readOnly.href, secrets, clock: systemClock, log: silentLog });
    await expect(opening).rejects.toMatchObject({
      name: 'Problem',
      message: expect.stringContaining('read-only'),
    });
    await schema.drop();
  });
});
