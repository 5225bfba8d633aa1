import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import { customField, customObject } from '../../../connectors/salesforce/setup/metadata.ts';
import type { FieldSpec, ProvisionStep } from '../../../src/connector/contract/fields.ts';
import { type Answer, type Asked, id, type Org, openOrg, refusal, result, userId } from './org.ts';

const share: FieldSpec = {
  object: 'Opportunity',
  name: 'Chat_Share__c',
  label: 'Chat share',
  type: 'percent',
  scale: 2,
};
const touch: FieldSpec = {
  object: 'Chat_Touch__c',
  name: 'Hub_Id__c',
  label: 'Hub id',
  type: 'text',
  length: 64,
  unique: true,
};
const deal: FieldSpec = {
  object: 'Chat_Touch__c',
  name: 'Opportunity__c',
  label: 'Opportunity',
  type: 'reference',
  to: 'Opportunity',
};
const wanted = [share, touch, deal];

/** An org that remembers what was made in it, as far as these tests look. */
function forge(refuse: (name: string) => object | null = () => null) {
  const made = new Set<string>();
  const rows: Record<string, object[]> = {};
  const describeAnswer = (object: string): Answer => {
    if (object.endsWith('__c') && !made.has(object))
      return refusal('NOT_FOUND', 'The requested resource does not exist', 404);
    const names = [...made].flatMap((name) =>
      name.startsWith(`${object}.`) ? name.slice(object.length + 1) : [],
    );
    return {
      json: {
        fields: ['Id', ...names].map((name) => ({
          name,
          label: name,
          type: 'string',
          length: 18,
          createable: true,
        })),
      },
    };
  };
  const upsert = (body: string): Answer => {
    const parsed = new XMLParser({ removeNSPrefix: true, isArray: (name) => name === 'metadata' }).parse(
      body,
    );
    const metadata: { fullName: string }[] = parsed.Envelope.Body.upsertMetadata.metadata;
    const results = metadata.map(({ fullName }) => {
      made.add(fullName);
      return `<result><created>true</created><fullName>${fullName}</fullName><success>true</success></result>`;
    });
    return {
      text: `<soapenv:Envelope xmlns:soapenv="s"><soapenv:Body><upsertMetadataResponse>${results.join('')}</upsertMetadataResponse></soapenv:Body></soapenv:Envelope>`,
      headers: { 'content-type': 'text/xml' },
    };
  };
  const create = (asked: Asked): Answer => {
    const { records } = JSON.parse(asked.body);
    return {
      json: records.map((record: { attributes: { type: string }; Field?: string; SobjectType?: string }) => {
        const { attributes, ...row } = record;
        const refused = refuse(record.Field ?? record.SobjectType ?? attributes.type);
        if (refused !== null) return { success: false, errors: [refused] };
        const table = rows[attributes.type] ?? [];
        rows[attributes.type] = table;
        table.push({ Id: id('0PS', table.length), ...row });
        return { id: id('0PS', table.length - 1), success: true, errors: [] };
      }),
    };
  };
  const answer = (asked: Asked): Answer => {
    const [, described] = /\/sobjects\/(\w+)\/describe$/.exec(asked.path) ?? [];
    if (described !== undefined) return describeAnswer(described);
    const [, table] = / FROM (\w+)/.exec(asked.query.get('q') ?? '') ?? [];
    if (table !== undefined) return { json: result(rows[table] ?? []) };
    return asked.path.includes('/Soap/') ? upsert(asked.body) : create(asked);
  };
  return { answer, rows };
}

function provision(org: Org, apply: boolean): Promise<ProvisionStep[]> {
  return (
    salesforce.fields?.provision(org.ctx, wanted, { apply }) ?? Promise.reject(new Error('no provisioning'))
  );
}

const names = [
  'Chat_Touch__c',
  'Opportunity.Chat_Share__c',
  'Chat_Touch__c.Hub_Id__c',
  'Chat_Touch__c.Opportunity__c',
  'permission set Connector_Hub',
  'edit Chat_Touch__c',
  'edit Opportunity.Chat_Share__c',
  'edit Chat_Touch__c.Hub_Id__c',
  'edit Chat_Touch__c.Opportunity__c',
  "Connector_Hub assigned to the hub's user",
];

