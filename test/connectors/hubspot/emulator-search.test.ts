import { describe, expect, test } from 'vitest';
import { emulated, handClock } from './emulated.ts';

const filter = (propertyName: string, operator: string, more: object = {}) => ({
  propertyName,
  operator,
  ...more,
});
const group = (...filters: object[]) => ({ filters });
const contacts = '/crm/v3/objects/contacts/search';
const unlimited = { burst: 0, searchBurst: 0 };

async function threePeople() {
  const clock = handClock();
  const portal = await emulated({ clock, knobs: unlimited });
  const { records } = portal.emulator;
  const ids: string[] = [];
  for (const [lastname, city, lifecyclestage] of [
    ['Adams', 'New York', 'lead'],
    ['Brown', 'New Delhi', 'customer'],
    ['Clark', null, 'lead'],
  ] as const) {
    ids.push(
      records.create('contacts', { lastname, city, lifecyclestage, email: `${lastname}@example.com` }),
    );
    clock.advance(1_000);
  }
  const find = async (...filters: object[]) => {
    const { body } = await portal.post(contacts, {
      filterGroups: [group(...filters)],
      properties: ['lastname'],
      limit: 200,
    });
    return body.results.map(({ properties }) => properties.lastname);
  };
  return { ...portal, clock, ids, find };
}

describe('operators', () => {
  test.each([
    [filter('city', 'EQ', { value: 'new york' }), ['Adams']],
    [filter('city', 'NEQ', { value: 'New York' }), ['Brown', 'Clark']],
    [filter('lastname', 'LT', { value: 'brown' }), ['Adams']],
    [filter('lastname', 'GTE', { value: 'brown' }), ['Brown', 'Clark']],
    [filter('hs_object_id', 'GT', { value: '1001' }), ['Brown', 'Clark']],
    [filter('createdate', 'GTE', { value: '2026-06-30T12:00:01.000Z' }), ['Brown', 'Clark']],
    [filter('createdate', 'LTE', { value: String(Date.UTC(2026, 5, 30, 12, 0, 1)) }), ['Adams', 'Brown']],
    [filter('hs_object_id', 'BETWEEN', { value: '1001', highValue: '1002' }), ['Adams', 'Brown']],
    [filter('lastname', 'IN', { values: ['adams', 'clark'] }), ['Adams', 'Clark']],
    [filter('lastname', 'IN', { values: ['Adams'] }), []],
    [filter('lifecyclestage', 'IN', { values: ['customer'] }), ['Brown']],
    [filter('lastname', 'NOT_IN', { values: ['adams'] }), ['Brown', 'Clark']],
    [filter('city', 'HAS_PROPERTY'), ['Adams', 'Brown']],
    [filter('city', 'NOT_HAS_PROPERTY'), ['Clark']],
    [filter('city', 'CONTAINS_TOKEN', { value: 'york' }), ['Adams']],
    [filter('email', 'CONTAINS_TOKEN', { value: 'cla*@example.com' }), ['Clark']],
    [filter('city', 'NOT_CONTAINS_TOKEN', { value: 'new' }), ['Clark']],
  ])('%o finds %o', async (asked, found) => {
    const { find } = await threePeople();
    expect(await find(asked)).toEqual(found);
  });

  test('filters of a group are all needed, of several groups one is enough', async () => {
    const { find, post } = await threePeople();
    const lead = filter('lifecyclestage', 'EQ', { value: 'lead' });
    expect(await find(lead, filter('city', 'HAS_PROPERTY'))).toEqual(['Adams']);
    const { body } = await post(contacts, {
      filterGroups: [group(lead), group(filter('city', 'HAS_PROPERTY'))],
    });
    expect(body.total).toBe(3);
    expect((await post(contacts, {})).body.total).toBe(3);
    expect((await post(contacts, { query: 'delhi brown' })).body.total).toBe(0);
    expect((await post(contacts, { query: 'brown' })).body.total).toBe(1);
  });
});

