import { salesforce } from '../../../connectors/salesforce/index.ts';
import type { EmulatedRecords } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import type { FieldSpec } from '../../../src/connector/contract/fields.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { connectorConformance } from '../../../src/testing/conformance.ts';
import type { SinkSubject, StreamSubject } from '../../../src/testing/subject.ts';

const perPage = 20;
const lateByMs = 10 * 60_000;

const leads: StreamSubject = {
  object: 'Lead',
  record: (n) => ({ LastName: `Lead ${n}`, Company: `Company ${n}`, Email: `lead${n}@example.org` }),
  change: { City: 'Łódź' },
  perPage,
  idleCalls: 1,
  lateByMs,
  merges: true,
};

const opportunities: StreamSubject = {
  object: 'Opportunity',
  record: (n) => ({ Name: `Deal ${n}`, StageName: 'Prospecting', CloseDate: '2026-06-30', Amount: n }),
  change: { Name: 'Renamed deal' },
  perPage,
  idleCalls: 1,
  lateByMs,
};

// Hard-deleted: the deletion log is looked into at every reading that comes a while after the last one.
const members: StreamSubject = {
  object: 'CampaignMember',
  record: (n, records) => ({
    CampaignId: records.all('Campaign')[0]?.Id ?? records.create('Campaign', { Name: 'Webinar' }),
    LeadId: records.create('Lead', leads.record(100_000 + n, records)),
    Status: 'Sent',
  }),
  change: { Status: 'Responded' },
  perPage,
  idleCalls: 2,
  lateByMs,
};

const hubId = (object: string): FieldSpec => ({
  object,
  name: 'Hub_Id__c',
  label: 'Hub id',
  type: 'text',
  length: 64,
  unique: true,
});
const callsFor = (writes: number) => Math.ceil(writes / 200);

const leadSink: SinkSubject = {
  object: 'Lead',
  externalId: 'Hub_Id__c',
  fields: (n) => ({ LastName: `Written ${n}`, Company: `Company ${n}`, Description: `Met at stand ${n}` }),
  text: 'Description',
  bad: { fields: { Email: 'not an address' }, blames: 'Email' },
  provisioned: [hubId('Lead')],
  callsFor,
};

const touch = 'Chat_Touch__c';
const touchFields: readonly FieldSpec[] = [
  hubId(touch),
  { object: touch, name: 'Topic__c', label: 'Topic', type: 'text', length: 120 },
  { object: touch, name: 'At__c', label: 'At', type: 'time' },
  { object: touch, name: 'Opportunity__c', label: 'Opportunity', type: 'reference', to: 'Opportunity' },
];

const touchSink: SinkSubject = {
  object: touch,
  externalId: 'Hub_Id__c',
  fields: (n, records: EmulatedRecords) => ({
    Topic__c: `Topic ${n}`,
    At__c: '2026-03-01T10:00:00.000Z',
    Opportunity__c: String(
      records.all('Opportunity')[0]?.Id ?? records.create('Opportunity', opportunities.record(n, records)),
    ),
  }),
  text: 'Topic__c',
  // One value of the wrong type, and Salesforce refuses the whole call.
  bad: { fields: { At__c: 'yesterday' } },
  provisioned: touchFields,
  callsFor,
};

const wrong = (name: string) => ({
  name,
  config: (good: JsonObject): JsonObject => ({ ...good, [name]: 'not-the-right-one' }),
});

connectorConformance({
  connector: salesforce,
  emulator: salesforceEmulator,
  knobs: { pageSize: perPage, outbound: { attempts: 1 } },
  signIn: { bad: [wrong('clientId'), wrong('clientSecret')] },
  streams: [leads, opportunities, members],
  sinks: [leadSink, touchSink],
  // Outbound Messages carry neither signature nor time: the token in the address is their proof.
  webhooks: { object: 'Lead', signed: false },
  fields: {
    known: { object: 'Opportunity', name: 'StageName' },
    wanted: [
      { object: 'Opportunity', name: 'Chat_Share__c', label: 'Chat share', type: 'percent', scale: 2 },
      ...touchFields,
    ],
  },
  memory: { object: 'Contact', knobs: { pageSize: 2000, generate: { Contact: 100_000 } }, records: 100_000 },
});
