/** The whole road on the seeded world, over real HTTP: credit in the CRMs, silence after it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBack } from '../../src/reports/readback.ts';
import { openTestHub, type TestHub, writeRequests } from './hub.ts';
import { hasPostgres, postgresSchema, whyNot } from './postgres.ts';

describe('the road, end to end, on SQLite', () => road(async () => null));
describe.skipIf(!hasPostgres)(`the road, end to end, on PostgreSQL${whyNot}`, () => road(postgresSchema));

interface Database {
  readonly url: string;
  drop(): Promise<void>;
}

function road(database: () => Promise<Database | null>): void {
  let shared: Database | null;
  let hub: TestHub;

  beforeAll(async () => {
    shared = await database();
    hub = await openTestHub({ world: 'demo', ...(shared ? { settings: { database: shared.url } } : {}) });
    await hub.quiet();
  });
  afterAll(async () => {
    await hub.close();
    await shared?.drop();
  });

  it('brings every deal of every CRM together, each once', async () => {
    const deals = await readBack(hub.hub);
    expect(deals.length).toBeGreaterThanOrEqual(140);
    const ids = deals.flatMap((deal) => deal.readBack.map((record) => `${record.connection} ${record.id}`));
    expect(new Set(ids).size).toBe(ids.length);
    expect(deals.some((deal) => deal.readBack.length === 2)).toBe(true);
  });

  it('leaves in each CRM what it computed', async () => {
    const deals = await readBack(hub.hub);
    expect(deals.filter((deal) => !deal.agrees)).toEqual([]);
    expect(deals.filter((deal) => (deal.credit.share ?? 0) > 0).length).toBeGreaterThan(60);
  });

  it('splits every deal so that the lines of each model sum to 1 and to the amount', async () => {
    for (const deal of await readBack(hub.hub)) {
      const lines = await hub.hub.store.credits.ofDeal(deal.id);
      for (const [, group] of Map.groupBy(lines, (line) => line.model)) {
        const share = group.reduce((sum, line) => sum + line.share, 0);
        expect(Math.abs(share - 1)).toBeLessThan(1e-12);
      }
      const [entity] = await hub.hub.store.entities.get([deal.id]);
      const amount = entity?.fields.amount;
      if (typeof amount !== 'object' || amount === null || !('minor' in amount)) continue;
      for (const [, group] of Map.groupBy(lines, (line) => line.model)) {
        expect(group.reduce((sum, line) => sum + line.amountMinor, 0)).toBe(amount.minor);
      }
    }
  });

  it('parks nothing and leaves nothing dirty', async () => {
    expect(await hub.hub.store.work.parked()).toEqual([]);
    expect(Object.values(await hub.hub.store.work.counts()).every((count) => count === 0)).toBe(true);
  });

  it('falls silent: another look writes nothing, anywhere', async () => {
    const before = writeRequests(hub);
    const counts = await hub.sync();
    expect(counts.written).toBe(0);
    expect(writeRequests(hub)).toEqual(before);
  });

  it('has one child record per chat touch in Salesforce', async () => {
    const touches = await hub.hub.store.entities.count('ChatTouch');
    expect(touches).toBeGreaterThan(60);
    expect(hub.emulator('salesforce').records.count('Chat_Touch__c')).toBe(
      (await hub.hub.store.outbox.writes({ connection: 'salesforce' }, 100_000)).filter(
        (write) => write.object === 'Chat_Touch__c',
      ).length,
    );
  });
}
