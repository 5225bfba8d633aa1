import { expect, test } from 'vitest';
import { emulated } from './emulated.ts';

async function aDeal() {
  const portal = await emulated();
  const { records } = portal.emulator;
  const deal = records.create('deals', { dealname: 'D' });
  const people = ['a', 'b'].map((name) => records.create('contacts', { email: `${name}@example.com` }));
  const companies = ['A', 'B'].map((name) => records.create('companies', { name }));
  const typeIds = async (id: string, from = 'deals', to = 'companies') => {
    const { body } = await portal.post(`/crm/v4/associations/${from}/${to}/batch/read`, { inputs: [{ id }] });
    const told = (body.results[0]?.to ?? []) as {
      toObjectId: number;
      associationTypes: { typeId: number }[];
    }[];
    return Object.fromEntries(
      told.map((one) => [
        one.toObjectId,
        one.associationTypes.map(({ typeId }) => typeId).toSorted((a, b) => a - b),
      ]),
    );
  };
  return { ...portal, deal, people, companies, typeIds };
}

test('two records are tied with a type of one direction and read from both', async () => {
  const { send, deal, people, typeIds } = await aDeal();
  const [person = ''] = people;
  const tied = await send('PUT', `/crm/v4/objects/deals/${deal}/associations/contacts/${person}`, [
    { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 },
  ]);
  expect([tied.status, tied.body]).toEqual([
    201,
    {
      fromObjectTypeId: '0-3',
      fromObjectId: Number(deal),
      toObjectTypeId: '0-1',
      toObjectId: Number(person),
      labels: [],
    },
  ]);
  expect(await typeIds(deal, 'deals', 'contacts')).toEqual({ [person]: [3] });
  expect(await typeIds(person, 'contacts', 'deals')).toEqual({ [deal]: [4] });
});

test('the default kind needs no body; the first company is primary, a new primary takes its place', async () => {
  const { send, post, deal, companies, typeIds } = await aDeal();
  const [first = '', second = ''] = companies;
  const put = await send('PUT', `/crm/objects/2026-09/deals/${deal}/associations/default/companies/${first}`);
  expect(put.status).toBe(200);
  expect(put.body.results).toContainEqual({
    from: { id: deal },
    to: { id: first },
    associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 341 },
  });
  expect(await typeIds(deal)).toEqual({ [first]: [5, 341] });
  await send('PUT', `/crm/v4/objects/deals/${deal}/associations/default/companies/${second}`);
  expect(await typeIds(deal)).toEqual({ [first]: [5, 341], [second]: [341] });
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }];
  await post('/crm/associations/2026-09/deals/companies/batch/create', {
    inputs: [{ from: { id: deal }, to: { id: second }, types }],
  });
  expect(await typeIds(deal)).toEqual({ [first]: [341], [second]: [5, 341] });
});

test("a contact's primary company is copied into a property, from whichever side it is tied", async () => {
  const { send, emulator, people, companies } = await aDeal();
  const [person = ''] = people;
  const [company = ''] = companies;
  await send('PUT', `/crm/v4/objects/companies/${company}/associations/default/contacts/${person}`);
  expect(emulator.records.get('contacts', person)).toMatchObject({ associatedcompanyid: company });
  await send('DELETE', `/crm/v4/objects/contacts/${person}/associations/companies/${company}`);
  expect(emulator.records.get('contacts', person)).not.toHaveProperty('associatedcompanyid');
});