describe('provisioning', () => {
  it('plans with reads only', async () => {
    const org = await openOrg(forge().answer);
    const steps = await provision(org, false);
    expect(steps.map(({ name }) => name)).toEqual(names);
    expect(steps.every(({ status }) => status === 'missing')).toBe(true);
    expect(org.asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('creates objects, fields and permissions, in an order in which each finds what it needs', async () => {
    const { answer, rows } = forge();
    const org = await openOrg(answer);
    const steps = await provision(org, true);
    expect(steps.map(({ status }) => status)).toEqual(names.map(() => 'created'));
    expect(rows.PermissionSetAssignment).toEqual([
      { Id: id('0PS', 0), PermissionSetId: id('0PS', 0), AssigneeId: userId },
    ]);
    expect(rows.FieldPermissions?.[0]).toMatchObject({
      ParentId: id('0PS', 0),
      Field: 'Opportunity.Chat_Share__c',
      PermissionsEdit: true,
    });
    expect(rows.ObjectPermissions?.[0]).toMatchObject({
      SobjectType: 'Chat_Touch__c',
      PermissionsDelete: true,
    });
    const soap = org.asked.filter(({ path }) => path.startsWith('/services/Soap/m/66.0'));
    expect(soap).toHaveLength(2);
    expect(soap[0]?.body).toContain('<sessionId>00D000000000001!the.access.token</sessionId>');
    expect(soap[0]?.body).toContain('<metadata xsi:type="CustomObject"><fullName>Chat_Touch__c</fullName>');
  });

  it('finds nothing to do the second time', async () => {
    const org = await openOrg(forge().answer);
    await provision(org, true);
    const before = org.asked.length;
    const steps = await provision(org, true);
    expect(steps.map(({ name, status }) => [name, status])).toEqual(names.map((name) => [name, 'exists']));
    expect(org.asked.slice(before).every(({ method }) => method === 'GET')).toBe(true);
  });

  it('says what failed, and goes on with the rest', async () => {
    const refusedField = { statusCode: 'FIELD_INTEGRITY_EXCEPTION', message: 'required', fields: [] };
    const assigned = {
      statusCode: 'DUPLICATE_VALUE',
      message: 'Duplicate PermissionSetAssignment.',
      fields: [],
    };
    const refusals: Record<string, object> = {
      'Chat_Touch__c.Hub_Id__c': refusedField,
      PermissionSetAssignment: assigned,
    };
    const org = await openOrg(forge((name) => refusals[name] ?? null).answer);
    const steps = await provision(org, true);
    const byName = new Map(steps.map((step) => [step.name, step]));
    expect(byName.get('edit Chat_Touch__c.Hub_Id__c')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('required'),
    });
    expect(byName.get('edit Chat_Touch__c.Opportunity__c')?.status).toBe('created');
    expect(byName.get("Connector_Hub assigned to the hub's user")?.status).toBe('exists');
  });

  it('raises a permission that allows reading only', async () => {
    const { answer, rows } = forge();
    const org = await openOrg((asked) =>
      asked.method === 'PATCH' ? { json: [{ id: id('0PS', 0), success: true, errors: [] }] } : answer(asked),
    );
    await provision(org, true);
    Object.assign(rows.FieldPermissions?.[0] ?? {}, { PermissionsEdit: false });
    const steps = await provision(org, true);
    expect(steps.filter(({ status }) => status === 'created').map(({ name }) => name)).toEqual([
      'edit Opportunity.Chat_Share__c',
    ]);
    const raised = org.asked.find(({ method }) => method === 'PATCH');
    expect(JSON.parse(raised?.body ?? '').records).toEqual([
      {
        id: id('0PS', 0),
        attributes: { type: 'FieldPermissions' },
        PermissionsRead: true,
        PermissionsEdit: true,
      },
    ]);
  });
});

describe('metadata', () => {
  it('says what a field is', () => {
    expect(customField(share)).toEqual({
      fullName: 'Opportunity.Chat_Share__c',
      label: 'Chat share',
      type: 'Percent',
      precision: 18,
      scale: 2,
    });
    expect(customField(touch)).toMatchObject({ type: 'Text', length: 64, unique: true, externalId: true });
    expect(customField(deal)).toMatchObject({
      type: 'Lookup',
      referenceTo: 'Opportunity',
      relationshipName: 'Chat_Touch_Opportunity',
      relationshipLabel: 'Chat Touches',
    });
    const roles: FieldSpec = {
      object: 'Opportunity',
      name: 'Role__c',
      label: 'Role',
      type: 'picklist',
      options: ['sourced'],
    };
    expect(customField(roles)).toMatchObject({
      valueSet: {
        valueSetDefinition: { value: [{ fullName: 'sourced', label: 'sourced', default: false }] },
      },
    });
    expect(customField({ ...share, type: 'boolean' })).toMatchObject({
      type: 'Checkbox',
      defaultValue: 'false',
    });
    expect(customField({ ...share, type: 'longtext', length: 100 })).toMatchObject({
      type: 'LongTextArea',
      length: 256,
      visibleLines: 3,
    });
  });

  it('says what an object is', () => {
    expect(customObject('Chat_Touch__c')).toMatchObject({
      label: 'Chat Touch',
      pluralLabel: 'Chat Touches',
      nameField: { type: 'Text', label: 'Chat Touch Name' },
      deploymentStatus: 'Deployed',
    });
  });
});
