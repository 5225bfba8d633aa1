/** What somebody says after a deal was closed takes no touch from it; what they said before may. */
import { afterEach, describe, expect, it } from 'vitest';
import { explainDeal } from '../../src/reports/explain.ts';
import type { Json, JsonObject } from '../../src/support/json.ts';
import { findDeal, found, openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;
const hubs: TestHub[] = [];
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.close();
});

/** Unless told otherwise, an open deal beside the closed one shows what its person has now. */
async function opened(attribution: JsonObject = { touches: 'shared' }) {
  const settings = { attribution };
  const hub = await openTestHub({ systems: ['salesforce', 'chatbot'], settings });
  hubs.push(hub);
  const start = hub.hub.clock.now() - 60 * day;
  const salesforce = hub.emulator('salesforce').records;
  const contact = (name: string) =>
    salesforce.create('Contact', { LastName: name, Email: `${name}@x.example` }, { at: start });
  const deal = (contactId: string, fields: JsonObject, at: number) => {
    const id = salesforce.create('Opportunity', { Name: 'Deal', Amount: 1000, ...fields }, { at });
    salesforce.create('OpportunityContactRole', { OpportunityId: id, ContactId: contactId }, { at });
    return id;
  };
  const date = (at: number) => new Date(at).toISOString().slice(0, 10);
  return {
    hub,
    start,
    contact,
    /** Closed on the day of that number. */
    won: (contactId: string, closed: number, { by = 'then' }: { by?: 'then' | 'now' } = {}) => {
      const at = start + closed * day;
      const told = by === 'then' ? at : hub.hub.clock.now();
      return deal(contactId, { StageName: 'Closed Won', CloseDate: date(at) }, told);
    },
    open: (contactId: string) =>
      deal(contactId, { StageName: 'Prospecting', CloseDate: '2099-12-31' }, start),
    chat: (sessionId: string, visitorId: string, onDay: number, who?: JsonObject) => {
      const say = (type: string, more: JsonObject, after: number) =>
        hub
          .emulator('chatbot')
          .records.create(
            'event',
            { type, sessionId, visitorId, ...more },
            { at: start + onDay * day + after },
          );
      say('session.started', { landingPage: 'https://www.site.example/' }, 0);
      return who ? say('identified', who, 1_000) : '';
    },
    touches: (id: string) => salesforce.get('Opportunity', id)?.Chat_Touches__c ?? null,
    computations: async (id: string) => {
      const entity = found(await findDeal(hub, 'Opportunity', id), 'deal');
      return (await hub.hub.store.credits.computations(entity.id)).length;
    },
    reason: (id: string) => reasonIn(salesforce.get('Opportunity', id) ?? {}),
    explained: async (id: string) => {
      return found((await explainDeal(hub.hub, id)) ?? undefined, `deal ${id}`);
    },
  };
}

function reasonIn(fields: JsonObject): Json {
  return fields.Chat_Credit_Reason__c ?? null;
}

