/** Small scenes that benchmarks put before the emulators, in each vendor's words. */
import type { RunningEmulator } from '../emulators/loopback/contract.ts';

export interface DealMaker {
  person(crm: RunningEmulator, email: string): string;
  /** Returns the deal's id at the CRM. */
  deal(crm: RunningEmulator, name: string, person: string): string;
}

export const dealMakers: Readonly<Record<string, DealMaker>> = {
  salesforce: {
    person: ({ records }, email) => records.create('Contact', { LastName: 'Bench', Email: email }),
    deal: ({ records }, name, person) => {
      const id = records.create('Opportunity', {
        Name: name,
        StageName: 'Prospecting',
        CloseDate: '2030-01-31',
        Amount: 1_000,
      });
      records.create('OpportunityContactRole', { OpportunityId: id, ContactId: person, IsPrimary: true });
      return id;
    },
  },
  hubspot: {
    person: ({ records }, email) => records.create('contacts', { email, lastname: 'Bench' }),
    deal: ({ records }, name, person) =>
      records.create('deals', {
        dealname: name,
        amount: '1000',
        dealstage: 'appointmentscheduled',
        pipeline: 'default',
        associations: [{ object: 'contacts', id: person }],
      }),
  },
};

/** One conversation with a visitor's message, in which the visitor says who they are. */
export function chatOf({ records }: RunningEmulator, email: string, at = Date.now() - 86_400_000): void {
  const name = email.replace(/\W/g, '-');
  const common = { sessionId: `s-${name}`, visitorId: `v-${name}` };
  const events = [
    {
      type: 'session.started',
      landingPage: 'https://www.example.com/?utm_source=google&utm_medium=cpc',
      language: 'en',
    },
    { type: 'message', from: 'visitor', text: 'Hello' },
    { type: 'identified', email },
  ];
  events.forEach((event, index) => {
    const stamp = at + index * 1_000;
    records.create(
      'event',
      { id: `e-${name}-${index}`, ...common, ...event, at: new Date(stamp).toISOString() },
      { at: stamp },
    );
  });
}
