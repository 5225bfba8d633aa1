/** 100,000 landed records normalized, resolved and credited again after a mapping change; no vendor is asked. */
import type { VendorRecord } from '../src/connector/contract/reading.ts';
import { attributeMarked } from '../src/sync/attribute/attribute.ts';
import type { Hub } from '../src/sync/hub.ts';
import { markForNormalize } from '../src/sync/marking.ts';
import { normalizeMarked } from '../src/sync/normalize/normalize.ts';
import { land } from '../src/sync/pull/landing.ts';
import { resolveMarked } from '../src/sync/resolve/resolve.ts';
import { openBenchHub } from './hub.ts';
import { say, seconds } from './measure.ts';

const records = 100_000;
const people = records / 2;
const deals = records / 10;
const events = records - people - deals;
const start = Date.parse('2026-03-01T00:00:00Z');
const page = 2_000;

export async function bench(): Promise<void> {
  const app = await openBenchHub({ systems: ['hubspot', 'chatbot'] });
  const { hub } = app;
  const landing = await seconds(async () => {
    await landAll(hub, 'hubspot', people, contact);
    await landAll(hub, 'hubspot', deals, deal);
    await landAll(hub, 'chatbot', events, chatEvent);
  });
  say(`landing ${records} records: ${Math.round(records / landing)} records/s`);
  await pass(hub, 'everything new');
  for (const name of hub.systems.keys()) await markForNormalize(hub, name);
  await pass(hub, 'replayed, nothing came out different');
  const calls = [...hub.systems.values()].reduce((sum, system) => sum + system.calls(), 0);
  say(`calls to vendors: ${calls}`);
  await app.close();
}

async function pass(hub: Hub, what: string): Promise<void> {
  const normalize = await seconds(() => drain(() => normalizeMarked(hub)));
  const resolve = await seconds(() => drain(() => resolveMarked(hub)));
  const attribute = await seconds(() => drain(() => attributeMarked(hub)));
  const total = normalize + resolve + attribute;
  const parts = `normalize ${normalize.toFixed(1)} s, resolve ${resolve.toFixed(1)} s, attribute ${attribute.toFixed(1)} s`;
  say(`${what}: ${Math.round(records / total)} records/s (${parts})`);
}

async function drain(step: () => Promise<number>): Promise<void> {
  while ((await step()) > 0);
}

async function landAll(
  hub: Hub,
  connection: string,
  count: number,
  make: (index: number) => VendorRecord,
): Promise<void> {
  for (let from = 0; from < count; from += page) {
    const size = Math.min(page, count - from);
    await land(
      hub,
      connection,
      Array.from({ length: size }, (_, index) => make(from + index)),
    );
  }
}

function iso(index: number): string {
  return new Date(start + index * 1_000).toISOString();
}

function hubspotRecord(
  object: string,
  index: number,
  properties: Record<string, string>,
  associations = {},
): VendorRecord {
  const id = String(index + 1);
  const stamps = { createdAt: iso(index), updatedAt: iso(index), archived: false };
  const at = start + index * 1_000;
  return { object, id, createdAt: at, modifiedAt: at, body: { id, properties, ...stamps, associations } };
}

function contact(index: number): VendorRecord {
  return hubspotRecord('contacts', index, {
    email: `person${index}@company${index % 5_000}.example`,
    firstname: `First${index}`,
    lastname: `Last${index}`,
    phone: `+1212555${String(index % 10_000).padStart(4, '0')}`,
    lifecyclestage: 'lead',
    createdate: iso(index),
    lastmodifieddate: iso(index),
  });
}

function deal(index: number): VendorRecord {
  const ids = [index * 3, index * 3 + 1].map((one) => ({
    id: String((one % people) + 1),
    type: 'deal_to_contact',
  }));
  const amount = { amount: String(1_000 + index), deal_currency_code: 'USD' };
  const stage = {
    dealstage: 'qualifiedtobuy',
    pipeline: 'default',
    createdate: iso(index),
    hs_lastmodifieddate: iso(index),
  };
  return hubspotRecord('deals', index, { dealname: `Deal ${index}`, ...amount, ...stage }, { contacts: ids });
}

/** Four events a session: started, a message, identified, ended. */
function chatEvent(index: number): VendorRecord {
  const session = Math.floor(index / 4);
  const at = start + session * 60_000 + (index % 4) * 1_000;
  const common = {
    id: `e${index}`,
    sessionId: `s${session}`,
    visitorId: `v${session}`,
    at: new Date(at).toISOString(),
  };
  const person = session % people;
  const kinds = [
    {
      type: 'session.started',
      landingPage: 'https://www.example.com/?utm_source=google&utm_medium=cpc',
      language: 'en',
    },
    { type: 'message', from: 'visitor', text: 'Hello' },
    { type: 'identified', email: `person${person}@company${person % 5_000}.example` },
    { type: 'session.ended' },
  ];
  return {
    object: 'event',
    id: common.id,
    createdAt: at,
    modifiedAt: at,
    body: { ...common, ...kinds[index % 4] },
  };
}
