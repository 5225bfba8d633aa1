/** A deal and its rows tell one number at every moment: rows go after their deal, and wait for what it waits for. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/connector/contract/writing.ts';
import { Fault } from '../../src/connector/fault.ts';
import { hubStatus } from '../../src/reports/status.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { endedRows } from '../../src/sync/ended-rows.ts';
import type { Hub, System } from '../../src/sync/hub.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { rowsToHold } from '../../src/sync/push/gates/held-rows.ts';
import { allowHeld, asksFirstCode } from '../../src/sync/push/gates/safety.ts';
import { retryParked } from '../../src/sync/push/mended.ts';
import { planWrites } from '../../src/sync/push/plan/reconcile.ts';
import { markAdminChanges, walk } from '../../src/sync/road.ts';
import { undo } from '../../src/sync/undo/undo.ts';
import {
  attached,
  dataDirectory,
  found,
  openTestHub,
  type TestHub,
  type TestHubOptions,
  writeRequests,
} from './hub.ts';
import { hasPostgres, postgresSchema, whyNot } from './postgres.ts';

const day = 86_400_000;
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function shared(): Promise<string> {
  const { url, drop } = await postgresSchema();
  closing.push(drop);
  return url;
}

describe('rows of deals, on SQLite', () => suite(async () => null));
describe.skipIf(!hasPostgres)(`rows of deals, on PostgreSQL${whyNot}`, () => suite(shared));

const guarded = { maxShare: 0.25, minRecords: 5 };
const customers = 6;
const unasked = { maxShare: 1, minRecords: 0 };

function suite(databaseOf: () => Promise<string | null>): void {
  /** Where every hub of a test keeps what it knows. */
  let kept: { readonly data: string; readonly database?: string };
  /** The one that the emulators belong to. */
  let first: TestHub;

  let edits = 0;

  async function opened(model: string, safety: object, more: TestHubOptions = {}): Promise<TestHub> {
    const { data, ...database } = kept;
    edits += 1;
    // No file is ever again what it was: that would be an old one.
    const lookbackDays = 100 + edits;
    const attribution = { models: ['first', 'last', 'linear'], creditModel: model, lookbackDays };
    const hub = await openTestHub({
      systems: ['salesforce', 'chatbot'],
      data,
      ...more,
      settings: { safety, attribution, ...database },
    });
    closing.push(() => hub.close());
    return hub;
  }

  async function place(): Promise<typeof kept> {
    const data = dataDirectory();
    closing.push(data.remove);
    const database = await databaseOf();
    return { data: data.path, ...(database === null ? {} : { database }) };
  }

  /** A hub whose deals and rows have been told what a model says. */
  async function told(model: string): Promise<void> {
    kept = await place();
    first = await opened(model, unasked);
    tellMany(first);
    await first.quiet();
    expect(rows()).toHaveLength(2 * customers);
    expectOneNumber();
  }

  /** The same hub after an edit of its file, with all that follows walked. */
  async function edited(
    model: string,
    safety: object = guarded,
    more: TestHubOptions = {},
  ): Promise<TestHub> {
    const hub = await opened(model, safety, {
      attach: attached(first),
      clock: first.hub.clock,
      ...more,
    });
    await markAdminChanges(hub.hub);
    await walk(hub.hub);
    return hub;
  }

  const deals = () => first.emulator('salesforce').records.all('Opportunity');
  const rows = () => first.emulator('salesforce').records.all('Chat_Touch__c');
  const models = () => [...new Set(rows().map((row) => row.Model__c))];
  const shares = () => [...new Set(deals().map((deal) => deal.Chat_Credit_Share__c))];

  /** What each deal shows is what its rows come to. */
  function expectOneNumber(): void {
    const said = deals().map(({ Id, Name, Chat_Credit_Share__c: share, Chat_Credit_Amount__c: amount }) => {
      const own = rows().filter((row) => row.Opportunity__c === Id);
      const sum = (field: string) => own.reduce((total, row) => total + Number(row[field]), 0).toFixed(1);
      const shown = { share: Number(share).toFixed(1), amount: Number(amount).toFixed(1) };
      return { Name, shown, sums: { share: sum('Share__c'), amount: sum('Amount__c') } };
    });
    expect(said).toEqual(said.map(({ Name, shown }) => ({ Name, shown, sums: shown })));
  }

  const held = ({ hub }: TestHub) => hub.store.heldRows.count();
  const none = { rows: 0, deals: 0 };
  /** Those of the old model go, those of the new one come. */
  const all = { rows: 4 * customers, deals: customers };

  it('wait while their deals ask, and go after them in the run that allows it', async () => {
    await told('linear');
    const before = writeRequests(first);
    const hub = await edited('last');
    const { store } = hub.hub;
    expect((await store.work.parked()).map(({ reason }) => reason.code)).toEqual(
      Array(customers).fill(asksFirstCode),
    );
    expect(await held(hub)).toEqual(all);
    expect(writeRequests(first)).toEqual(before);
    expect([models(), shares()]).toEqual([['Linear'], [66.67]]);
    expectOneNumber();

    await allowHeld(hub.hub);
    await walk(hub.hub, { yes: true, run: 'allowed' });
    expect(await held(hub)).toEqual(none);
    expect(await store.work.parked()).toEqual([]);
    expect([models(), shares()]).toEqual([['Last touch'], [100]]);
    expectOneNumber();
    const writes = (await store.outbox.writes({ run: 'allowed' }, 999)).reverse();
    const timesOf = (object: string) => writes.filter((one) => one.object === object).map((one) => one.at);
    expect(Math.max(...timesOf('Opportunity'))).toBeLessThanOrEqual(Math.min(...timesOf('Chat_Touch__c')));
  });

  it('are all in the plan while they wait, those that are to be deleted, too', async () => {
    await told('linear');
    const hub = await edited('last');
    const system = hub.system('salesforce');
    const present = await hub.hub.store.entities.scan('ChatTouch', null, 99);
    const ended = (await Array.fromAsync(endedRows(hub.hub, system, 'ChatTouch'))).flat();
    expect([present.length, ended.length]).toEqual([2 * customers, 2 * customers]);
    const { writes } = await planWrites(hub.hub, system, [...present, ...ended]);
    expect((await rowsToHold(hub.hub, system, writes)).size).toBe(all.rows);
    expect(await hubStatus(hub.hub)).toMatchObject({ heldRows: all, parkedRows: none });
  });

  it('are named where they are refused after their deals were told', async () => {
    await told('linear');
    const hub = await opened('last', unasked, { attach: attached(first), clock: first.hub.clock });
    const strict = refusing(hub.hub, 'salesforce', 'Chat_Touch__c');
    await markAdminChanges(strict);
    await walk(strict);
    expect(shares()).toEqual([100]);
    expect(models()).toEqual(['Linear']);
    expect(await hubStatus(hub.hub)).toMatchObject({ heldRows: none, parkedRows: all });
    await retryParked(hub.hub, { stage: 'push' });
    await walk(hub.hub);
    expect(await hubStatus(hub.hub)).toMatchObject({ heldRows: none, parkedRows: none });
    expectOneNumber();
  });

  it('are named where nothing is written to them any more, while their deals are told', async () => {
    await told('linear');
    const rowsLeft = async (writes: object | string) => {
      const more = {
        attach: attached(first),
        clock: first.hub.clock,
        connection: { salesforce: { writes } },
      };
      return (await hubStatus((await opened('linear', unasked, more)).hub)).rowsLeft;
    };
    const rows = { connection: 'salesforce', object: 'Chat_Touch__c', rows: 2 * customers };
    expect(await rowsLeft({ Opportunity: 'on' })).toEqual([rows]);
    expect(await rowsLeft({ Chat_Touch__c: 'on' })).toEqual([]);
    expect(await rowsLeft('on')).toEqual([]);
    expect(await rowsLeft('off')).toEqual([]);
  });

  it('are let go when their deals come to tell what they told before', async () => {
    await told('linear');
    const before = writeRequests(first);
    expect(await held(await edited('last'))).toEqual(all);
    const back = await edited('linear');
    expect(await held(back)).toEqual(none);
    expect(await back.hub.store.work.parked()).toEqual([]);
    expect(writeRequests(first)).toEqual(before);
    expectOneNumber();
  });

  it('do not go where their deals are refused, and go when these are mended', async () => {
    await told('linear');
    const hub = await opened('last', unasked, { attach: attached(first), clock: first.hub.clock });
    const strict = refusing(hub.hub, 'salesforce', 'Opportunity');
    await markAdminChanges(strict);
    await walk(strict);
    expect(await held(hub)).toEqual(all);
    expect(models()).toEqual(['Linear']);
    expectOneNumber();
    await retryParked(hub.hub, { stage: 'push' });
    await walk(hub.hub);
    expect(await held(hub)).toEqual(none);
    expect(models()).toEqual(['Last touch']);
    expectOneNumber();
  });

  it('wait as long as a deal goes on showing a number that the CRM does not let be changed', async () => {
    await told('linear');
    const hub = await opened('last', unasked, { attach: attached(first), clock: first.hub.clock });
    const strict = refusing(hub.hub, 'salesforce', 'Opportunity', 'Chat_Credit_Amount__c');
    await markAdminChanges(strict);
    await walk(strict);
    expect(shares()).toEqual([66.67]);
    expectOneNumber();
    expect(await held(hub)).toEqual(all);
    expect((await hub.hub.store.work.parked())[0]?.reason).toMatchObject({ field: 'Chat_Credit_Amount__c' });
    await retryParked(hub.hub, { stage: 'push' });
    await walk(hub.hub);
    expect(await held(hub)).toEqual(none);
    expect([models(), shares()]).toEqual([['Last touch'], [100]]);
    expectOneNumber();
  });

  it('are deleted once rows are written again, where they ended meanwhile', async () => {
    await told('linear');
    const only = (writes: object) => ({ connection: { salesforce: { writes } } });
    const hub = await edited('last', unasked, only({ Opportunity: 'on' }));
    expect([models(), shares(), await held(hub)]).toEqual([['Linear'], [100], none]);
    const again = await edited('last', unasked, only({ Opportunity: 'on', Chat_Touch__c: 'on' }));
    expect(models()).toEqual(['Last touch']);
    expect(await Array.fromAsync(endedRows(again.hub, again.system('salesforce'), 'ChatTouch'))).toEqual([]);
    expectOneNumber();
  });

  it.each([
    ['another model, so that rows go and others come', 'last'],
    ['another amount, so that the same rows say something else', 'linear'],
  ])('go back with their deals when a run is undone: %s', async (_, model) => {
    await told('linear');
    const before = rows().map(said);
    // Apart from the hub's own writes, by their stamps.
    await first.hub.clock.sleep(5_000);
    for (const { Id } of deals())
      first.emulator('salesforce').records.update('Opportunity', String(Id), { Amount: 300 });
    await first.hub.clock.sleep(5_000);
    const hub = await opened(model, unasked, { attach: attached(first), clock: first.hub.clock });
    await markAdminChanges(hub.hub);
    await pullSystem(hub.hub, hub.system('salesforce'));
    await walk(hub.hub, { run: 'changed' });
    expectOneNumber();
    expect(deals()[0]?.Chat_Credit_Amount__c).toBe(model === 'last' ? 300 : 200);

    const undone = found((await undo(hub.hub, 'changed')) ?? undefined, 'undoing');
    expect(undone).toMatchObject({ refused: [], left: [] });
    expect(rows().map(said)).toEqual(expect.arrayContaining(before));
    expect(rows()).toHaveLength(before.length);
    expect(deals()[0]?.Chat_Credit_Amount__c).toBe(66.67);
    expectOneNumber();
    expect((await undo(hub.hub, 'changed'))?.back).toEqual([]);

    // Nothing goes until a person allows it, and then all of it.
    await hub.sync();
    expectOneNumber();
    await allowHeld(hub.hub);
    await walk(hub.hub, { yes: true });
    expect(models()).toEqual([model === 'last' ? 'Last touch' : 'Linear']);
    expectOneNumber();
    expect(await held(hub)).toEqual(none);
  });

  it('wait for no deal that is not written and shows nothing', async () => {
    kept = await place();
    first = await opened('linear', unasked, {
      connection: { salesforce: { writes: { Chat_Touch__c: 'on' } } },
    });
    tellMany(first);
    await first.quiet();
    expect(rows()).toHaveLength(2 * customers);
    expect(shares()).toEqual([null]);
    expect(await held(first)).toEqual(none);
  });

  it('wait for a deal that shows a number and is written no more, until it is written again', async () => {
    await told('linear');
    const writes = (others: object) => ({
      connection: { salesforce: { writes: { Chat_Touch__c: 'on', ...others } } },
    });
    const hub = await edited('last', unasked, writes({}));
    expect(await held(hub)).toEqual(all);
    expectOneNumber();
    const again = await edited('last', unasked, writes({ Opportunity: 'on' }));
    expect(await held(again)).toEqual(none);
    expect(models()).toEqual(['Last touch']);
    expectOneNumber();
  });
}

