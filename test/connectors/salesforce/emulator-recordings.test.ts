/**
 * Recorded exchanges with real orgs, sent to the emulator: status, keys, types of values and header names must
 * be those of the recording. What differs for a reason is listed with it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import type { Json, JsonObject } from '../../../src/support/json.ts';
import { base, type Client, createdId, provisionField, signIn } from './emulator-client.ts';

const folder = new URL('../../../../shared/fixtures/salesforce/', import.meta.url);
const present = existsSync(folder);

function recorded<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T;
}

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly body?: Json;
  readonly status: number;
  readonly response: Json;
  readonly headers: Record<string, string>;
}

/** Header names that the recordings have and the emulator does not send. */
const acceptedHeaders: Readonly<Record<string, string>> = {
  'transfer-encoding': 'bodies are sent whole, with Content-Length',
};

/** Paths of keys that one side has and the other has not. */
const acceptedKeys: readonly (readonly [path: RegExp, reason: string])[] = [
  [/\.HasOptedOutOfEmail$/, 'hidden by field-level security in the recorded developer org'],
  [/__c$/, 'custom fields of the recorded org'],
  [/\.aiPredictionField$/, 'added to field descriptions in API version 45; recorded with 42'],
];

/** Values in field descriptions that are not those of the recorded org. */
const settled: readonly (readonly [path: RegExp, reason: string])[] = [
  [/\.picklistValues$/, 'labels and values of the recorded org'],
  [/\.IsUnreadByOwner\.defaultValue$/, 'told as false and true on every new lead, in the recordings as well'],
];

function isSettled(path: string): boolean {
  return settled.some(([pattern]) => pattern.test(path));
}

function isAccepted(path: string): boolean {
  return acceptedKeys.some(([pattern]) => pattern.test(path));
}

/** What differs in shape. Null fits every type; of lists, the first elements are compared. */
function differences(want: Json | undefined, have: Json | undefined, path = ''): string[] {
  if (want === null || have === null || want === undefined || have === undefined) {
    return want === undefined || have === undefined ? [`${path}: only one side has it`] : [];
  }
  if (Array.isArray(want) || Array.isArray(have)) {
    if (!Array.isArray(want) || !Array.isArray(have)) return [`${path}: a list on one side only`];
    return want.length === 0 || have.length === 0 ? [] : differences(want[0], have[0], `${path}[]`);
  }
  if (typeof want !== typeof have) return [`${path}: ${typeof want} was recorded, ${typeof have} came`];
  if (typeof want !== 'object' || typeof have !== 'object') return [];
  const keys = new Set([...Object.keys(want), ...Object.keys(have)]);
  return [...keys].flatMap((key) => {
    const at = `${path}.${key}`;
    return isAccepted(at) ? [] : differences((want as JsonObject)[key], (have as JsonObject)[key], at);
  });
}

let emulator: RunningEmulator;
let client: Client;

beforeAll(async () => {
  emulator = await salesforceEmulator.start({ knobs: { multiCurrency: false } });
  client = await signIn(emulator);
  const text = { label: 'Custom External ID', type: 'Text', length: 100 };
  await provisionField(client, 'Account.Custom_External_ID__c', text);
  await provisionField(client, 'Account.email_field__c', { label: 'email_field', type: 'Email' });
  const float = { label: 'float_field', type: 'Number', precision: 18, scale: 2 };
  await provisionField(client, 'Contact.float_field__c', float);
});
afterAll(() => emulator.close());

