/** Who is credited again when a deal changes: the others of its people only where it takes touches from them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../src/support/json.ts';
import { normalizeMarked } from '../../src/sync/normalize/normalize.ts';
import { pullStream } from '../../src/sync/pull/stream.ts';
import { resolveMarked } from '../../src/sync/resolve/resolve.ts';
import { openTestHub, type TestHub } from './hub.ts';

let hub: TestHub;
let deals: string[];

beforeAll(async () => {
  hub = await openTestHub({ systems: ['salesforce'] });
  const { records } = hub.emulator('salesforce');
  const contact = records.create('Contact', { LastName: 'Ada', Email: 'ada@example.com' });
  deals = [1, 2, 3].map((n) => {
    const deal = { Name: `Deal ${n}`, StageName: 'Prospecting', Amount: n, CloseDate: '2099-01-31' };
    const id = records.create('Opportunity', deal);
    records.create('OpportunityContactRole', { OpportunityId: id, ContactId: contact });
    return id;
  });
  await hub.quiet();
});
afterAll(() => hub.close());

/** How many deals are marked for credit once somebody has changed the first one. */
async function markedBy(change: JsonObject): Promise<number> {
  hub.emulator('salesforce').records.update('Opportunity', deals[0] ?? '', change);
  await hub.hub.clock.sleep(1_000);
  await pullStream(hub.hub, hub.system('salesforce'), 'Opportunity');
  await normalizeMarked(hub.hub);
  await resolveMarked(hub.hub);
  const { attribute } = await hub.hub.store.work.counts();
  await hub.quiet();
  return attribute;
}

it('an open deal is credited again alone', async () => {
  expect(await markedBy({ Amount: 2_000 })).toBe(1);
  expect(await markedBy({ StageName: 'Qualification' })).toBe(1);
});

it('with one that is closed, changed while it is, or opened again, all deals of its people are', async () => {
  const CloseDate = new Date(hub.hub.clock.now()).toISOString().slice(0, 10);
  expect(await markedBy({ StageName: 'Closed Won', CloseDate })).toBe(deals.length);
  expect(await markedBy({ Amount: 3_000 })).toBe(deals.length);
  expect(await markedBy({ StageName: 'Prospecting' })).toBe(deals.length);
});
