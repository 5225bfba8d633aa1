/** Who chats or is called a lot, and what deals they have. */
import type { RunningEmulator } from '../emulators/loopback/contract.ts';
import type { JsonObject } from '../src/support/json.ts';

export interface Scene {
  readonly name: string;
  readonly systems: readonly string[];
  /** The deals and their people. */
  deals(emulators: Emulators, start: number): void;
  /** One more of what happens. */
  more(emulators: Emulators, n: number, at: number): void;
}

export type Emulators = (system: string) => RunningEmulator['records'];

const dayMs = 86_400_000;
export const email = 'heavy@x.example';
const usual = ['salesforce', 'chatbot'];
const contact = { LastName: 'Heavy', Email: email };
const open = { Name: 'Deal', StageName: 'Prospecting', Amount: 100_000, CloseDate: '2099-12-31' };
const won = { Name: 'Deal', StageName: 'Closed Won', Amount: 1_000 };

/** Always the same visitor. */
const chatAgain: Scene['more'] = (emulators, n, at) =>
  chat(emulators, n, at, { visitorId: 'heavy', userId: 'heavy' });

export const scenes: readonly Scene[] = [
  { name: 'a lead without a deal', systems: usual, deals: () => {}, more: chatAgain },
  {
    name: 'a contact with a closed deal',
    systems: usual,
    deals: (emulators, start) => closedDeal(emulators, start),
    more: chatAgain,
  },
  {
    name: 'a contact with a closed deal, on a new browser each time',
    systems: usual,
    deals: (emulators, start) => closedDeal(emulators, start),
    more: (emulators, n, at) => chat(emulators, n, at, { visitorId: `heavy-${n}` }),
  },
  {
    name: 'a contact with an open deal',
    systems: usual,
    deals: (emulators, start) => withRoles(emulators, start, [open]),
    more: chatAgain,
  },
  {
    name: 'a contact with three open deals',
    systems: usual,
    deals: (emulators, start) => withRoles(emulators, start, [open, open, open]),
    more: chatAgain,
  },
  {
    name: 'a contact with an open deal in each of two CRMs',
    systems: [...usual, 'hubspot'],
    deals: (emulators, start) => {
      withRoles(emulators, start, [open]);
      const hubspot = emulators('hubspot');
      const person = hubspot.create('contacts', { email, lastname: 'Heavy' }, { at: start });
      const associations = [{ object: 'contacts', id: person }];
      const deal = { dealname: 'Other', dealstage: 'appointmentscheduled', amount: '2000', associations };
      hubspot.create('deals', deal, { at: start });
    },
    more: chatAgain,
  },
  {
    name: 'a contact of an account with an open deal',
    systems: usual,
    deals: (emulators, start) => {
      const salesforce = emulators('salesforce');
      const AccountId = salesforce.create('Account', { Name: 'Heavy Ltd' }, { at: start });
      salesforce.create('Contact', { ...contact, AccountId }, { at: start });
      salesforce.create('Opportunity', { ...open, AccountId }, { at: start });
    },
    more: chatAgain,
  },
  {
    name: 'a contact with an open deal who is called a lot',
    systems: usual,
    deals: (emulators, start) => withRoles(emulators, start, [open]),
    more: (emulators, _, at) => {
      const salesforce = emulators('salesforce');
      const [WhoId] = salesforce.all('Contact').map(({ Id }) => Id);
      const call = { Subject: 'Call', TaskSubtype: 'Call', Status: 'Completed', IsClosed: true };
      salesforce.create(
        'Task',
        { ...call, WhoId: WhoId ?? null, CompletedDateTime: new Date(at).toISOString() },
        { at },
      );
    },
  },
];

function closedDeal(emulators: Emulators, start: number): void {
  const closedAt = start + dayMs / 2;
  withRoles(
    emulators,
    start,
    [{ ...won, CloseDate: new Date(closedAt).toISOString().slice(0, 10) }],
    closedAt,
  );
}

function withRoles(emulators: Emulators, start: number, deals: readonly JsonObject[], at = start): void {
  const salesforce = emulators('salesforce');
  const ContactId = salesforce.create('Contact', contact, { at: start });
  for (const deal of deals) {
    const OpportunityId = salesforce.create('Opportunity', deal, { at });
    salesforce.create('OpportunityContactRole', { OpportunityId, ContactId }, { at });
  }
}

interface Who {
  readonly visitorId: string;
  readonly userId?: string;
}

export function chat(
  emulators: Emulators,
  n: number,
  at: number,
  who: Who,
  told = { email, name: 'Heavy' },
): void {
  const where = { sessionId: `heavy-${n}`, ...who };
  const add = (type: string, more: object, after: number) =>
    emulators('chatbot').create('event', { type, ...where, ...more }, { at: at + after });
  add('session.started', { landingPage: 'https://www.site.example/' }, 0);
  add('message', { from: 'visitor', text: 'hello' }, 1_000);
  add('identified', told, 2_000);
  add('session.ended', { messages: 1 }, 3_000);
}