describe.skipIf(!present)('recorded exchanges (skipped where the recordings are absent)', () => {
  const exchanges = present ? recorded<Exchange[]>('grouparoo-nock/interactions.json') : [];
  const rest = exchanges
    .map((exchange, index) => ({ ...exchange, index }))
    .filter(({ path }) => path.startsWith('/services/data/'));

  /** Ids of the recorded org, and who stands for them here. */
  const standIns = new Map<string, string>();
  const idPattern = /\b(?:001|003|00Q|701|00v|0TO|0FT)4S[A-Za-z0-9]{13}\b/g;

  const makers: Readonly<Record<string, () => Promise<string>>> = {
    '001': () => createdId(client.post('sobjects/Account', { Name: 'Stand-in', AccountNumber: '1' })),
    '003': () => createdId(client.post('sobjects/Contact', { LastName: 'Stand-in' })),
    '00Q': () => createdId(client.post('sobjects/Lead', { LastName: 'Stand-in', Company: 'C' })),
    '701': () => createdId(client.post('sobjects/Campaign', { Name: 'Stand-in' })),
    '00v': async () => {
      const CampaignId = await standIn('7014S00000097HcQAI');
      const LeadId = await createdId(client.post('sobjects/Lead', { LastName: 'Member', Company: 'C' }));
      return createdId(client.post('sobjects/CampaignMember', { CampaignId, LeadId }));
    },
    '0TO': () => createdId(client.post('sobjects/Topic', { Name: 'Stand-in' })),
    '0FT': async () => {
      const TopicId = await createdId(client.post('sobjects/Topic', { Name: 'Tag' }));
      const EntityId = await createdId(client.post('sobjects/Contact', { LastName: 'Tagged' }));
      return createdId(client.post('sobjects/TopicAssignment', { TopicId, EntityId }));
    },
  };

  async function standIn(id: string): Promise<string> {
    const known = standIns.get(id);
    if (known !== undefined) return known;
    const made = (await makers[id.slice(0, 3)]?.()) ?? '';
    expect(made, id).toHaveLength(18);
    standIns.set(id, made);
    return made;
  }

  async function translate(text: string): Promise<string> {
    for (const id of new Set(text.match(idPattern))) await standIn(id);
    return text.replace(idPattern, (id) => standIns.get(id) ?? id);
  }

  /** What happened in the recorded org between two calls. */
  const between: Readonly<Record<number, () => Promise<void>>> = {
    31: async () => void (await makers['0FT']?.()),
    52: async () => void (await standIn('00v4S000001VKQ1QAO')),
    54: async () => void emulator.records.act?.('convert', 'Lead', await standIn('00Q4S000002sSacUAE')),
  };

  it('are all REST calls but the retired SOAP login', () => {
    expect(exchanges.length - rest.length).toBe(1);
    expect(rest).toHaveLength(62);
  });

  it.each(
    rest.map((exchange) => [exchange.index, exchange.method, exchange.path, exchange] as const),
  )('%i %s %s', async (index, method, path, exchange) => {
    await between[index]?.();
    const query = Object.entries(exchange.query ?? {}).map(
      ([name, value]) => `${name}=${decodeURIComponent(value)}`,
    );
    const url = await translate(query.length === 0 ? path : `${path}?${query.join('&')}`);
    const body =
      exchange.body === undefined
        ? undefined
        : (JSON.parse(await translate(JSON.stringify(exchange.body))) as Json);
    const answer = await client.send(method, url, body);
    expect(answer.status, answer.text).toBe(exchange.status);
    noteIds(exchange.response, answer.body);
    expect(differences(exchange.response, answer.body)).toEqual([]);
    const names = Object.keys(exchange.headers).map((name) => name.toLowerCase());
    expect(names.filter((name) => !answer.headers.has(name) && acceptedHeaders[name] === undefined)).toEqual(
      [],
    );
  });

  /** Records that the exchange itself made stand for the recorded ones from now on. */
  function noteIds(want: Json, have: Json): void {
    const pairs =
      Array.isArray(want) && Array.isArray(have) ? want.map((one, n) => [one, have[n]]) : [[want, have]];
    for (const [one, other] of pairs as [JsonObject | null, JsonObject | undefined][]) {
      if (typeof one?.id === 'string' && typeof other?.id === 'string') standIns.set(one.id, other.id);
    }
  }

  it.each(['Account', 'Campaign', 'Contact', 'Lead'])('describe %s', async (object) => {
    const { response, headers } = recorded<Exchange>(`grouparoo-nock/describe-${object}-v42.json`);
    const answer = await client.send('GET', `/services/data/v42.0/sobjects/${object}/describe`);
    expect(differences(response, answer.body)).toEqual([]);
    const ours = new Map(answer.list('fields').map((field) => [field.name, field]));
    const theirs = (response as { fields: JsonObject[] }).fields;
    for (const field of theirs.filter((one) => one.custom !== true)) {
      const own: JsonObject = ours.get(field.name) ?? {};
      const other = Object.keys(field).filter(
        (key) => JSON.stringify(own[key]) !== JSON.stringify(field[key]),
      );
      const open = other.filter((key) => !isSettled(`${object}.${field.name}.${key}`));
      const shown = (from: JsonObject) => open.map((key) => [field.name, key, from[key]]);
      expect(shown(own)).toEqual(shown(field));
    }
    expect(
      Object.keys(headers).filter(
        (name) => !answer.headers.has(name) && acceptedHeaders[name.toLowerCase()] === undefined,
      ),
    ).toEqual([]);
  });
});