/** What a row says, whenever it was made. */
function said({ Id: _, CreatedDate: __, LastModifiedDate: ___, SystemModstamp: ____, ...row }: JsonObject) {
  return row;
}

/** Six customers, each with a deal, two chats and a fair between them. */
function tellMany(hub: TestHub): void {
  const at = Math.floor(hub.hub.clock.now() / 1_000) * 1_000 - 20 * day;
  const salesforce = hub.emulator('salesforce').records;
  const CampaignId = salesforce.create('Campaign', { Name: 'Fair' }, { at });
  for (let number = 0; number < customers; number += 1) {
    const name = `customer${number}`;
    const email = `${name}@visitors.example`;
    const ContactId = salesforce.create('Contact', { LastName: name, Email: email }, { at });
    const deal = { Name: name, StageName: 'Prospecting', CloseDate: '2099-01-01', Amount: 100 };
    const OpportunityId = salesforce.create('Opportunity', deal, { at });
    salesforce.create('OpportunityContactRole', { OpportunityId, ContactId }, { at });
    const chats = hub.emulator('chatbot').records;
    for (const daysBefore of [5, 3]) {
      const common = { sessionId: `${daysBefore} of ${name}`, visitorId: name };
      const when = { at: at - daysBefore * day };
      chats.create('event', { type: 'session.started', ...common }, when);
      chats.create('event', { type: 'identified', email, ...common }, when);
    }
    const member = { CampaignId, ContactId, Status: 'Responded', FirstRespondedDate: dateOf(at - 4 * day) };
    salesforce.create('CampaignMember', member, { at: at - 4 * day });
  }
}

const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The hub with a CRM that refuses all updates of an object, or all in which a field stands. */
function refusing(hub: Hub, name: string, object: string, field?: string): Hub {
  const system = found(hub.systems.get(name), name);
  const sink: System['connector']['sink'] = (asked) => {
    const own = system.connector.sink?.(asked);
    if (!own || asked !== object) return own;
    const push: typeof own.push = async (context, writes) => {
      const isRefused = ({ fields }: (typeof writes)[number]) => field === undefined || field in fields;
      const refused = writes.filter(isRefused).map(({ key }): Outcome => ({ key, status: 'failed', fault }));
      const others = writes.filter((write) => !isRefused(write));
      return [...refused, ...(others.length === 0 ? [] : await own.push(context, others))];
    };
    return { ...own, push };
  };
  const fault = new Fault('rejected', 'not as long as this rule stands', {
    code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    ...(field === undefined ? {} : { fields: [field] }),
  });
  const strict = { ...system, connector: { ...system.connector, sink } };
  return { ...hub, systems: new Map([...hub.systems, [name, strict]]) };
}
