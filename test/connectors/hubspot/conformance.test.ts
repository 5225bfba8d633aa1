import { hubspot } from '../../../connectors/hubspot/index.ts';
import { hubspotEmulator } from '../../../emulators/hubspot/index.ts';
import type { FieldSpec } from '../../../src/connector/contract/fields.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { connectorConformance } from '../../../src/testing/conformance.ts';
import type { ConformanceSubject, SinkSubject, StreamSubject } from '../../../src/testing/subject.ts';

const overlapMs = 300_000;

/** One search; after an hour the list of archived records is due as well. */
const idleCalls = 2;

const contacts: StreamSubject = {
  object: 'contacts',
  record: (n) => ({ email: `person${n}@example.org`, lastname: `Person ${n}` }),
  change: { phone: '+49 30 901820' },
  options: { history: ['lastname', 'phone'], past: ['lifecyclestage'] },
  idleCalls,
  lateByMs: overlapMs,
  merges: true,
};

const companies: StreamSubject = {
  object: 'companies',
  record: (n) => ({ name: `Company ${n}`, domain: `company${n}.example` }),
  change: { city: 'Łódź' },
  idleCalls,
  lateByMs: overlapMs,
  merges: true,
};

const deals: StreamSubject = {
  object: 'deals',
  record: (n) => ({
    dealname: `Deal ${n}`,
    amount: String(n),
    pipeline: 'default',
    dealstage: 'appointmentscheduled',
  }),
  change: { dealname: 'Renamed deal' },
  options: { history: ['dealname', 'amount'], past: ['dealstage', 'amount'] },
  idleCalls,
  lateByMs: overlapMs,
  merges: true,
};

const hubId = (object: string): FieldSpec => ({
  object,
  name: 'hub_id',
  label: 'Hub id',
  type: 'text',
  unique: true,
});
const callsFor = (writes: number) => Math.ceil(writes / 100);

const contactSink: SinkSubject = {
  object: 'contacts',
  externalId: 'hub_id',
  fields: (n) => ({ email: `written${n}@example.org`, lastname: `Written ${n}` }),
  text: 'lastname',
  bad: { fields: { email: 'not an address' }, blames: 'email' },
  provisioned: [hubId('contacts')],
  callsFor,
};

const dealSink: SinkSubject = {
  object: 'deals',
  externalId: 'hub_id',
  fields: (n) => ({
    dealname: `Written ${n}`,
    amount: 1_000 + n,
    pipeline: 'default',
    dealstage: 'appointmentscheduled',
  }),
  text: 'dealname',
  bad: { fields: { dealstage: 'no_such_stage' }, blames: 'dealstage' },
  provisioned: [hubId('deals')],
  callsFor,
};

const wrong = (name: string) => ({
  name,
  config: (good: JsonObject) => ({ ...good, [name]: 'none-of-ours' }),
});
const missing = {
  knobs: { missingScopes: ['crm.objects.deals.read'] },
  permission: 'crm.objects.deals.read',
};

const shared = {
  connector: hubspot,
  emulator: hubspotEmulator,
  webhooks: {
    object: 'contacts',
    windowMs: 300_000,
    unread: ['x-hubspot-signature', 'x-hubspot-signature-version'],
  },
  fields: {
    known: { object: 'contacts', name: 'email' },
    wanted: [
      { object: 'deals', name: 'chat_credit_share', label: 'Chat credit', type: 'percent' },
      {
        object: 'deals',
        name: 'chat_credit_role',
        label: 'Chat role',
        type: 'picklist',
        options: ['sourced', 'assisted'],
      },
      hubId('contacts'),
    ],
  },
} satisfies Partial<ConformanceSubject>;

connectorConformance({
  ...shared,
  knobs: { auth: 'private-app', apiVersion: 'legacy', traceInResults: false, unknownInBatchRead: 'missing' },
  signIn: { bad: [wrong('accessToken')], renews: false, missing },
  streams: [contacts, companies, deals],
  sinks: [contactSink, dealSink],
  memory: { object: 'contacts', knobs: { generate: { contacts: 100_000 }, burst: 0 }, records: 100_000 },
});

connectorConformance({
  ...shared,
  knobs: {
    auth: 'oauth',
    apiVersion: '2026-09',
    searchLagMs: 60_000,
    propertyLagMs: 500,
    rotateRefreshTokens: true,
  },
  signIn: { bad: [wrong('clientSecret'), wrong('refreshToken')], missing },
  streams: [contacts, deals],
  sinks: [dealSink],
});
