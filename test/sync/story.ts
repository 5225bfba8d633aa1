/**
 * A small world told by hand into empty emulators: two people in both CRMs, one in each alone, their deals,
 * and chats that made them. Small enough to be walked a hundred times, with every kind of write in it.
 */
import type { RunningEmulator } from '../../emulators/loopback/contract.ts';
import type { JsonObject } from '../../src/support/json.ts';

const day = 86_400_000;

export type Emulators = (system: string) => RunningEmulator;

/** Record ids by who or what they are; `Contact`, `Lead`, `Opportunity` at Salesforce, the others at HubSpot. */
export interface Story {
  /** As of when it was told, ms. */
  readonly now: number;
  readonly Contact: { readonly ada: string; readonly dora: string };
  readonly Lead: { readonly ben: string };
  readonly Opportunity: { readonly ada: string; readonly dora: string };
  readonly OpportunityContactRole: { readonly ada: string; readonly dora: string };
  readonly contacts: { readonly ada: string; readonly ben: string; readonly cleo: string };
  readonly deals: { readonly ada: string; readonly cleo: string };
}

export const emails = {
  ada: 'ada.winter@larkmere.example',
  ben: 'ben.sommer@larkmere.example',
  cleo: 'cleo.lenz@larkmere.example',
  dora: 'dora.herbst@larkmere.example',
  /** Known from a chat alone: becomes a lead and a contact. */
  evi: 'evi.mai@larkmere.example',
} as const;
export type Who = keyof typeof emails;

export const phones: Readonly<Record<Who, string>> = {
  ada: '+12125550101',
  ben: '+12125550102',
  cleo: '+12125550103',
  dora: '+12125550104',
  evi: '+12125550105',
};

/** Tells it as of `now`; all of it lies in the ninety days before. */
export function tellStory(emulator: Emulators, now: number): Story {
  const people = tellPeople(emulator, now);
  const deals = tellDeals(emulator, now, people);
  chat(emulator, { who: 'ada', session: 'a1', at: now - 50 * day, named: false });
  chat(emulator, { who: 'ada', session: 'a2', at: now - 40 * day });
  chat(emulator, { who: 'cleo', session: 'c1', at: now - 30 * day });
  chat(emulator, { who: 'dora', session: 'd1', at: now - 20 * day });
  chat(emulator, { who: 'evi', session: 'e1', at: now - 3 * day });
  return { now, ...people, ...deals };
}

type People = Pick<Story, 'Contact' | 'Lead' | 'contacts'>;

function tellPeople(emulator: Emulators, now: number): People {
  const at = now - 60 * day;
  const salesforce = emulator('salesforce').records;
  const hubspot = emulator('hubspot').records;
  const contact = (who: Who) =>
    hubspot.create('contacts', { email: emails[who], lastname: lastName(who), phone: phones[who] }, { at });
  const row = (who: Who) => ({ LastName: lastName(who), Email: emails[who], Phone: phones[who] });
  return {
    Contact: {
      ada: salesforce.create('Contact', row('ada'), { at }),
      dora: salesforce.create('Contact', row('dora'), { at }),
    },
    Lead: { ben: salesforce.create('Lead', { ...row('ben'), Company: 'Larkmere' }, { at }) },
    contacts: { ada: contact('ada'), ben: contact('ben'), cleo: contact('cleo') },
  };
}

function lastName(who: Who): string {
  const [, last = ''] = emails[who].split('@')[0]?.split('.') ?? [];
  return last.slice(0, 1).toUpperCase() + last.slice(1);
}

type Deals = Pick<Story, 'Opportunity' | 'OpportunityContactRole' | 'deals'>;

function tellDeals(emulator: Emulators, now: number, { Contact, contacts }: People): Deals {
  const salesforce = emulator('salesforce').records;
  const hubspot = emulator('hubspot').records;
  const at = now - 35 * day;
  const CloseDate = new Date(now + 30 * day).toISOString().slice(0, 10);
  const opportunity = (who: 'ada' | 'dora', Amount: number) => {
    const deal = { Name: `Deal of ${who}`, StageName: 'Prospecting', Amount, CloseDate };
    return salesforce.create('Opportunity', deal, { at });
  };
  const role = (OpportunityId: string, ContactId: string) => {
    const fields = { OpportunityId, ContactId, Role: 'Decision Maker', IsPrimary: true };
    return salesforce.create('OpportunityContactRole', fields, { at });
  };
  const deal = (who: 'ada' | 'cleo', amount: string, more: JsonObject = {}) => {
    const fields = { dealname: `Deal of ${who}`, dealstage: 'appointmentscheduled', amount, ...more };
    const associations = [{ object: 'contacts', id: contacts[who] }];
    return hubspot.create('deals', { ...fields, associations }, { at });
  };
  const [ada, dora] = [opportunity('ada', 10_000.01), opportunity('dora', 777.77)];
  return {
    Opportunity: { ada, dora },
    OpportunityContactRole: { ada: role(ada, Contact.ada), dora: role(dora, Contact.dora) },
    deals: {
      ada: deal('ada', '10000.01', { salesforce_opportunity_id: ada }),
      cleo: deal('cleo', '2500.50'),
    },
  };
}

export interface Chat {
  /** Visitor, and the name that an e-mail address is made of: `ada` is she whom the CRMs know. */
  readonly who: string;
  readonly session: string;
  readonly at: number;
  /** False: the visitor does not say who it is. */
  readonly named?: boolean;
}

/** One session, event by event. Returns the id of the event that is the touch. */
export function chat(emulator: Emulators, { who, session, at, named = true }: Chat): string {
  const { records } = emulator('chatbot');
  const tell = (step: number, type: string, rest: JsonObject = {}) =>
    records.create(
      'event',
      { id: `ev_${session}_${step}`, type, sessionId: `cs_${session}`, visitorId: `v_${who}`, ...rest },
      { at: at + step * 1_000 },
    );
  const touch = tell(0, 'session.started', { landingPage: 'https://www.larkmere.example/pricing' });
  tell(1, 'message', { from: 'visitor', text: 'What does it cost?' });
  if (named) tell(2, 'identified', { userId: `cu_${who}`, ...visitor(who) });
  tell(3, 'session.ended', { topic: 'pricing', messages: 1 });
  return touch;
}

function visitor(who: string): JsonObject {
  if (isKnown(who)) return { email: emails[who], lastName: lastName(who), phone: phones[who] };
  return { email: `${who}@visitors.example`, lastName: who };
}

function isKnown(who: string): who is Who {
  return who in emails;
}