describe('a closed deal', () => {
  it.each([
    'late',
    'early',
  ])('keeps an anonymous chat that a second user of the browser contests; an open one does not (told %s)', async (arrival) => {
    const w = await opened();
    const one = w.contact('one');
    const [won, open] = [w.won(one, 10), w.open(one)];
    const contest = () => w.chat('s2', 'pc', 40, { email: 'two@x.example', name: 'Two' });
    if (arrival === 'early') contest();
    w.chat('s0', 'pc', 1);
    w.chat('s1', 'pc', 2, { email: 'one@x.example' });
    await w.hub.quiet();
    if (arrival === 'late') {
      expect([w.touches(won), w.touches(open)]).toEqual([2, 2]);
      contest();
      await w.hub.quiet();
    }
    expect([w.touches(won), w.touches(open)]).toEqual([2, 1]);
  });

  it('loses what evidence from before its close takes, also when that arrives later', async () => {
    const w = await opened();
    const won = w.won(w.contact('one'), 10);
    w.chat('s0', 'pc', 1);
    w.chat('s1', 'pc', 2, { email: 'one@x.example' });
    await w.hub.quiet();
    expect(w.touches(won)).toBe(2);
    w.chat('s2', 'pc', 3, { email: 'two@x.example' });
    await w.hub.quiet();
    expect(w.touches(won)).toBe(1);
    const { changes } = await w.explained(won);
    expect(changes).toEqual([
      expect.stringMatching(/Chat touch .* left this closed deal: .* several people share/),
    ]);
  });

  it('loses a chat in which somebody else said who they are, and says whose it is', async () => {
    const w = await opened();
    w.contact('two');
    const won = w.won(w.contact('one'), 10);
    w.chat('s0', 'pc', 1);
    w.chat('s1', 'pc', 2, { email: 'one@x.example' });
    await w.hub.quiet();
    expect(w.touches(won)).toBe(2);
    const { records } = w.hub.emulator('chatbot');
    const said = { type: 'identified', sessionId: 's0', visitorId: 'pc', email: 'two@x.example' };
    records.create('event', said, { at: w.start + day + 2_000 });
    await w.hub.quiet();
    expect(w.touches(won)).toBe(1);
    const { changes } = await w.explained(won);
    expect(changes).toEqual([
      expect.stringMatching(/evidence .* says that it was not of one then; it is of two/),
    ]);
  });

  it('keeps the chats of a user id that another person uses later', async () => {
    const w = await opened();
    w.contact('two');
    const won = w.won(w.contact('one'), 10);
    w.chat('s0', 'pc', 1, { userId: 'shared' });
    w.chat('s1', 'pc-2', 2, { userId: 'shared', email: 'one@x.example' });
    await w.hub.quiet();
    expect(w.touches(won)).toBe(2);
    const kept = await w.computations(won);
    w.chat('s2', 'pc-3', 40, { userId: 'shared', email: 'two@x.example' });
    w.chat('s3', 'pc-2', 41, { userId: 'shared', email: 'one@x.example' });
    await w.hub.quiet();
    expect(w.touches(won)).toBe(2);
    // What comes after the close is no news of the deal: nothing is kept of it again.
    expect(await w.computations(won)).toBe(kept);
  });

  it('keeps the chats of a user id that too many people use later', async () => {
    const w = await opened();
    const won = w.won(w.contact('one'), 10);
    w.chat('s0', 'pc', 1, { userId: 'kiosk' });
    w.chat('s1', 'pc-2', 2, { userId: 'kiosk', email: 'one@x.example' });
    await w.hub.quiet();
    expect(w.touches(won)).toBe(2);
    for (let n = 0; n < 6; n += 1)
      w.chat(`late-${n}`, `late-${n}`, 40 + n, {
        userId: 'kiosk',
        email: `late-${n}@y.example`,
        name: `Late ${n}`,
      });
    await w.hub.quiet();
    expect(w.touches(won)).toBe(2);
  });

  it('loses what an earlier deal turns out to have used up, and says so', async () => {
    const w = await opened({ touches: 'once' });
    const one = w.contact('one');
    const later = w.won(one, 20);
    w.chat('s1', 'pc', 2, { email: 'one@x.example' });
    await w.hub.quiet();
    expect(w.touches(later)).toBe(1);
    const earlier = w.won(one, 10, { by: 'now' });
    await w.hub.quiet();
    expect([w.touches(earlier), w.touches(later)]).toEqual([1, null]);
    const { changes } = await w.explained(later);
    expect(changes).toEqual([expect.stringMatching(/left this closed deal: an earlier deal .* used it up/)]);
  });

  it('loses a chat that is erased', async () => {
    const w = await opened();
    const won = w.won(w.contact('one'), 10);
    w.chat('s1', 'pc', 2, { email: 'one@x.example' });
    w.chat('s0', 'pc', 1);
    w.chat('s2', 'pc', 40, { email: 'two@x.example' });
    await w.hub.quiet();
    expect(w.touches(won)).toBe(2);
    const { records } = w.hub.emulator('chatbot');
    const started = records.all('event').find((event) => event.sessionId === 's0');
    records.remove('event', String(started?.id));
    await w.hub.quiet();
    expect(w.touches(won)).toBe(1);
    const { changes } = await w.explained(won);
    expect(changes).toEqual([expect.stringContaining('it was deleted or erased')]);
  });

  it('leaves no word of an erased person’s chat in what was written, or would be written back', async () => {
    const w = await opened();
    const won = w.won(w.contact('one'), 10);
    w.chat('s1', 'pc', 2, { email: 'one@x.example' });
    w.chat('s2', 'pc', 3, { email: 'one@x.example' });
    await w.hub.quiet();
    expect(w.reason(won)).toContain('one chatted on 4 Oct 2026; 2 of 2 touches');
    const { records } = w.hub.emulator('chatbot');
    const started = records.all('event').find((event) => event.sessionId === 's1');
    records.remove('event', String(started?.id));
    await w.hub.quiet();
    expect(w.reason(won)).toContain('one chatted on 5 Oct 2026; 1 of 1 touch');
    const { id } = await w.explained(won);
    const writes = await w.hub.hub.store.outbox.writes({ entityId: id }, 100);
    const reasons = writes.flatMap(({ fields, replaced }) => [fields, replaced]).map(reasonIn);
    expect(writes.length).toBeGreaterThan(1);
    expect(reasons.filter((one) => one !== null)).toEqual([w.reason(won)]);
  });
});