test('a batch reads what is there and tells in a 207 what is not', async () => {
  const { post, deal } = await aDeal();
  const { status, body } = await post('/crm/v4/associations/deals/contacts/batch/read', {
    inputs: [{ id: deal }],
  });
  expect([status, body.results]).toEqual([207, []]);
  expect(body.errors).toMatchObject([
    { subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND', context: { fromObjectId: [deal] } },
  ]);
});

test('a batch ties what it can', async () => {
  const { post, deal, people, typeIds } = await aDeal();
  const [person = ''] = people;
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }];
  const tie = (to: string, more = types) => ({ from: { id: deal }, to: { id: to }, types: more });
  const wrong = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 341 }];
  const { status, body } = await post('/crm/v4/associations/deals/contacts/batch/create', {
    inputs: [tie(person), tie('unknown_1'), tie('404404'), tie(person, wrong)],
  });
  expect([status, body.results.length, body.numErrors]).toEqual([207, 1, 3]);
  expect(body.errors[0]).toMatchObject({
    subCategory: 'crm.associations.INVALID_IDENTIFIER',
    context: { id: ['unknown_1'] },
  });
  expect(await typeIds(deal, 'deals', 'contacts')).toEqual({ [person]: [3] });
  const parted = { inputs: [{ from: { id: deal }, to: [{ id: person }] }] };
  expect((await post('/crm/v4/associations/deals/contacts/batch/archive', parted)).status).toBe(204);
  expect(await typeIds(deal, 'deals', 'contacts')).toEqual({});
});

test('a create ties at once; the type id says to what', async () => {
  const { post, companies, typeIds } = await aDeal();
  const [company = ''] = companies;
  const made = await post('/crm/v3/objects/contacts', {
    properties: { email: 'c@example.com' },
    associations: [
      { to: { id: company }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }] },
    ],
  });
  expect(await typeIds(made.body.id, 'contacts', 'companies')).toEqual({ [company]: [1, 279] });
  const broken = await post('/crm/v3/objects/contacts', {
    properties: { email: 'd@example.com' },
    associations: [
      { to: { id: '404' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }] },
    ],
  });
  expect(broken.status).toBe(404);
});

test('long lists come in pages, inside records only the first one', async () => {
  const { post, get, emulator } = await emulated({ knobs: { associationPage: 2 } });
  const deal = emulator.records.create('deals', { dealname: 'D' });
  const people = ['a', 'b', 'c'].map((name) =>
    emulator.records.create('contacts', { email: `${name}@example.com` }),
  );
  for (const id of people)
    emulator.records.update('deals', deal, { associations: [{ object: 'contacts', id }] });
  const first = await post('/crm/v4/associations/deals/contacts/batch/read', { inputs: [{ id: deal }] });
  const { after } = first.body.results[0]?.paging?.next ?? {};
  const second = await post('/crm/v4/associations/deals/contacts/batch/read', {
    inputs: [{ id: deal, after }],
  });
  const ids = [first, second].flatMap(({ body }) =>
    (body.results[0]?.to as { toObjectId: number }[]).map((to) => String(to.toObjectId)),
  );
  expect(ids).toEqual(people);
  const { body } = await get(`/crm/v3/objects/deals/${deal}?associations=contact`);
  expect(body.associations).toMatchObject({
    contacts: {
      results: people.slice(0, 2).map((id) => ({ id, type: 'deal_to_contact' })),
      paging: { next: { after: people[1] } },
    },
  });
});

test('the single list is for v4 alone', async () => {
  const { get, deal } = await aDeal();
  expect((await get(`/crm/v4/objects/deals/${deal}/associations/contacts`)).body.results).toEqual([]);
  expect((await get(`/crm/objects/2026-09/deals/${deal}/associations/contacts`)).status).toBe(404);
});

test('labels tell the kinds of a pair', async () => {
  const { get } = await aDeal();
  const { body } = await get('/crm/v4/associations/0-3/0-2/labels');
  expect(body.results).toEqual([
    { category: 'HUBSPOT_DEFINED', typeId: 5, label: 'Primary' },
    { category: 'HUBSPOT_DEFINED', typeId: 341, label: null },
  ]);
});

test('a deleted record is tied to nothing, and is again when restored', async () => {
  const { emulator, people, deal, typeIds } = await aDeal();
  const [person = ''] = people;
  emulator.records.update('deals', deal, { associations: [{ object: 'contacts', id: person }] });
  emulator.records.remove('contacts', person);
  expect(await typeIds(deal, 'deals', 'contacts')).toEqual({});
  emulator.records.act?.('restore', 'contacts', person);
  expect(await typeIds(deal, 'deals', 'contacts')).toEqual({ [person]: [3] });
});
