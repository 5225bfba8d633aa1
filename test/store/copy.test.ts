import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Store } from '../../src/store/contract/store.ts';
import { copyStore } from '../../src/store/copy.ts';
import { tableNames } from '../../src/store/database/tables.ts';
import type { Place } from '../../src/store/open.ts';
import { byModel } from './credit-lines.ts';
import { type Databases, onEachDatabase, start } from './databases.ts';
import { key, said, touch } from './facts.ts';

/** Something in every table, some of it awkward. */
async function fill(store: Store): Promise<void> {
  const odd = 'é \u{1F600} "\\\' \u0000 \ud800';
  const records = Array.from({ length: 2_300 }, (_, n) => ({
    object: 'Lead',
    id: `${n}|${odd}`,
    body: { n, odd, x: n / 7 },
    modifiedAt: start + n,
  }));
  await store.landing.put('sf', records);
  await store.work.mark('push', ['a', 'B', 'é']);
  for (const claim of await store.work.claim('push', 1, 60_000))
    await store.work.park(claim, { code: 'x', message: odd });
  const ada = key('email', 'ada@example.com');
  const link = {
    ref: said('1', {}).ref,
    relation: 'deal-person' as const,
    from: key('id', 'sf:Opportunity:1'),
    to: ada,
    primary: true,
  };
  await store.facts.replace([
    {
      ...said('1', {
        keys: [ada],
        former: [{ until: start, keys: [key('email', 'old@example.com')], values: {} }],
      }),
      ...{ links: [link], formerLinks: [{ ...link, until: start }], events: [touch('t', start, ada)] },
    },
    {
      ...said('2', {}),
      events: [{ ...touch('s', start, key('session', 'c:1')), fallbacks: ['visitor:c:1'] }],
    },
  ]);
  const entity = {
    id: 'A',
    kind: 'Person' as const,
    fields: { odd },
    provenance: {},
    members: ['Person|sf|Lead|1'],
    withdrawn: false,
  };
  await store.entities.replace([{ entity, keys: ['email:ada@example.com'] }], [], start);
  await store.entities.replace(
    [{ entity: { ...entity, id: 'B' }, keys: ['email:ada@example.com'] }],
    ['A'],
    start,
  );
  const growth = {
    ...{
      eldest: { createdAt: start, name: 'Person|sf|Lead|1' },
      number: 1,
      folded: [],
      rules: odd,
      alike: [],
    },
    keys: [{ likeness: 'l', key: odd }],
  };
  const one = { ...entity, id: 'G', members: ['Person|chat|event|9'] };
  await store.entities.replace([{ entity: one, keys: ['visitor:9'], growth }], [], start);
  const line = {
    dealId: 'D',
    model: 'm',
    touch: 't',
    channel: 'Chat',
    time: start,
    share: 1 / 3,
    amountMinor: -1,
    currency: 'USD',
    reason: odd,
    version: 'v',
  };
  const facts = { hash: 'f', body: JSON.stringify({ odd }) };
  await store.credits.keep([
    {
      ...{
        dealId: 'D',
        at: start,
        endedAt: start,
        dueAt: start + 1,
        toldAt: null,
        rules: 'r',
        facts,
        written: 'w',
      },
      models: byModel([line, { ...line, touch: 'u', share: 1 }]),
    },
  ]);
  const fit = { version: 'v', model: 'm', fittedAt: start, window: { from: 0, to: start } };
  await store.fits.save({ ...fit, counts: { n: 1 }, quality: { odd }, snapshot: { third: 1 / 3 } });
  await store.fits.promote('v', start);
  await store.fits.rollback('m', start);
  const write = {
    id: 'w',
    run: 'r',
    connection: 'sf',
    object: 'Lead',
    entityId: 'A',
    recordId: null,
    op: 'update' as const,
  };
  const memory = {
    ref: 'r',
    field: 'f',
    path: 'f',
    canonical: 'c',
    sent: odd,
    value: 1,
    valueAt: start,
    valueExact: true,
    basis: 0,
    repeats: 0,
    status: 'written' as const,
  };
  await store.outbox.intend(
    [{ ...write, fields: { odd }, replaced: {}, status: 'intended', at: start }],
    [memory],
  );
  const pair = { one: 'a', other: 'b', at: start };
  await store.identity.remember([{ ...pair, key: 'email:ada@example.com' }]);
  await store.identity.decide({ ...pair, verdict: 'same' });
  const doubt = {
    kind: 'Person' as const,
    reason: 'too many',
    entityIds: [],
    held: [],
    names: ['a'],
    holders: 9,
  };
  await store.identity.doubt([], [{ ...doubt, key: 'phone:1' }]);
  await store.waits.replace(['k'], [{ awaited: 'E', key: 'k', expected: true }]);
  await store.sent.put([
    {
      ...{ connection: 'sf', object: odd, event: 'e', digest: odd, batch: odd, status: 'sealed' },
      ...{ at: start, dueAt: start, content: { id: odd, at: start, body: { odd } }, fault: null },
    },
  ]);
  await store.pushJobs.keep(
    [
      {
        ...{ id: odd, connection: 'sf', object: 'Lead', job: { odd }, waitsFor: odd },
        ...{ since: start, resumeAt: start, saidAt: start },
      },
    ],
    [
      {
        ...{ id: 'w', job: odd, connection: 'sf', object: 'Lead', kind: 'Person', entityId: 'P', ref: odd },
        ...{
          key: 'k',
          op: 'upsert',
          alternateKey: null,
          references: [],
          hubId: null,
          mapping: 'v',
          withheld: [],
        },
        ...{ mark: null, fault: { odd } },
      },
    ],
  );
  await store.heldRows.replace(['k'], [{ key: 'k', deal: odd }]);
  const refused = { sent: odd, code: 'TOO_LONG', message: odd, mapping: 'v', described: 'd', at: start };
  await store.refusals.keep([{ ref: 'sf|Lead|1', field: 'Name', key: 'k', ...refused }]);
  await store.editions.adopt([{ name: 'fold', version: '1', editedAt: start }]);
  const { connections } = store;
  await connections.vault.write('sf', { accessToken: 'token' });
  await connections.saveCheckpoint('sf', 'Lead', { odd });
  await connections.saveState('k', { odd });
  await connections.firstSeen('sf', 'k', start, 1_000);
  const request = { method: 'POST', url: 'https://hub.example/webhooks/sf', headers: { odd } };
  await store.inbox.put([{ key: 'sf|d', at: start, request, body: Buffer.from(odd) }]);
  await store.runs.start({ id: 'r', kind: 'sync', at: start });
}

