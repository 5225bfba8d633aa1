/** Who chats a lot: one more chat joins the others without a look at all of them, and comes to the same. */

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { entityKinds } from '../../src/canonical/model.ts';
import { keyText } from '../../src/canonical/names.ts';
import { SqlFacts } from '../../src/store/facts/facts.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { markForAttribute, markForResolve } from '../../src/sync/marking.ts';
import { normalizeMarked } from '../../src/sync/normalize/normalize.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { resolveMarked } from '../../src/sync/resolve/resolve.ts';
import { walk } from '../../src/sync/road.ts';
import { openTestHub, type TestHub } from './hub.ts';

const [day, hour] = [86_400_000, 3_600_000];
const chats = 40;

let hub: TestHub;
let start: number;
let contact: string;
let deals: { closed: string; open: string };
const resolved = vi.spyOn(SqlFacts.prototype, 'components');

function say(type: string, more: JsonObject, at: number): void {
  hub.emulator('chatbot').records.create('event', { type, ...more }, { at });
}

interface Chat {
  readonly session: string;
  readonly visitor?: string;
  readonly user?: string | null;
  readonly who?: JsonObject | null;
  readonly at: number;
  /** When it is said who it is; default: at once. */
  readonly told?: number;
}

const known = { email: 'heavy@x.example', name: 'Hedda Heavy' };

function chat({ session, visitor = 'v', user = 'u', who = known, at, told = at + 2_000 }: Chat): void {
  const where = { sessionId: session, visitorId: visitor, ...(user === null ? {} : { userId: user }) };
  say('session.started', { ...where, landingPage: 'https://www.site.example/' }, at);
  if (who) say('identified', { ...where, ...who }, told);
}

beforeAll(async () => {
  hub = await openTestHub({ systems: ['salesforce', 'chatbot'] });
  start = hub.hub.clock.now() - 60 * day;
  const { records } = hub.emulator('salesforce');
  contact = records.create('Contact', { LastName: 'Heavy', Email: known.email }, { at: start });
  const dealOf = (fields: JsonObject, at: number) => {
    const id = records.create('Opportunity', { Name: 'Deal', Amount: 1_000, ...fields }, { at });
    records.create('OpportunityContactRole', { OpportunityId: id, ContactId: contact }, { at });
    return id;
  };
  const closedAt = start + 5 * day;
  const CloseDate = new Date(closedAt).toISOString().slice(0, 10);
  deals = {
    closed: dealOf({ StageName: 'Closed Won', CloseDate }, closedAt),
    open: dealOf({ StageName: 'Prospecting', CloseDate: '2099-12-31' }, start),
  };
  for (let n = 0; n < chats; n += 1)
    chat({ session: `s${n}`, at: start + n * 4 * hour, ...(n % 3 === 0 ? { visitor: `w${n}` } : {}) });
  chat({ session: 'anonymous', visitor: 'late', user: null, who: null, at: start + 4 * day });
  await hub.quiet();
});

afterAll(async () => {
  await hub?.close();
});

/** Everything that resolving and crediting decide. */
async function state() {
  const { store } = hub.hub;
  const entities = (
    await Promise.all(entityKinds.map((kind) => store.entities.scan(kind, null, 1_000)))
  ).flat();
  const names = await store.facts.names(null, 10_000);
  const said = await store.facts.contributions(names);
  const keys = said.flatMap((one) => one.keys.map(keyText));
  const owners = await store.entities.byKey('Person', [...new Set(keys)].sort());
  const pairs = (await store.identity.pairings(names)).map(({ one, other, key }) => `${one} ${other} ${key}`);
  const ids = entities.filter(({ kind }) => kind === 'Deal').map(({ id }) => id);
  const credit = await Promise.all(ids.map((id) => store.credits.ofDeal(id)));
  const lines = credit.flat().filter(({ model }) => model !== 'time-decay');
  return {
    entities,
    owners,
    pairs: [...new Set(pairs)].sort(),
    doubts: await store.identity.doubts(),
    lines,
  };
}

function peopleResolved(): number {
  return resolved.mock.calls.flatMap(([names]) => names).filter((name) => name.startsWith('Person|')).length;
}

/** Takes it in, and says how many people's contributions were resolved with all that hang together with them. */
async function taken(): Promise<number> {
  resolved.mockClear();
  await hub.sync();
  return peopleResolved();
}

async function expectTheSameOfAll(): Promise<void> {
  // What changed twice within a second of the CRM's stamp is read once more when that is over.
  await hub.settle();
  const short = await state();
  await markForResolve(hub.hub);
  await markForAttribute(hub.hub);
  await walk(hub.hub, { push: false });
  expect(await state()).toEqual(short);
}

const later = () => start + 20 * day;