describe.skipIf(!present)('recorded bodies (skipped where the recordings are absent)', () => {
  const contacts = (...records: JsonObject[]) =>
    records.map((record) => ({ attributes: { type: 'Contact' }, ...record }));
  const person = async () => createdId(client.post('sobjects/Contact', { LastName: 'Dyer' }));
  const collection = async (method: 'post' | 'patch', records: JsonObject[], allOrNone = false) =>
    (await client[method]('composite/sobjects', { allOrNone, records })).json;

  const bodies: Readonly<Record<string, () => Promise<unknown>>> = {
    'batch__create__contacts__success.json': () =>
      collection('post', contacts({ LastName: 'a' }, { LastName: 'b' })),
    'batch__create__contacts__err-bad-request.json': () => collection('post', []),
    'batch__create__contacts__partial-but-allOrNone.json': () =>
      collection('post', contacts({ FirstName: 'a' }, { LastName: 'b' }), true),
    'batch__update__contacts__success.json': async () =>
      collection('patch', contacts({ id: await person(), FirstName: 'S' })),
    'batch__update__contacts__err-each-no-ids.json': () =>
      collection('patch', contacts({ FirstName: 'a' }, { FirstName: 'b' })),
    'batch__update__contacts__partial-but-allOrNone.json': async () =>
      collection(
        'patch',
        contacts({ id: await person() }, { id: await person(), unknownField_LastName: 'x' }),
        true,
      ),
    'create-ok.json': async () => (await client.post('sobjects/Account', { Name: 'A' })).json,
    'crm__delete__not-found.json': async () => {
      const id = await person();
      await client.delete(`sobjects/Contact/${id}`);
      return (await client.delete(`sobjects/Contact/${id}`)).json;
    },
    'invalid-field-upsert.json': async () =>
      (await client.patch(`sobjects/Contact/${await person()}`, { MasterRecordId: await person() })).json,
    'unknown-field.json': async () =>
      (await client.post('sobjects/Account', { Name: 'A', AccountNumer: '1' })).json,
    'unknown-object.json': async () =>
      (await client.query('SELECT Id,Name,BillingCity,IsDeleted FROM Accout')).json,
    'read-opportunity-with-contacts.json': async () => {
      const id = await createdId(
        client.post('sobjects/Opportunity', {
          Name: 'Test Opportunity',
          Amount: 50_000,
          StageName: 'Prospecting',
          CloseDate: '2026-12-31',
        }),
      );
      await client.post('sobjects/OpportunityContactRole', {
        OpportunityId: id,
        ContactId: await person(),
        Role: 'Influencer',
      });
      const roles = '(SELECT Id, ContactId, Role FROM OpportunityContactRoles)';
      return (
        await client.query(`SELECT Id, Name, Amount, StageName, ${roles} FROM Opportunity WHERE Id = '${id}'`)
      ).json;
    },
    'read-opportunity-with-account.json': async () =>
      (await client.query('SELECT Id, Name, AccountId, Amount, StageName FROM Opportunity')).json,
    'bulk__write__launch-job-opportunity.json': () => openJob('upsert'),
    'bulk__write__update-job-opportunity.json': async () => closeJob(await openJob('upsert')),
    'bulk__delete__launch-job-opportunity.json': () => openJob('delete'),
    'bulk__delete__update-job-opportunity.json': async () => closeJob(await openJob('delete')),
    'bulk__info__success.json': () => runJob('Name,StageName,CloseDate\nN,GENERATED,2026-12-31\n'),
    'bulk__info__partial-failure.json': () => runJob('Name,StageName,CloseDate\nN,GENERATED,soon\n'),
    'bulk__info__complete-failure.json': () => runJob('StageName_invalid_field_on_purpose\nx\n'),
    'bulk__read-launch-job-account.json': async () =>
      (await client.post('jobs/query', { operation: 'query', query: 'SELECT Id FROM Account' })).json,
    'metadata__write__err-duplicate-permission-assignment.json': async () => {
      const found = await client.query('SELECT AssigneeId, PermissionSetId FROM PermissionSetAssignment');
      const { AssigneeId, PermissionSetId } = found.json.records?.[0] ?? {};
      return (
        await client.post('sobjects/PermissionSetAssignment', {
          AssigneeId: String(AssigneeId),
          PermissionSetId: String(PermissionSetId),
        })
      ).json;
    },
    'metadata__write__permission-set.json': async () =>
      (await client.query('SELECT Id, Name FROM PermissionSet')).json,
  };

  async function openJob(operation: string): Promise<JsonObject> {
    const key = operation === 'upsert' ? { externalIdFieldName: 'Id' } : {};
    const { body } = await client.post('jobs/ingest', {
      object: 'Opportunity',
      operation,
      contentType: 'CSV',
      lineEnding: 'LF',
      ...key,
    });
    return body as JsonObject;
  }

  async function closeJob({ id }: JsonObject): Promise<unknown> {
    return (await client.patch(`jobs/ingest/${id}`, { state: 'UploadComplete' })).json;
  }

  async function runJob(csv: string): Promise<unknown> {
    const job = await openJob('upsert');
    await client.raw('PUT', `${base}/jobs/ingest/${job.id}/batches`, csv, 'text/csv');
    await closeJob(job);
    for (;;) {
      const { json } = await client.get(`jobs/ingest/${job.id}`);
      if (['JobComplete', 'Failed'].includes(String(json.state))) return json;
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }

  it.each(Object.entries(bodies))('%s', async (name, ask) => {
    expect(differences(recorded<Json>(`amp-labs/${name}`), (await ask()) as Json)).toEqual([]);
  });

  it('bulk__info__partial-failure.csv, to the letter', async () => {
    const text = { label: 'Ext', type: 'Text', length: 60, externalId: true };
    await provisionField(client, 'Opportunity.external_id__c', text);
    const opened = await client.post('jobs/ingest', {
      object: 'Opportunity',
      operation: 'upsert',
      externalIdFieldName: 'external_id__c',
      contentType: 'CSV',
      lineEnding: 'LF',
    });
    const csv =
      'Name,StageName,external_id__c,CloseDate\nNoemi Miller,GENERATED,external-id-3,2003-04-987654321987654321\n';
    const path = `jobs/ingest/${opened.json.id}`;
    await client.raw('PUT', `${base}/${path}/batches`, csv, 'text/csv');
    await client.patch(path, { state: 'UploadComplete' });
    while (String((await client.get(path)).json.state) !== 'JobComplete') {}
    const want = readFileSync(new URL('amp-labs/bulk__info__partial-failure.csv', folder), 'utf8');
    expect((await client.get(`${path}/failedResults`)).text.trim()).toBe(want.trim());
  });

  const xml = new XMLParser({ removeNSPrefix: true, ignoreDeclaration: true });
  const shape = (text: string) => xml.parse(text) as Json;
  const read = (name: string) => readFileSync(new URL(`amp-labs/${name}`, folder), 'utf8');
  const soap = async (text: string) =>
    shape(
      (
        await client.raw(
          'POST',
          '/services/Soap/m/60.0',
          text.replace('TEST_ACCESS_TOKEN', client.token),
          'text/xml',
        )
      ).text,
    );

  it('Metadata calls: fields of all kinds, their permissions, and their removal', async () => {
    const object = `<fullName>TestObject15__c</fullName><label>T</label><pluralLabel>Ts</pluralLabel><deploymentStatus>Deployed</deploymentStatus><sharingModel>ReadWrite</sharingModel><nameField><type>Text</type><label>Name</label></nameField>`;
    const fields = read('metadata__write__object15__mix-of-many-fields-payload.xml');
    await soap(
      fields.replace(
        /<metadata [\s\S]*<\/metadata>/,
        `<metadata xsi:type="CustomObject">${object}</metadata>`,
      ),
    );
    const made = await soap(fields);
    expect(
      differences(shape(read('metadata__write__object15__mix-of-many-fields-response.xml')), made),
    ).toEqual([]);
    expect(JSON.stringify(made).match(/"success":true/g)).toHaveLength(6);
    const bad = await soap(fields.replace('<length>444</length>', '<length>44</length>'));
    expect(differences(shape(read('metadata-api__err-bad-request.xml')), bad)).toEqual([]);
    expect(JSON.stringify(bad)).toContain('Invalid length, minimum is: 256');
    const granted = await soap(read('metadata__write__write-field-permissions-payload.xml'));
    expect(
      differences(shape(read('metadata__write__write-field-permissions-response.xml')), granted),
    ).toEqual([]);
    const seen = await soap(read('metadata__write__read-field-permissions-payload.xml'));
    expect(JSON.stringify(seen)).toContain('TestObject15__c.Hobby__c');
    const gone = await soap(read('metadata__delete__delete-fields-payload.xml'));
    expect(differences(shape(read('metadata__delete__delete-fields-response.xml')), gone)).toEqual([]);
    const again = await soap(read('metadata__delete__delete-fields-payload.xml'));
    expect(differences(shape(read('metadata__delete__delete-field-not-found.xml')), again)).toEqual([]);
  });

  it('userinfo has what was recorded', async () => {
    const { json } = await client.send('GET', '/services/oauth2/userinfo');
    const want = Object.keys(recorded<JsonObject>('amp-labs/metadata__write__user-info.json'));
    expect(want.filter((key) => !(key in (json as object)))).toEqual([]);
  });
});
