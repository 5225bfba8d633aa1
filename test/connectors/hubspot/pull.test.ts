import { describe, expect, test } from 'vitest';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { json, serve } from '../../connector/server.ts';
import { type Account, idsOf, openAccount, pull } from './account.ts';
import { type Crm, startCrm } from './crm.ts';
import { emulated } from './emulated.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 1);

async function open(config: object = {}): Promise<{ crm: Crm; account: Account }> {
  let account: Account | undefined;
  const crm = await startCrm(() => account?.clock.now() ?? start);
  account = openAccount(crm.url, config);
  return { crm, account };
}

function fetchAll(account: Account, object: string, ids: readonly string[], options = {}) {
  return hubspot.streams?.[object]?.fetch?.(account, ids, options) ?? [];
}

describe('backfill', () => {
  test('takes one call a page and no other', async () => {
    const { crm, account } = await open();
    crm.add(250, () => start - 24 * 60 * minute);
    const { records, pages } = await pull(account, 'contacts');
    expect(idsOf(records)).toEqual([...crm.rows.keys()]);
    expect(pages).toHaveLength(3);
    expect(crm.calls()).toEqual({ 'GET /crm/v3/objects/contacts': 3 });
  });

  test('goes on from each of its checkpoints', async () => {
    const { crm, account } = await open();
    crm.add(250, () => start - 24 * 60 * minute);
    const { pages } = await pull(account, 'contacts');
    const rest = await pull(account, 'contacts', pages[0]?.checkpoint ?? null);
    expect(idsOf(rest.records)).toEqual([...crm.rows.keys()].slice(100));
  });

  test('reads the rest of an association list that is longer than its first page', async () => {
    const { crm, account } = await open();
    crm.add(2, () => start - 24 * 60 * minute);
    const many = [5, 4, 3, 2, 1, 6, 7].map((n) => ({ id: String(n), type: 'deal_to_contact' }));
    Object.assign(crm.rows.get('1000') ?? {}, { associations: { contacts: many } });
    const { records } = await pull(account, 'deals');
    const [first, second] = records.map(({ body }) => body.associations);
    expect(first).toEqual({
      contacts: { results: [1, 2, 3, 4, 5, 6, 7].map((n) => ({ id: String(n), type: 'deal_to_contact' })) },
      companies: { results: [] },
    });
    expect(second).toEqual({ contacts: { results: [] }, companies: { results: [] } });
  });

  test('puts property names into a body when the address gets too long for them', async () => {
    const { crm, account } = await open();
    crm.add(3, () => start - 24 * 60 * minute);
    const fields = Array.from({ length: 300 }, (_, n) => `custom_property_number_${n}`);
    const { records } = await pull(account, 'contacts', null, { fields });
    expect(records.map(({ body }) => body.properties)).toEqual(
      [...crm.rows.values()].map(({ properties }) => properties),
    );
    expect(crm.calls()).toEqual({
      'GET /crm/v3/objects/contacts': 2,
      'POST /crm/v3/objects/contacts/batch/read': 1,
    });
  });

  test('speaks dated paths', async () => {
    const { crm, account } = await open({ apiVersion: '2026-09' });
    crm.add(1, () => start - 24 * 60 * minute);
    const { checkpoint } = await pull(account, 'deals');
    account.clock.advance(minute);
    await pull(account, 'deals', checkpoint);
    expect(crm.calls()).toEqual({
      'GET /crm/objects/2026-09/deals': 1,
      'POST /crm/objects/2026-09/deals/search': 1,
    });
  });
});