describe('one more chat of somebody who has chatted a lot', () => {
  it.each([
    ['like the others', () => chat({ session: 'like', at: later() })],
    ['from a new browser', () => chat({ session: 'new', visitor: 'fresh', at: later() + hour })],
    ['from that browser again', () => chat({ session: 'again', visitor: 'fresh', at: later() + 2 * hour })],
    [
      'two at once',
      () => {
        chat({ session: 'two', at: later() + 3 * hour });
        chat({ session: 'three', at: later() + 4 * hour });
      },
    ],
    [
      'begun before a deal was closed, as somebody unknown',
      () => say('identified', { sessionId: 'anonymous', visitorId: 'late', ...known }, later() + 5 * hour),
    ],
    ['that says nothing of who it is', () => chat({ session: 'mute', who: null, at: later() + 6 * hour })],
  ])('only adds itself: %s', async (_, more) => {
    more();
    expect(await taken()).toBe(0);
    await expectTheSameOfAll();
  });

  it('is weighed with all the others where one of them has changed since', async () => {
    hub.emulator('salesforce').records.update('Contact', contact, { FirstName: 'Zoe' });
    chat({ session: 'beside', at: later() + 11 * hour });
    await taken();
    const looked = resolved.mock.calls.flatMap(([names]) => names);
    const said = hub.emulator('chatbot').records.all('event').at(-1)?.id;
    expect(looked).toContain(`Person|chatbot|event|${said}`);
    await expectTheSameOfAll();
    hub.emulator('salesforce').records.update('Contact', contact, { FirstName: null });
    await hub.sync();
  });

  it('is weighed with all the others where their record has changed, and waits for another batch', async () => {
    const { records } = hub.emulator('salesforce');
    chat({ session: 'ahead', at: later() + 13 * hour });
    await pullSystem(hub.hub, hub.system('chatbot'));
    while ((await normalizeMarked(hub.hub)) > 0);
    records.update('Contact', contact, { LastName: 'Other', FirstName: 'Zoe' });
    await pullSystem(hub.hub, hub.system('salesforce'));
    while ((await normalizeMarked(hub.hub)) > 0);
    const said = `Person|chatbot|event|${hub.emulator('chatbot').records.all('event').at(-1)?.id}`;
    const { store } = hub.hub;
    const renamed = `Person|salesforce|Contact|${contact}`;
    expect([...(await store.work.dirty('resolve', [said, renamed])).keys()].sort()).toEqual([said, renamed]);
    resolved.mockClear();
    while ((await store.work.dirty('resolve', [said])).size > 0) await resolveMarked(hub.hub, 1);
    expect((await store.work.dirty('resolve', [renamed])).size).toBe(1);
    expect(resolved.mock.calls.flatMap(([names]) => names)).toContain(said);
    // They contradict each other by now: no pair is made of them, in whatever order they are looked at.
    expect(await store.identity.pairings([said])).toEqual([]);
    await walk(hub.hub);
    expect(await store.identity.pairings([said])).toEqual([]);
    records.update('Contact', contact, { LastName: 'Heavy', FirstName: null });
    await hub.sync();
  });

  it.each([
    [
      'with another name',
      () => chat({ session: 'n', who: { ...known, name: 'H. Heavy' }, at: later() + 7 * hour }),
    ],
    ['that is the first of all', () => chat({ session: 'first', at: start - day })],
    [
      'from the browser of somebody else',
      () => {
        chat({ session: 'x', visitor: 'x', user: 'x', who: { email: 'eve@y.example' }, at: later() });
        chat({ session: 'y', visitor: 'x', at: later() + 8 * hour });
      },
    ],
  ])('is weighed with all the others: %s', async (_, more) => {
    more();
    expect(await taken()).toBeGreaterThan(0);
    await expectTheSameOfAll();
  });

  it('leaves the credit of a deal that was closed before alone, and moves that of an open one', async () => {
    const byName = async (id: string) => {
      const ids = await hub.hub.store.entities.byKey('Deal', [`id:salesforce:Opportunity:${id}`]);
      return Object.values(ids)[0] ?? '';
    };
    const [closed, open] = [await byName(deals.closed), await byName(deals.open)];
    const { credits } = hub.hub.store;
    const before = [await credits.computations(closed), await credits.computations(open)].map(
      ({ length }) => length,
    );
    chat({ session: 'after', at: later() + 10 * hour });
    await hub.sync();
    const after = [await credits.computations(closed), await credits.computations(open)].map(
      ({ length }) => length,
    );
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBeGreaterThan(before[1] ?? 0);
  });

  it('adds itself no more once an admin has said something of the person', async () => {
    const { store, clock } = hub.hub;
    const names = await store.facts.names('Person|chatbot|', 2);
    const [one = '', other = ''] = names;
    await store.identity.decide({ one, other, verdict: 'same', at: clock.now() });
    await store.work.mark('resolve', [one]);
    await hub.sync();
    chat({ session: 'decided', at: later() + 9 * hour });
    expect(await taken()).toBeGreaterThan(0);
    await expectTheSameOfAll();
  });
});
