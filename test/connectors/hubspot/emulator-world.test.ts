import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hubspotEmulator } from '../../../emulators/hubspot/index.ts';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { buildWorld } from '../../../emulators/world/build.ts';
import { worldSalesforceId } from '../../../emulators/world/ids.ts';
import type { JsonObject } from '../../../src/support/json.ts';

const world = buildWorld();
let emulator: RunningEmulator;
let deals: readonly JsonObject[];
let contacts: readonly JsonObject[];

beforeAll(async () => {
  emulator = await hubspotEmulator.start({ world, knobs: { burst: 0 } });
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
  expect(forms.results.length).toBeGreaterThanOrEqual(5);
  expect(forms.results[0]?.configuration).toMatchObject({
    allowLinkToResetKnownValues: false,
    postSubmitAction: { type: 'thank_you' },
  });
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
  const tagged = emulator.records
    .all('form_submissions')
    .filter(({ pageUrl }) => String(pageUrl).includes('utm_'));
  expect(tagged.length).toBeGreaterThan(seen / 2);
  expect(tagged.length).toBeLessThan(seen);
});

describe('what sales and support did', () => {
  const mine = world.activities.filter(({ system }) => system === 'hubspot');

  test.each([
    ['call', 'calls', 'hs_call_title', 'call_to_contact'],
    ['meeting', 'meetings', 'hs_meeting_title', 'meeting_event_to_contact'],
    ['email', 'emails', 'hs_email_subject', 'email_to_contact'],
  ] as const)('every %s is in %s, at its time and tied to its contact', async (kind, object, title, type) => {
    const told = mine.filter((activity) => activity.kind === kind).toSorted((a, b) => a.at - b.at);
    expect(told.length).toBeGreaterThan(20);
    const rows = emulator.records.all(object);
    const stories = rows.map((row) => [row[title], row.hs_timestamp]);
    expect(stories).toEqual(told.map(({ subject, at }) => [subject, new Date(at).toISOString()]));
    const headers = { authorization: `Bearer ${emulator.config.accessToken}` };
    const url = `${emulator.url}/crm/v3/objects/${object}/${rows[0]?.id}?associations=contacts`;
    const answer = (await (await fetch(url, { headers })).json()) as JsonObject;
    expect(answer.associations).toMatchObject({ contacts: { results: [{ id: expect.any(String), type }] } });
  });

  test('tickets are those of people whom HubSpot knows, and solved ones are closed', () => {
    const people = new Map(world.people.map((person) => [person.key, person]));
    const told = world.tickets.filter(({ personKey }) => people.get(personKey)?.hubspot);
    const rows = emulator.records.all('tickets');
    expect(rows).toHaveLength(told.length);
    const closed = rows.filter((row) => row.hs_pipeline_stage === '4' && row.closed_date);
    expect(closed).toHaveLength(told.filter(({ solvedAt }) => solvedAt !== null).length);
  });

  test('a contact becomes a customer on the day on which its deal is won', () => {
    const late = world.people.filter(({ hubspot }) => hubspot?.lifecycle === 'customer' && hubspot.since);
    expect(late.length).toBeGreaterThan(5);
    for (const { email, hubspot } of late) {
      const contact = contacts.find((one) => one.email === email?.toLowerCase());
      expect(contact?.lifecyclestage).toBe('customer');
      expect(contact?.hs_lifecyclestage_customer_date).toBe(new Date(hubspot?.since ?? 0).toISOString());
    }
  });
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
