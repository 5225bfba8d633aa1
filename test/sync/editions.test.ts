/** Two processes with two versions of the files on one store: no edit is lost, and nobody takes it back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubStatus } from '../../src/reports/status.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { markAdminChanges, walk } from '../../src/sync/road.ts';
import { attached, dataDirectory, mappingsWith, openTestHub, type TestHub } from './hub.ts';
import { hasPostgres, postgresSchema, whyNot } from './postgres.ts';

const leftovers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const clear of leftovers.splice(0).reverse()) await clear();
});

type Settings = Readonly<Record<string, unknown>>;

const email = 'ada@example.com';

function onBoth(topic: string, suite: (settings: () => Promise<Settings>) => void): void {
  describe(`${topic}, on SQLite`, () => suite(async () => ({})));
  describe.skipIf(!hasPostgres)(`${topic}, on PostgreSQL${whyNot}`, () =>
    suite(async () => {
      const schema = await postgresSchema();
      leftovers.push(schema.drop);
      return { database: schema.url };
    }),
  );
}

onBoth('two versions of the files', (settingsOf) => {
  let older: TestHub;
  let open: (mappings?: string, more?: Settings) => Promise<TestHub>;
  let edited: string;

  beforeEach(async () => {
    const settings = await settingsOf();
    const data = dataDirectory();
    leftovers.push(data.remove);
    const base = { systems: ['salesforce'], data: data.path };
    older = await openTestHub({ ...base, settings });
    leftovers.push(() => older.close());
    open = async (mappings, more = {}) => {
      const hub = await openTestHub({
        ...base,
        attach: attached(older),
        clock: older.hub.clock,
        settings: { ...settings, ...more },
        ...(mappings ? { mappings } : {}),
      });
      leftovers.push(() => hub.close());
      return hub;
    };
    const mappings = mappingsWith('salesforce', 'field: Title, rule', 'field: Title, as: upper, rule');
    leftovers.push(mappings.remove);
    edited = mappings.path;
    create(email, 'Director');
    await older.quiet();
  });

  const create = (address: string, Title: string) =>
    older.emulator('salesforce').records.create('Contact', { LastName: 'Ash', Email: address, Title });

  async function title(address = email): Promise<unknown> {
    const { entities } = older.hub.store;
    const ids = Object.values(await entities.byKey('Person', [`email:${address}`]));
    return (await entities.get(ids))[0]?.fields.title;
  }

  it('the older never finishes what was marked for the newer', async () => {
    expect(await title()).toBe('Director');
    const newer = await open(edited);
    const changes = await markAdminChanges(newer.hub);
    expect(changes).toContainEqual(
      expect.objectContaining({ connection: 'salesforce', object: 'Contact', marked: 1, why: 'mapping' }),
    );
    const counts = await walk(older.hub);
    expect(counts).toMatchObject({ normalized: 0 });
    expect(await title()).toBe('Director');
    const { behind } = await hubStatus(newer.hub);
    expect(behind).toEqual([
      {
        by: expect.stringContaining(`process ${process.pid} on `),
        leaves: expect.arrayContaining(['the mapping of salesforce Contact']),
      },
    ]);
    await walk(newer.hub);
    expect(await title()).toBe('DIRECTOR');
    expect((await older.hub.store.work.counts()).normalize).toBe(0);
    await older.close();
    expect((await hubStatus(newer.hub)).behind).toEqual([]);
  });

  it('the older reads nothing for the newer either, whose fields it would not ask for', async () => {
    const newer = await open(edited);
    await markAdminChanges(newer.hub);
    create('new@example.com', 'Engineer');
    const system = older.system('salesforce');
    expect(await pullSystem(older.hub, system, { objects: ['Contact'] })).toMatchObject({ pages: 0 });
    await newer.quiet();
    expect(await title('new@example.com')).toBe('ENGINEER');
  });

  it('an older process that starts again while a newer works takes nothing back; alone it does', async () => {
    const newer = await open(edited);
    await newer.quiet();
    const again = await open();
    expect(await markAdminChanges(again.hub)).toEqual([]);
    await again.sync();
    expect(await title()).toBe('DIRECTOR');
    await again.close();
    await newer.close();
    await older.close();
    older = await open();
    expect(await markAdminChanges(older.hub)).toContainEqual(expect.objectContaining({ object: 'Contact' }));
    await walk(older.hub);
    expect(await title()).toBe('Director');
  });

  it('an edit that is taken back is an edit', async () => {
    const newer = await open(edited);
    await newer.quiet();
    const back = mappingsWith('salesforce', 'field: Title, rule', 'field: Title, rule');
    leftovers.push(back.remove);
    const third = await open(back.path);
    await third.quiet();
    expect(await title()).toBe('Director');
  });

  it('settings of attribution are never worked off with older ones', async () => {
    const newer = await open(undefined, { attribution: { lookbackDays: 7 } });
    const ids = ['deal-1', 'deal-2'];
    await markAdminChanges(newer.hub);
    await older.hub.store.work.mark('attribute', ids);
    expect(await walk(older.hub)).toMatchObject({ attributed: 0 });
    expect(await walk(newer.hub)).toMatchObject({ attributed: 2 });
  });
});
