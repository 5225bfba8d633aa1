/** Reading everything again tells of what changed, and of nothing else. */

import { expect, test } from 'vitest';
import type { Checkpoint, VendorRecord } from '../../src/connector/contract/reading.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { pulledObjects, type System } from '../../src/sync/hub.ts';
import { pullOptions } from '../../src/sync/pull/landing.ts';
import { pullStream } from '../../src/sync/pull/stream.ts';
import { pullWhole } from '../../src/testing/parts.ts';
import { openTestHub } from './hub.ts';

const hour = 3_600_000;

test('a full reading of the unchanged demo world is no news, and moves no deal', {
  timeout: 240_000,
}, async () => {
  const demo = await openTestHub({ world: 'demo' });
  await demo.quiet(10);
  const news: Record<string, number> = {};
  for (const system of demo.hub.systems.values()) {
    for (const object of pulledObjects(system)) {
      const { changed } = await pullStream(demo.hub, system, object, { full: true });
      if (changed > 0) news[`${system.name} ${object}`] = changed;
    }
  }
  expect(news).toEqual({});
  expect(await demo.hub.store.work.counts()).toMatchObject({
    normalize: 0,
    resolve: 0,
    attribute: 0,
    push: 0,
  });
  await demo.close();
});

test('a full reading knows the labels that customers gave to associations', async () => {
  const demo = await openTestHub({ world: 'demo', systems: ['hubspot'] });
  await pullStream(demo.hub, demo.system('hubspot'), 'deals', { full: true });
  const refs = await demo.hub.store.landing.scan({ connection: 'hubspot', object: 'deals' }, null, 1_000);
  const bodies = (await demo.hub.store.landing.get(refs)).map(({ body }) => JSON.stringify(body));
  expect(bodies.some((body) => body.includes('"Decision Maker"'))).toBe(true);

  // Whether there are any is asked once a day for each pair, whatever is read and from whichever end.
  const { requests } = demo.emulator('hubspot');
  const asked = () => requests.entries.filter(({ path }) => path.endsWith('/labels')).map(({ path }) => path);
  const before = asked();
  expect(before.length).toBeGreaterThan(0);
  for (const object of ['deals', 'contacts', 'companies'])
    await pullStream(demo.hub, demo.system('hubspot'), object, { full: true });
  const pairs = asked().map((path) => path.split('/').slice(-3, -1).sort().join(' '));
  expect(asked().slice(0, before.length)).toEqual(before);
  expect(pairs.length).toBe(new Set(pairs).size);
  await demo.close();
});

/** What somebody changes at each record, so that the next reading of changes brings it. */
const edits: Readonly<Record<string, JsonObject>> = {
  Account: { Phone: '+49 30 901820' },
  Campaign: { BudgetedCost: 17 },
  Lead: { City: 'Łódź' },
  Contact: { MobilePhone: '+49 151 5550100' },
  Opportunity: { NextStep: 'Call' },
  OpportunityContactRole: { Role: 'Other' },
  CampaignMember: { Status: 'Responded' },
  Task: { Subject: 'Edited' },
  Event: { Subject: 'Edited' },
  companies: { city: 'Łódź' },
  contacts: { city: 'Łódź' },
  deals: { dealname: 'Edited' },
  tickets: { subject: 'Edited' },
  calls: { hs_call_title: 'Edited' },
  meetings: { hs_meeting_title: 'Edited' },
  emails: { hs_email_subject: 'Edited' },
};

/** Facts are never changed by anybody. */
const facts = ['OpportunityHistory', 'forms', 'event'];

test('every record of the demo world looks the same as a change, by its id and in a full reading', {
  timeout: 240_000,
}, async () => {
  const demo = await openTestHub({ world: 'demo', knobs: { salesforce: { personAccounts: true } } });
  demo
    .emulator('salesforce')
    .records.create('Account', { FirstName: 'Pia', LastName: 'Person', PersonEmail: 'pia@example.org' });
  for (const system of demo.hub.systems.values()) {
    for (const object of pulledObjects(system)) {
      const before = await readAll(system, object, null);
      const live = [...before.records.values()].filter(({ tombstone }) => !tombstone).map(({ id }) => id);
      const { records } = demo.emulator(system.name);
      for (const id of edits[object] ? live : []) records.update(object, id, edits[object] ?? {});
      await demo.hub.clock.sleep(hour, demo.hub.signal);
      const changes = await readAll(system, object, before.checkpoint);
      const whole = (await readAll(system, object, null)).records;
      const fetch = system.connector.streams?.[object]?.fetch;
      const named = await fetch?.(system.context, [...whole.keys()], pullOptions(system, object));
      const what = `${system.name} ${object}`;
      expect(live.length, what).toBeGreaterThan(0);
      expect(changes.records.size, what).toBeGreaterThanOrEqual(facts.includes(object) ? 0 : live.length);
      // Deletions that some vendors list apart are in no full reading.
      const all = [...changes.records.values(), ...(named ?? [])];
      for (const record of all.filter(({ id, tombstone }) => !tombstone || whole.has(id)))
        expect(looks(record), what).toEqual(looks(whole.get(record.id)));
    }
  }
  await demo.close();
});

/** To the letter: what is landed is compared as text. */
function looks(record: VendorRecord | undefined): string {
  const { body, modifiedAt, createdAt, byUs, unread, tombstone } = record ?? {};
  return JSON.stringify({ body, modifiedAt, createdAt, byUs, unread, tombstone });
}

async function readAll(system: System, object: string, from: Checkpoint | null) {
  const records = new Map<string, VendorRecord>();
  let checkpoint = from;
  const stream = system.connector.streams?.[object];
  const pages = stream && pullWhole(stream, system.context, from, pullOptions(system, object));
  for await (const page of pages ?? []) {
    for (const record of page.records) records.set(record.id, record);
    ({ checkpoint } = page);
  }
  return { records, checkpoint };
}