async function copied(databases: Databases, source: Place, target: Place) {
  const [from, to] = [await databases.database(source), await databases.database(target)];
  return copyStore(from.database, to.database);
}

onEachDatabase('a copy of a whole store', (databases) => {
  it('gives the same checksums in either kind of database', async () => {
    const [source, target] = [await databases.place(), await databases.embeddedPlace()];
    await fill(await databases.store(source));
    const there = await copied(databases, source, target);
    const back = await copied(databases, target, await databases.place());
    expect(back).toEqual(there);
  });

  it('arrives complete, as counts and checksums prove, and works', async () => {
    const [source, target] = [await databases.place(), await databases.place()];
    const store = await databases.store(source);
    await store.connections.leased('pull', 60_000, async () => {
      await fill(store);
      const report = await copied(databases, source, target);
      expect(report.map(({ table }) => table)).toEqual(tableNames.filter((table) => table !== 'holder'));
      expect(report.filter(({ rows }) => rows === 0)).toEqual([]);
      expect(report.find(({ table }) => table === 'landed')?.rows).toBe(2_300);
    });
    const copy = await databases.store(target);
    const refs = await store.landing.scan({}, null, 9_999);
    expect(await copy.landing.get(refs)).toEqual(await store.landing.get(refs));
    expect(await copy.connections.vault.read('sf')).toEqual({ accessToken: 'token' });
    expect(await copy.work.parked()).toEqual(await store.work.parked());
  });

  it('refuses a target that holds anything, and leaves it as it is', async () => {
    const [source, target] = [await databases.place(), await databases.place()];
    const [from, to] = [await databases.store(source), await databases.store(target)];
    await from.connections.saveState('k', 1);
    await to.work.mark('push', ['x']);
    await expect(copied(databases, source, target)).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringContaining('work has rows'),
    });
    expect(await to.connections.state('k')).toBeNull();
  });

  it('keeps nothing when a row does not arrive as it was sent', async () => {
    const [source, target] = [await databases.place(), await databases.place()];
    const from = await databases.store(source);
    await from.connections.saveState('k', 'right');
    const { database } = await databases.database(target);
    const wrong = database.read.dialect.name === 'sqlite' ? sqliteTrigger : postgresTrigger;
    for (const statement of wrong) await database.write(({ db }) => sql.raw(statement).execute(db));
    await expect(copied(databases, source, target)).rejects.toThrow('did not arrive as it was');
    expect(await database.read.db.selectFrom('state').selectAll().execute()).toEqual([]);
  });
});

const sqliteTrigger = [
  `create trigger spoil after insert on state begin update state set value = '"wrong"'; end`,
];
const postgresTrigger = [
  `create function spoil() returns trigger language plpgsql as $$ begin new.value := '"wrong"'; return new; end $$`,
  'create trigger spoil before insert on state for each row execute function spoil()',
];