describe('changes', () => {
  test('an unchanged object costs one search', async () => {
    const { crm, account } = await open();
    crm.add(150, () => start - 24 * 60 * minute);
    const { checkpoint } = await pull(account, 'contacts');
    account.clock.advance(minute);
    crm.seen.length = 0;
    const { records } = await pull(account, 'contacts', checkpoint);
    expect(records).toEqual([]);
    expect(crm.calls()).toEqual({ 'POST /crm/v3/objects/contacts/search': 1 });
  });

  test('what lies in the overlap is handed over once', async () => {
    const { crm, account } = await open();
    const { checkpoint } = await pull(account, 'contacts');
    account.clock.advance(minute);
    crm.add(3, () => account.clock.now() - 1_000);
    const first = await pull(account, 'contacts', checkpoint);
    account.clock.advance(minute);
    const second = await pull(account, 'contacts', first.checkpoint);
    expect([idsOf(first.records), idsOf(second.records)]).toEqual([['1000', '1001', '1002'], []]);
  });

  test('also when the next pull comes much later', async () => {
    const { crm, account } = await open();
    const { checkpoint } = await pull(account, 'contacts');
    account.clock.advance(minute);
    crm.add(3, () => account.clock.now() - 1_000);
    const first = await pull(account, 'contacts', checkpoint);
    account.clock.advance(60 * minute);
    const second = await pull(account, 'contacts', first.checkpoint);
    expect([idsOf(first.records), idsOf(second.records)]).toEqual([['1000', '1001', '1002'], []]);
  });

  test('a change that the search sees late is not missed', async () => {
    const { crm, account } = await open();
    crm.lagMs = 2 * minute;
    const { checkpoint } = await pull(account, 'contacts');
    account.clock.advance(10 * minute);
    crm.add(1, () => account.clock.now() - 1_000);
    const first = await pull(account, 'contacts', checkpoint);
    account.clock.advance(4 * minute);
    const second = await pull(account, 'contacts', first.checkpoint);
    expect([idsOf(first.records), idsOf(second.records)]).toEqual([[], ['1000']]);
  });

  test('more than 10,000 changes at one and the same moment are all read', async () => {
    const { crm, account } = await open();
    const { checkpoint } = await pull(account, 'companies');
    account.clock.advance(10 * minute);
    const tie = account.clock.now() - minute;
    crm.add(10_450, () => tie);
    const { records, pages } = await pull(account, 'companies', checkpoint);
    expect(new Set(idsOf(records)).size).toBe(10_450);
    expect(pages.length).toBe(11);
    expect(crm.calls()['POST /crm/v3/objects/companies/search']).toBe(Math.ceil(10_450 / 200));
  });

  test('goes on in the middle of a window', async () => {
    const { crm, account } = await open();
    const { checkpoint } = await pull(account, 'companies');
    account.clock.advance(10 * minute);
    crm.add(2_500, () => account.clock.now() - minute);
    const whole = await pull(account, 'companies', checkpoint);
    const rest = await pull(account, 'companies', whole.pages[0]?.checkpoint ?? null);
    expect(new Set(idsOf(rest.records))).toEqual(new Set([...crm.rows.keys()].slice(1_000)));
  });

  test('a window reaches its very first moment, and the one after it begins where it ended', async () => {
    const { crm, account } = await open();
    const { checkpoint } = await pull(account, 'contacts');
    account.clock.advance(20 * minute);
    crm.add(1, () => start - 5 * minute);
    const first = await pull(account, 'contacts', checkpoint);
    account.clock.advance(20 * minute);
    crm.add(1, () => start + 15 * minute);
    const second = await pull(account, 'contacts', first.checkpoint);
    expect([idsOf(first.records), idsOf(second.records)]).toEqual([['1000'], ['1001']]);
  });

  test('after a window that was broken off, what changed since is read as well', async () => {
    const { crm, account } = await open();
    const { checkpoint } = await pull(account, 'companies');
    account.clock.advance(10 * minute);
    crm.add(1_500, () => account.clock.now() - minute);
    const { pages } = await pull(account, 'companies', checkpoint);
    account.clock.advance(60 * minute);
    crm.add(1, () => account.clock.now() - minute);
    const rest = await pull(account, 'companies', pages[0]?.checkpoint ?? null);
    expect(idsOf(rest.records)).toContain('2500');
  });

  test('what a backfill has just brought is not brought again', async () => {
    const { crm, account } = await open();
    crm.add(3, () => start - minute);
    const first = await pull(account, 'companies');
    account.clock.advance(minute);
    const second = await pull(account, 'companies', first.checkpoint);
    expect([idsOf(first.records).length, idsOf(second.records).length]).toEqual([3, 0]);
  });

  test('reads associations of changed records in one call per pair', async () => {
    const { crm, account } = await open();
    const { checkpoint } = await pull(account, 'deals');
    account.clock.advance(10 * minute);
    crm.add(500, () => account.clock.now() - minute);
    Object.assign(crm.rows.get('1007') ?? {}, {
      associations: { companies: [{ id: '9', type: 'deal_to_company' }] },
    });
    const { records } = await pull(account, 'deals', checkpoint);
    expect(records.find(({ id }) => id === '1007')?.body.associations).toEqual({
      contacts: { results: [] },
      companies: { results: [{ id: '9', type: 'deal_to_company' }] },
    });
    expect(crm.calls()['POST /crm/v4/associations/deals/contacts/batch/read']).toBe(1);
    expect(crm.calls()['POST /crm/v4/associations/deals/companies/batch/read']).toBe(1);
  });

  test('an association made within the overlap is seen although no stamp moved', async () => {
    const { crm, account } = await open();
    const { checkpoint } = await pull(account, 'deals');
    crm.add(1, () => account.clock.now());
    account.clock.advance(minute);
    const first = await pull(account, 'deals', checkpoint);
    Object.assign(crm.rows.get('1000') ?? {}, {
      associations: { contacts: [{ id: '5', type: 'deal_to_contact' }] },
    });
    account.clock.advance(minute);
    const [again] = (await pull(account, 'deals', first.checkpoint)).records;
    expect(again?.body.associations).toMatchObject({ contacts: { results: [{ id: '5' }] } });
    expect(again?.modifiedAt).toBe(first.records[0]?.modifiedAt);
    expect(again?.readAt).toBeGreaterThan(first.records[0]?.readAt ?? Number.POSITIVE_INFINITY);
  });

  test('asks for more properties than a search takes by batch', async () => {
    const { crm, account } = await open();
    const fields = Array.from({ length: 200 }, (_, n) => `custom_property_number_${n}`);
    const { checkpoint } = await pull(account, 'contacts');
    account.clock.advance(10 * minute);
    crm.add(250, () => account.clock.now() - minute);
    const { records } = await pull(account, 'contacts', checkpoint, { fields });
    expect(idsOf(records)).toHaveLength(250);
    expect(crm.calls()['POST /crm/v3/objects/contacts/batch/read']).toBe(3);
  });

  test('tells change times of single properties where they are wanted', async () => {
    const { crm, account } = await open();
    const { checkpoint } = await pull(account, 'contacts');
    account.clock.advance(10 * minute);
    crm.add(60, () => account.clock.now() - minute);
    const at = ['2026-01-01T00:05:00.000Z', '2026-01-01T00:03:00.000Z', '2025-01-01T00:00:00.000Z'];
    const phone = ['2', '2', '1'].map((value, n) => ({ value, timestamp: at[n] ?? '' }));
    Object.assign(crm.rows.get('1000') ?? {}, { history: { phone } });
    const { records } = await pull(account, 'contacts', checkpoint, { history: ['phone'] });
    expect(records.find(({ id }) => id === '1000')?.fieldTimes).toEqual({
      phone: Date.parse('2026-01-01T00:03:00Z'),
    });
    expect(crm.calls()['POST /crm/v3/objects/contacts/batch/read']).toBe(2);
  });

  test('brings past values of what is told as events from the first reading on, fifty records a call', async () => {
    const { emulator } = await emulated({ knobs: { auth: 'private-app' } });
    const { records } = emulator;
    const ids = Array.from({ length: 60 }, (_, n) =>
      records.create('deals', { dealname: `Deal ${n}`, dealstage: 'appointmentscheduled' }),
    );
    records.update('deals', ids[0] ?? '', { dealstage: 'closedwon' });
    const account = openAccount(emulator.url, { ...emulator.config });
    const options = { past: ['dealstage'], history: ['amount'] };
    const brought = await pull(account, 'deals', null, options);
    expect(brought.pages.map((page) => page.records.length)).toEqual([50, 10]);
    const [deal] = brought.records.filter(({ id }) => id === ids[0]);
    expect(deal?.body.propertiesWithHistory).toMatchObject({
      dealstage: [{ value: 'closedwon' }, { value: 'appointmentscheduled' }],
    });
    expect(deal?.body.propertiesWithHistory).not.toHaveProperty('amount');
  });

  test('a checkpoint of another shape starts the stream over', async () => {
    const { crm, account } = await open();
    crm.add(2, () => start - 24 * 60 * minute);
    const { records } = await pull(account, 'contacts', { cursor: 'of an older release' });
    expect(idsOf(records)).toHaveLength(2);
  });
});