describe('limits', () => {
  const equal = filter('lastname', 'EQ', { value: 'x' });
  const many = (count: number) => Array.from({ length: count }, () => equal);
  test.each([
    ['six groups', { filterGroups: many(6).map((one) => group(one)) }],
    ['seven filters in a group', { filterGroups: [group(...many(7))] }],
    ['nineteen filters', { filterGroups: [6, 6, 6, 1].map((count) => group(...many(count))) }],
    ['two sorts', { sorts: [{ propertyName: 'lastname' }, { propertyName: 'city' }] }],
    ['a page of 201', { limit: 201 }],
    ['a page beyond 10,000', { after: '10000' }],
    ['a body of more than 3,000 characters', { query: 'x'.repeat(3_000) }],
    ['an unknown operator', { filterGroups: [group({ ...equal, operator: 'EQUALS' })] }],
    ['an unknown property', { filterGroups: [group({ ...equal, propertyName: 'nonsense' })] }],
    ['IN without values', { filterGroups: [group({ propertyName: 'city', operator: 'IN', value: 'x' })] }],
    ['a cursor that is not a number', { after: 'next' }],
  ])('%s: 400', async (_what, body) => {
    const { post } = await emulated();
    const answer = await post(contacts, body);
    expect([answer.status, answer.body.category]).toEqual([400, 'VALIDATION_ERROR']);
  });

  test('what is just allowed passes', async () => {
    const { post } = await emulated();
    const filterGroups = [6, 6, 4, 1, 1].map((count) => group(...many(count)));
    expect((await post(contacts, { filterGroups, limit: 200, after: '9800' })).status).toBe(200);
  });
});

test('pages by counting, sorted by one property either way', async () => {
  const { post } = await threePeople();
  const sorts = [{ propertyName: 'hs_object_id', direction: 'DESCENDING' }];
  const first = await post(contacts, { sorts, limit: 2, properties: ['lastname'] });
  expect(first.body.results.map(({ properties }) => properties.lastname)).toEqual(['Clark', 'Brown']);
  expect(first.body.paging).toEqual({ next: { after: '2' } });
  const last = await post(contacts, { sorts, limit: 2, after: '2', properties: ['lastname'] });
  expect(last.body.results.map(({ properties }) => properties.lastname)).toEqual(['Adams']);
  expect(last.body.paging).toBeUndefined();
});

test('a page with a cursor of 10,000 is offered and refused', async () => {
  const { post } = await emulated({ knobs: { ...unlimited, generate: { contacts: 10_200 } } });
  const last = await post(contacts, { limit: 200, after: '9800' });
  expect(last.body).toMatchObject({ total: 10_200, paging: { next: { after: '10000' } } });
  expect((await post(contacts, { limit: 200, after: '10000' })).status).toBe(400);
});

test('archived records are never found', async () => {
  const { find, emulator, ids } = await threePeople();
  emulator.records.remove('contacts', ids[0] ?? '');
  expect(await find(filter('lastname', 'HAS_PROPERTY'))).toEqual(['Brown', 'Clark']);
});

test('the index lags: new records and new values are found later', async () => {
  const clock = handClock();
  const { post, get, emulator } = await emulated({ clock, knobs: { searchLagMs: 3_000 } });
  const search = async () =>
    (await post(contacts, { properties: ['lastname'] })).body.results.map(
      ({ properties }) => properties.lastname,
    );
  const id = emulator.records.create('contacts', { lastname: 'Adams' });
  expect(await search()).toEqual([]);
  expect((await get(`/crm/v3/objects/contacts/${id}`)).status).toBe(200);
  clock.advance(3_000);
  expect(await search()).toEqual(['Adams']);
  emulator.records.update('contacts', id, { lastname: 'Brown' });
  clock.advance(1_000);
  emulator.records.update('contacts', id, { lastname: 'Clark' });
  expect(await search()).toEqual(['Adams']);
  clock.advance(2_000);
  expect(await search()).toEqual(['Brown']);
  clock.advance(1_000);
  expect(await search()).toEqual(['Clark']);
});
