/** Things that people do in the CRMs and in chats, each a little different every time it is done. */
import { chat, type Emulators, type Story } from './story.ts';

export interface Change {
  readonly says: string;
  /** `turn` makes values that were never there before; `at` is when it is done. */
  make(emulator: Emulators, story: Story, turn: number, at: number): void;
}

/** What is said in a chat may come to be known later; when it was said decides over credit. */
const chatAt = ({ now }: Story, turn: number) => now - 86_400_000 + turn * 600_000;

const phone = (turn: number) => `+1212555${String(2_000 + turn)}`;

export const changes: readonly Change[] = [
  {
    says: 'a phone number in HubSpot',
    make: (emulator, { contacts }, turn, at) =>
      emulator('hubspot').records.update('contacts', contacts.ada, { phone: phone(turn) }, { at }),
  },
  {
    says: 'a chat of somebody whom no CRM knows',
    make: (emulator, story, turn) =>
      void chat(emulator, { who: `visitor${turn}`, session: `new${turn}`, at: chatAt(story, turn) }),
  },
  {
    says: 'an amount in Salesforce',
    make: (emulator, { Opportunity }, turn, at) =>
      emulator('salesforce').records.update(
        'Opportunity',
        Opportunity.dora,
        { Amount: 900.5 + turn },
        { at },
      ),
  },
  {
    says: 'a chat of a customer',
    make: (emulator, story, turn) =>
      void chat(emulator, { who: 'dora', session: `more${turn}`, at: chatAt(story, turn) }),
  },
  {
    says: 'a phone number in Salesforce',
    make: (emulator, { Lead }, turn, at) =>
      emulator('salesforce').records.update('Lead', Lead.ben, { Phone: phone(turn) }, { at }),
  },
  {
    says: 'a stage in HubSpot',
    make: (emulator, { deals }, turn, at) => {
      const dealstage = turn % 2 === 0 ? 'presentationscheduled' : 'contractsent';
      emulator('hubspot').records.update('deals', deals.cleo, { dealstage }, { at });
    },
  },
  {
    says: 'a chat that its visitor takes back',
    make: (emulator, story, turn) => {
      const touch = chat(emulator, { who: 'cleo', session: `gone${turn}`, at: chatAt(story, turn) });
      emulator('chatbot').records.remove('event', touch);
    },
  },
];

/** Changes of what somebody changes in the other CRM, too. The later one counts, whoever is heard first. */
export const conflicts: readonly Change[] = [
  {
    says: 'the phone number that others change in HubSpot',
    make: (emulator, { Contact }, turn, at) =>
      emulator('salesforce').records.update('Contact', Contact.ada, { Phone: phone(turn + 1_000) }, { at }),
  },
  {
    says: 'the phone number that others change in Salesforce',
    make: (emulator, { contacts }, turn, at) =>
      emulator('hubspot').records.update('contacts', contacts.ben, { phone: phone(turn + 2_000) }, { at }),
  },
  {
    says: 'a mobile number in Salesforce',
    make: (emulator, { Contact }, turn, at) =>
      emulator('salesforce').records.update(
        'Contact',
        Contact.ada,
        { MobilePhone: phone(turn + 3_000) },
        { at },
      ),
  },
  {
    says: 'the same mobile number in HubSpot',
    make: (emulator, { contacts }, turn, at) =>
      emulator('hubspot').records.update(
        'contacts',
        contacts.ada,
        { mobilephone: phone(turn + 4_000) },
        { at },
      ),
  },
];
