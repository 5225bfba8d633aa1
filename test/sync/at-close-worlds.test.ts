/** Whenever the hub reads, and however often: a closed deal has the credit that its close's evidence gives it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findDeal, openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;
const people = ['ann', 'bob', 'cid'];
const lastDay = 8;

/** What may happen on a day, to the person of that number. */
const anyStep = fc.record({
  onDay: fc.integer({ min: 0, max: lastDay }),
  who: fc.nat({ max: people.length - 1 }),
  other: fc.nat({ max: people.length - 1 }),
  what: fc.constantFrom(
    ...(['chat', 'chat', 'chat by the first address', 'change address', 'take over address'] as const),
    ...(['rename', 'delete role', 'delete contact'] as const),
  ),
});
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const anyWorld = fc.record({
  steps: fc.array(anyStep, { minLength: 3, maxLength: 14 }),
  closed: fc.array(fc.integer({ min: 1, max: lastDay - 2 }), { minLength: 3, maxLength: 3 }),
  reads: fc.uniqueArray(fc.integer({ min: 0, max: lastDay }), { maxLength: 4 }),
});

class World {
  readonly #test: TestHub;
  readonly #contacts: string[] = [];
  readonly #leads: string[] = [];
  readonly #roles: string[] = [];
  readonly #deals: { readonly object: 'Opportunity' | 'deals'; readonly id: string }[] = [];
  readonly #addresses = people.map((name) => `${name}@x.example`);
  #number = 0;

  constructor(test: TestHub) {
    this.#test = test;
    for (const [index, name] of people.entries()) this.#begin(name, index);
  }

  #records(system: string) {
    return this.#test.emulator(system).records;
  }

  /** Everybody is a contact of HubSpot with a deal there, and one of Salesforce, under another address, with one there. */
  #begin(name: string, index: number): void {
    const [hubspot, salesforce] = [this.#records('hubspot'), this.#records('salesforce')];
    const contact = hubspot.create('contacts', { lastname: name, email: this.#addresses[index] ?? '' });
    const dealFields = {
      dealname: name,
      amount: '500',
      dealstage: 'appointmentscheduled',
      pipeline: 'default',
    };
    const deal = hubspot.create('deals', {
      ...dealFields,
      associations: [{ object: 'contacts', id: contact }],
    });
    const lead = salesforce.create('Contact', { LastName: name, Email: `${name}@sf.example` });
    const opportunity = salesforce.create('Opportunity', {
      ...{ Name: name, Amount: 100, StageName: 'Prospecting', CloseDate: '2099-12-31' },
    });
    this.#roles.push(
      salesforce.create('OpportunityContactRole', { OpportunityId: opportunity, ContactId: lead }),
    );
    this.#contacts.push(contact);
    this.#leads.push(lead);
    this.#deals.push({ object: 'deals', id: deal }, { object: 'Opportunity', id: opportunity });
  }

  close(who: number): void {
    const [deal, opportunity] = this.#deals.slice(2 * who);
    const CloseDate = new Date(this.#test.hub.clock.now()).toISOString().slice(0, 10);
    this.#records('hubspot').update('deals', deal?.id ?? '', { dealstage: 'closedwon' });
    this.#records('salesforce').update('Opportunity', opportunity?.id ?? '', {
      StageName: 'Closed Won',
      CloseDate,
    });
  }

  happen({ what, who, other }: Step): void {
    const contact = this.#contacts[who] ?? '';
    const hubspot = this.#records('hubspot');
    const name = people[who] ?? '';
    if (what === 'chat') {
      this.#chat(this.#addresses[who] ?? '');
      this.#chat(`${name}@sf.example`);
    } else if (what === 'chat by the first address') this.#chat(`${name}@x.example`);
    else if (what === 'change address') this.#address(who, `${name}${++this.#number}@x.example`);
    else if (what === 'rename') hubspot.update('contacts', contact, { lastname: `${name}${++this.#number}` });
    else if (what === 'delete role') this.#remove('OpportunityContactRole', this.#roles, who);
    else if (what === 'delete contact') this.#remove('Contact', this.#leads, who);
    else if (other !== who) {
      const taken = this.#addresses[other] ?? '';
      this.#address(other, `${people[other]}${++this.#number}@x.example`);
      this.#address(who, taken);
    }
  }

  #address(who: number, email: string): void {
    this.#records('hubspot').update('contacts', this.#contacts[who] ?? '', { email });
    this.#addresses[who] = email;
  }

  #remove(object: string, ids: readonly string[], who: number): void {
    const salesforce = this.#records('salesforce');
    const id = ids[who] ?? '';
    if (salesforce.get(object, id)) salesforce.remove(object, id);
  }

  #chat(email: string): void {
    const session = { sessionId: `s${++this.#number}`, visitorId: `v${this.#number}` };
    const { clock } = this.#test.hub;
    const say = (type: string, more: object, after: number) =>
      this.#records('chatbot').create('event', { type, ...session, ...more }, { at: clock.now() + after });
    say('session.started', { landingPage: 'https://www.site.example/' }, 0);
    say('identified', { email }, 1);
  }

  async credit(): Promise<unknown[]> {
    const found: unknown[] = [];
    for (const { object, id } of this.#deals) {
      const deal = await findDeal(this.#test, object, id);
      found.push(`${object} ${deal?.fields.name}: ${deal?.fields['chatCredit.touches'] ?? 0}`);
    }
    return found;
  }
}

async function lived({ steps, closed }: { steps: Step[]; closed: number[] }, reads: readonly number[]) {
  const test = await openTestHub({ settings: { attribution: { touches: 'shared' } } });
  try {
    const world = new World(test);
    for (let today = 0; today <= lastDay; today += 1) {
      for (const step of steps.filter(({ onDay }) => onDay === today)) world.happen(step);
      await test.hub.clock.sleep(day / 2);
      closed.forEach((onDay, who) => {
        if (onDay === today) world.close(who);
      });
      if (reads.includes(today)) await test.quiet(8);
      await test.hub.clock.sleep(day / 2);
    }
    await test.quiet(8);
    return await world.credit();
  } finally {
    await test.close();
  }
}

it('is the same on the days of reading, whichever they are', async () => {
  const everyDay = Array.from({ length: lastDay + 1 }, (_, index) => index);
  let chats = 0;
  await fc.assert(
    fc.asyncProperty(anyWorld, async ({ reads, ...world }) => {
      const watched = await lived(world, everyDay);
      chats += watched.filter((told) => !String(told).endsWith(': 0')).length;
      expect(await lived(world, reads)).toEqual(watched);
    }),
    { numRuns: 6 },
  );
  expect(chats).toBeGreaterThan(3);
}, 300_000);