describe('an empty page that names a next one is not the end', () => {
  const row = (id: string) => ({
    id,
    properties: { hs_lastmodifieddate: new Date(start).toISOString() },
    updatedAt: new Date(start).toISOString(),
  });
  const empty = { results: [], paging: { next: { after: '200' } } };

  test('of the list', async () => {
    const server = await serve(({ url }, response) =>
      json(response, url.includes('after=200') ? { results: [row('7')] } : empty),
    );
    const { records } = await pull(openAccount(server.url), 'companies');
    expect(idsOf(records)).toEqual(['7']);
  });

  test('of a search', async () => {
    const server = await serve(({ url, body }, response) => {
      if (!url.includes('/search')) return json(response, { results: [] });
      return json(
        response,
        JSON.parse(body).after === '200' ? { total: 1, results: [row('8')] } : { ...empty, total: 1 },
      );
    });
    const account = openAccount(server.url);
    const { checkpoint } = await pull(account, 'companies');
    account.clock.advance(10 * minute);
    expect(idsOf((await pull(account, 'companies', checkpoint)).records)).toEqual(['8']);
  });
});

describe('what is gone', () => {
  test('archived records become tombstones at their own cadence', async () => {
    const { crm, account } = await open({ archivedEveryMs: 30 * minute });
    crm.add(3, () => start - 24 * 60 * minute);
    const { checkpoint } = await pull(account, 'contacts');
    account.clock.advance(10 * minute);
    Object.assign(crm.rows.get('1001') ?? {}, { archivedAt: account.clock.now() });
    const early = await pull(account, 'contacts', checkpoint);
    account.clock.advance(30 * minute);
    const due = await pull(account, 'contacts', early.checkpoint);
    account.clock.advance(31 * minute);
    const later = await pull(account, 'contacts', due.checkpoint);
    expect(early.records).toEqual([]);
    expect(due.records).toMatchObject([
      { id: '1001', modifiedAt: start + 10 * minute, tombstone: { kind: 'deleted' } },
    ]);
    expect(later.records).toEqual([]);
  });

  test('a winner names the records that it swallowed', async () => {
    const { crm, account } = await open();
    crm.add(1, () => start - 24 * 60 * minute);
    Object.assign(crm.rows.get('1000')?.properties ?? {}, {
      hs_merged_object_ids: '7;8',
      hs_calculated_merged_vids: '8:1637000000000;9:1637000000001;1000:1637000000001',
    });
    const { records } = await pull(account, 'contacts');
    expect(records.slice(1).map(({ id, tombstone }) => [id, tombstone])).toEqual(
      ['7', '8', '9'].map((id) => [id, { kind: 'merged', into: '1000' }]),
    );
  });

  test('an archived loser is told as merged', async () => {
    const { crm, account } = await open({ archivedEveryMs: 0 });
    crm.add(3, () => start - 24 * 60 * minute);
    const { checkpoint } = await pull(account, 'contacts');
    account.clock.advance(10 * minute);
    const at = account.clock.now();
    Object.assign(crm.rows.get('1000')?.properties ?? {}, { hs_merged_object_ids: '1001' });
    Object.assign(crm.rows.get('1001') ?? {}, { archivedAt: at, mergedInto: '1000' });
    Object.assign(crm.rows.get('1002') ?? {}, { archivedAt: at });
    const { records } = await pull(account, 'contacts', checkpoint);
    expect(records.map(({ id, tombstone }) => [id, tombstone])).toEqual([
      ['1001', { kind: 'merged', into: '1000' }],
      ['1002', { kind: 'deleted' }],
    ]);
  });

  test('fetch tells live, merged and deleted records apart', async () => {
    const { crm, account } = await open();
    crm.add(4, () => start);
    Object.assign(crm.rows.get('1001') ?? {}, { mergedInto: '1000' });
    Object.assign(crm.rows.get('1002') ?? {}, { archivedAt: start });
    const records = await fetchAll(account, 'contacts', ['1001', '1002', '1003', '1003', '77']);
    const told = records.map(({ id, tombstone }) => [id, tombstone]);
    expect(new Map(told as [string, unknown][])).toEqual(
      new Map<string, unknown>([
        ['1000', undefined],
        ['1003', undefined],
        ['1001', { kind: 'merged', into: '1000' }],
        ['1002', { kind: 'deleted' }],
        ['77', { kind: 'deleted' }],
      ]),
    );
  });

  test('fetch reads a hundred records a call', async () => {
    const { crm, account } = await open();
    crm.add(250, () => start);
    const records = await fetchAll(account, 'companies', [...crm.rows.keys()]);
    expect(records).toHaveLength(250);
    expect(crm.calls()).toEqual({ 'POST /crm/v3/objects/companies/batch/read': 3 });
  });

  test.each([
    'companies',
    'deals',
  ])('fetch takes the fewest calls that it says, associations included: %s', async (object) => {
    const { crm, account } = await open();
    crm.add(250, () => start);
    await fetchAll(account, object, [...crm.rows.keys()]);
    expect(crm.seen.length).toBe(hubspot.streams?.[object]?.leastFetch?.(250));
  });
});
