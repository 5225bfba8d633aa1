/** A closed deal is not resolved again where that would change nothing: what is spared must equal what is computed. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { closeTime } from '../../src/canonical/close-time.ts';
import type { Entity } from '../../src/canonical/model.ts';
import type { DealFacts } from '../../src/store/contract/entities.ts';
import { type ClosedDeal, resolvedAtClose, withTouchesAtClose } from '../../src/sync/attribute/at-close.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { walk } from '../../src/sync/road.ts';
import { limitsOf } from '../../src/sync/rules.ts';
import { openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;
const people = ['one', 'two', 'three'];

interface Chat {
  readonly onDay: number;
  readonly visitor: string;
  readonly who: string | null;
  readonly userId: string | null;
}

const anyChat: fc.Arbitrary<Chat> = fc.record({
  onDay: fc.integer({ min: 1, max: 50 }),
  visitor: fc.constantFrom('pc', 'phone', 'tablet', 'watch'),
  who: fc.option(fc.constantFrom(...people)),
  userId: fc.option(fc.constantFrom('u1', 'u2')),
});

const anyStory = fc.record({
  closed: fc.array(fc.integer({ min: 5, max: 45 }), { minLength: 3, maxLength: 3 }),
  chats: fc.array(anyChat, { minLength: 1, maxLength: 14 }),
});

function tell(hub: TestHub, { closed, chats }: { closed: number[]; chats: Chat[] }): void {
  const start = hub.hub.clock.now() - 60 * day;
  const salesforce = hub.emulator('salesforce').records;
  closed.forEach((onDay, index) => {
    const name = people[index] ?? '';
    const at = start + onDay * day;
    const contact = salesforce.create('Contact', { LastName: name, Email: `${name}@x.example` }, { at });
    const CloseDate = new Date(at).toISOString().slice(0, 10);
    const fields = { Name: name, StageName: 'Closed Won', Amount: 100, CloseDate };
    const deal = salesforce.create('Opportunity', fields, { at });
    salesforce.create('OpportunityContactRole', { OpportunityId: deal, ContactId: contact }, { at });
  });
  chats.forEach(({ onDay, visitor, who, userId }, index) => {
    const where = { sessionId: `s${index}`, visitorId: visitor, ...(userId === null ? {} : { userId }) };
    const say = (type: string, more: object, after: number) =>
      hub
        .emulator('chatbot')
        .records.create('event', { type, ...where, ...more }, { at: start + onDay * day + after });
    say('session.started', { landingPage: 'https://www.site.example/' }, 0);
    if (who !== null) say('identified', { email: `${who}@x.example` }, 1_000);
  });
}

async function closedDeals({ hub }: TestHub): Promise<[ClosedDeal[], Map<string, Entity>]> {
  const deals = await hub.store.entities.scan('Deal', null, 100);
  const facts = new Map(
    (await hub.store.entities.dealFacts(deals.map(({ id }) => id))).map((one) => [one.dealId, one]),
  );
  const persons = await hub.store.entities.scan('Person', null, 100);
  const closed = deals.flatMap((deal) => {
    const [own, closedAt] = [facts.get(deal.id), closeTime(deal)];
    return own && closedAt !== null ? [{ facts: own, closedAt }] : [];
  });
  return [closed, new Map(persons.map((person) => [person.id, person]))];
}

function touchesOf(deals: readonly ClosedDeal[], found: ReadonlyMap<string, DealFacts>): string[][] {
  return deals.map(({ facts }) =>
    (found.get(facts.dealId) ?? facts).events.map(({ event, person }) => `${person} ${event.id}`).sort(),
  );
}

it('gives closed deals the same touches as resolving their people again, in any story', async () => {
  let spared = 0;
  await fc.assert(
    fc.asyncProperty(anyStory, async (story) => {
      const test = await openTestHub({ systems: ['salesforce', 'chatbot'] });
      try {
        tell(test, story);
        for (const system of test.hub.systems.values()) await pullSystem(test.hub, system);
        await walk(test.hub, { push: false });
        const [deals, persons] = await closedDeals(test);
        const [{ store }, limits] = [test.hub, limitsOf(test.hub)];
        const apart = await store.entities.touchesOfThoseApart([...persons.keys()], Number.MAX_SAFE_INTEGER);
        spared += apart.length;
        const whole = await resolvedAtClose(store, limits, deals, persons);
        const quick = await withTouchesAtClose(store, limits, deals, persons);
        expect(touchesOf(deals, quick)).toEqual(touchesOf(deals, whole));
      } finally {
        await test.close();
      }
    }),
    { numRuns: 15, seed: 7 },
  );
  expect(spared).toBeGreaterThan(10);
}, 120_000);
