import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hubspotEmulator } from '../../../connectors/hubspot/emulator.ts';
import { buildWorld } from '../../../src/emulator/build.ts';
import type { RunningEmulator } from '../../../src/emulator/contract.ts';
import { worldSalesforceId } from '../../../src/emulator/ids.ts';
import type { JsonObject } from '../../../src/support/json.ts';

const world = buildWorld();
let emulator: RunningEmulator;
let deals: readonly JsonObject[];
let contacts: readonly JsonObject[];

beforeAll(async () => {
  emulator = await hubspotEmulator.start({ world });
  deals = emulator.records.all('deals');
  contacts = emulator.records.all('contacts');
});
afterAll(() => emulator.close());

const inHubspot = <T extends { readonly in: readonly string[] }>(facts: readonly T[]) =>
  facts.filter((fact) => fact.in.includes('hubspot'));

describe('contacts', () => {
  test('are the people that HubSpot knows, less the merged and the deleted', () => {
    const known = world.people.filter((person) => person.hubspot);
    const gone = known.filter((person) => person.deleted?.hubspot || person.mergedInto?.system === 'hubspot');
    expect(gone.length).toBeGreaterThan(1);
    expect(contacts).toHaveLength(known.length - gone.length);
  });

  test('carry where they came from in the first page they saw', () => {
    const tagged = world.people.filter(
      (person) => person.hubspot && person.utm && person.email && !person.deleted,
    );
    expect(tagged.length).toBeGreaterThan(50);
    for (const { email, utm } of tagged) {
      const contact = contacts.find((one) => one.email === email?.toLowerCase());
      const url = new URL(String(contact?.hs_analytics_first_url));
      expect(url.searchParams.get('utm_source'), email ?? '').toBe(utm?.source);
      expect(contact?.hs_analytics_source).not.toBe('OFFLINE');
    }
  });

  test('tell it otherwise where HubSpot was told otherwise', () => {
    const told = world.people.filter((person) => person.told?.hubspot?.phone && !person.deleted?.hubspot);
    for (const { email, told: other } of told) {
      expect(contacts.find((one) => one.email === email)?.phone).toBe(other?.hubspot?.phone);
    }
    expect(told.length).toBeGreaterThan(0);
  });
});

describe('deals', () => {
  test('stand in the present stage and remember the way there', async () => {
    expect(deals).toHaveLength(inHubspot(world.deals).filter((deal) => !deal.deleted?.hubspot).length);
    const won = inHubspot(world.deals).find(
      (deal) => deal.stages.at(-1)?.stage === 'won' && deal.stages.length > 2,
    );
    const deal = deals.find(
      ({ dealname, createdate }) =>
        dealname === won?.name && createdate === new Date(won?.createdAt ?? 0).toISOString(),
    );
    expect(deal).toMatchObject({ dealstage: 'closedwon', hs_is_closed_won: 'true' });
    const headers = { authorization: `Bearer ${emulator.config.accessToken}` };
    const answer = await fetch(
      `${emulator.url}/crm/v3/objects/deals/${deal?.id}?propertiesWithHistory=dealstage`,
      { headers },
    );
    const { propertiesWithHistory } = (await answer.json()) as {
      propertiesWithHistory: { dealstage: { timestamp: string }[] };
    };
    const times = propertiesWithHistory.dealstage.map(({ timestamp }) => Date.parse(timestamp)).reverse();
    expect(times.slice(1)).toEqual(won?.stages.slice(1).map(({ at }) => at));
  });

  test('cross-reference their Salesforce twin, half of them with the short id', () => {
    const crossed = inHubspot(world.deals).filter((deal) => deal.crossReferenced && !deal.deleted?.hubspot);
    const ids = crossed.map(({ key }) => worldSalesforceId('006', key));
    const told = deals.flatMap(({ salesforce_opportunity_id: id }) => (typeof id === 'string' ? [id] : []));
    expect(told.map((id) => id.slice(0, 15)).toSorted()).toEqual(ids.map((id) => id.slice(0, 15)).toSorted());
    const long = told.filter((id) => id.length === 18);
    expect(ids).toEqual(expect.arrayContaining(long));
    expect(Math.abs(long.length - told.length / 2)).toBeLessThanOrEqual(1);
  });

  test('have amounts with the decimals of their currency', () => {
    const byCurrency = (currency: string) =>
      deals.find((deal) => deal.deal_currency_code === currency)?.amount;
    expect(byCurrency('USD')).toMatch(/^\d+\.\d\d$/);
    expect(byCurrency('JPY')).toMatch(/^\d+$/);
  });

  test('are tied to their people and their company', () => {
    for (const told of inHubspot(world.deals)) {
      const people = told.people.filter(
        ({ personKey }) => world.people.find(({ key }) => key === personKey)?.hubspot,
      );
      if (people.length === 0 || told.deleted?.hubspot) continue;
      const tied = deals
        .filter(({ dealname }) => dealname === told.name)
        .map(({ associations }) => associations);
      expect(tied, told.key).toContainEqual(expect.objectContaining({ contacts: expect.anything() }));
    }
  });
});

test('forms hold what people sent, newest first, with the page and its UTM', async () => {
  const headers = { authorization: `Bearer ${emulator.config.accessToken}` };
  const get = async (path: string) =>
    (await fetch(emulator.url + path, { headers })).json() as Promise<{
      results: JsonObject[];
      paging?: { next: { after: string } };
    }>;
  const forms = await get('/marketing/v3/forms?limit=50');
  expect(forms.results.length).toBeGreaterThan(3);
  let seen = 0;
  for (const { id } of forms.results) {
    const times: number[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page = await get(
        `/form-integrations/v1/submissions/forms/${id}?limit=10${after && `&after=${after}`}`,
      );
      times.push(...page.results.map(({ submittedAt }) => Number(submittedAt)));
      after = page.paging?.next.after;
    }
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    seen += times.length;
  }
  expect(seen).toBe(emulator.records.count('form_submissions'));
  expect(
    emulator.records.all('form_submissions').every(({ pageUrl }) => String(pageUrl).includes('utm_')),
  ).toBe(true);
});

test('the same world is told the same way twice', async () => {
  const other = await hubspotEmulator.start({ world });
  for (const object of other.records.objects())
    expect(other.records.all(object)).toEqual(emulator.records.all(object));
  await other.close();
});

test('records of different types may have the same id', () => {
  expect(deals[0]?.id).toBe(contacts[0]?.id);
});
