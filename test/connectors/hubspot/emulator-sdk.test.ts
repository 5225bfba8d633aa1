/** HubSpot's own client, as anyone would use it, knows nothing of the emulator and is content with it. */
import { Client } from '@hubspot/api-client';
import { expect, test } from 'vitest';
import { emulated } from './emulated.ts';

async function client() {
  const portal = await emulated();
  const sdk = new Client({
    accessToken: portal.token,
    basePath: portal.emulator.url,
    numberOfApiCallRetries: 0,
  });
  return { ...portal, sdk };
}

test('creates, reads, updates, lists and archives a contact', async () => {
  const { sdk, emulator } = await client();
  const api = sdk.crm.contacts.basicApi;
  const made = await api.create({ properties: { email: 'ada@example.com' }, associations: [] });
  expect(made.createdAt).toBeInstanceOf(Date);
  await api.update(made.id, { properties: { lastname: 'Lovelace' } });
  const read = await api.getById(made.id, ['lastname', 'phone'], ['lastname']);
  expect(read.properties).toMatchObject({ lastname: 'Lovelace', phone: null });
  expect(read.propertiesWithHistory?.lastname?.[0]?.sourceType).toBe('INTEGRATION');
  for (let index = 0; index < 150; index++) emulator.records.create('contacts', { lastname: `L${index}` });
  expect(await sdk.crm.contacts.getAll(undefined, undefined, ['lastname'])).toHaveLength(151);
  await api.archive(made.id);
  await expect(api.getById(made.id)).rejects.toMatchObject({ code: 404 });
});

test('writes batches and keeps the errors of a 207', async () => {
  const { sdk } = await client();
  const api = sdk.crm.contacts.batchApi;
  const inputs = ['a@example.com', 'broken'].map((email) => ({
    properties: { email },
    associations: [],
    objectWriteTraceId: email,
  }));
  const split = await api.create({ inputs });
  expect(split).toMatchObject({ numErrors: 1, errors: [{ category: 'VALIDATION_ERROR' }] });
  const upserted = await api.upsert({
    inputs: [{ id: 'a@example.com', idProperty: 'email', properties: { phone: '1' } }],
  });
  expect(upserted.results[0]?._new).toBe(false);
});

test('searches, and reads owners, pipelines, properties and associations', async () => {
  const { sdk, emulator } = await client();
  const deal = emulator.records.create('deals', { dealname: 'D', dealstage: 'closedwon' });
  const contact = emulator.records.create('contacts', { email: 'a@example.com' });
  const found = await sdk.crm.deals.searchApi.doSearch({
    filterGroups: [{ filters: [{ propertyName: 'dealstage', operator: 'EQ' as never, value: 'closedwon' }] }],
    sorts: ['hs_object_id'],
    properties: ['dealname'],
    limit: 10,
    after: '0',
  });
  expect(found).toMatchObject({ total: 1, results: [{ id: deal }] });
  const pipelines = await sdk.crm.pipelines.pipelinesApi.getAll('deals');
  expect(pipelines.results[0]?.stages.find(({ id }) => id === 'closedwon')?.metadata).toEqual({
    isClosed: 'true',
    probability: '1.0',
  });
  expect((await sdk.crm.owners.ownersApi.getPage()).results).toEqual([]);
  const names = (await sdk.crm.properties.coreApi.getAll('contacts')).results.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['email', 'lastmodifieddate', 'hs_analytics_first_url']));
  await sdk.crm.associations.v4.basicApi.createDefault('deals', deal, 'contacts', contact);
  const page = await sdk.crm.associations.v4.basicApi.getPage('deals', deal, 'contacts');
  expect(page.results.map(({ toObjectId }) => String(toObjectId))).toEqual([contact]);
});

test('signs in by refresh token', async () => {
  const { emulator } = await emulated({ knobs: { auth: 'oauth' } });
  const sdk = new Client({ basePath: emulator.url });
  const { clientId, clientSecret, refreshToken } = emulator.config;
  const told = await sdk.oauth.tokensApi.create(
    'refresh_token',
    undefined,
    undefined,
    String(clientId),
    String(clientSecret),
    String(refreshToken),
  );
  sdk.setAccessToken(told.accessToken);
  expect((await sdk.crm.contacts.basicApi.getPage()).results).toEqual([]);
  const info = await sdk.oauth.accessTokensApi.get(told.accessToken);
  expect(info).toMatchObject({ hubId: expect.any(Number), tokenType: 'access' });
});
