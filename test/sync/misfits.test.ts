/** What a CRM says of its fields before a value is sent: the one field waits under its name, the rest goes. */
import { afterEach, describe, expect, it } from 'vitest';
import type { FieldDescription } from '../../src/connector/contract/fields.ts';
import type { Json, JsonObject } from '../../src/support/json.ts';
import { misfitCodes, misfitOf } from '../../src/sync/push/plan/misfit.ts';
import { mappingsWith, openTestHub, type TestHub, type TestHubOptions } from './hub.ts';

const text: FieldDescription = {
  name: 'F',
  label: 'F',
  type: 'text',
  readable: true,
  writable: true,
  maxLength: 5,
};
const number: FieldDescription = { name: 'F', label: 'F', type: 'number', readable: true, writable: true };
const choice: FieldDescription = {
  ...{ name: 'F', label: 'F', type: 'picklist', readable: true, writable: true },
  ...{ options: ['Web', 'Chat'], restricted: true },
};

describe('a value', () => {
  it.each<[string, FieldDescription | undefined, Json, string | null]>([
    ['fits', text, 'Berg', null],
    ['is too long', text, 'Bergmann', 'VALUE_TOO_LONG'],
    ['of as many characters as there is room for, however they are stored', text, '🎉🎉🎉🎉🎉', null],
    ['is a text in a number', number, 'many', 'VALUE_IS_NO_NUMBER'],
    ['is a number in text', number, '12.5', null],
    ['is blank in a number', number, '', null],
    ['is an option', choice, 'Web', null],
    ['is an option in another case', choice, 'web', null],
    ['is none of the options', choice, 'Fax', 'VALUE_IS_NO_OPTION'],
    ['has one of several that is no option', choice, 'Web;Fax', 'VALUE_IS_NO_OPTION'],
    ['is none of options that are only suggested', { ...choice, restricted: false }, 'Fax', null],
    ['is for a field that may not be written', { ...text, writable: false }, 'a', 'FIELD_IS_READ_ONLY'],
    ['is for a field that is not there, or not shown', undefined, 'a', 'FIELD_IS_MISSING'],
  ])('%s', (_, field, value, code) => {
    expect(misfitOf(field, value)?.code ?? null).toBe(code);
    if (code !== null) expect(misfitCodes).toContain(code);
  });
});

const opened: TestHub[] = [];
const folders: { remove(): void }[] = [];
afterEach(async () => {
  for (const hub of opened.splice(0)) await hub.close();
  for (const folder of folders.splice(0)) folder.remove();
});

async function open(options: TestHubOptions = {}): Promise<TestHub> {
  const hub = await openTestHub(options);
  opened.push(hub);
  return hub;
}

function mapped(system: string, from: string, to: string): string {
  const folder = mappingsWith(system, from, to);
  folders.push(folder);
  return folder.path;
}

/** The same person here and there; each side knows something that the other lacks. */
function pair(hub: TestHub, there: JsonObject, here: JsonObject = {}): { contact: string; person: string } {
  const at = hub.hub.clock.now();
  const [email, name] = ['ada@a.example', 'Winter'];
  return {
    contact: hub
      .emulator('salesforce')
      .records.create('Contact', { LastName: name, Email: email, ...here }, { at }),
    person: hub.emulator('hubspot').records.create('contacts', { email, lastname: name, ...there }, { at }),
  };
}

const parked = async ({ hub }: TestHub) =>
  (await hub.store.work.parked()).map(({ reason }) => [reason.code, reason.field, reason.message]);
const aDayLater = async (hub: TestHub) => {
  await hub.hub.clock.sleep(25 * 3_600_000);
  await hub.quiet();
};

describe('Salesforce', () => {
  it('a field that is hidden from the hub’s user is parked under its name, and goes by itself once it is shown', async () => {
    const hub = await open();
    const { records } = hub.emulator('salesforce');
    records.act?.('hide', 'Contact', 'Title');
    const { contact } = pair(hub, { jobtitle: 'Head', phone: '+12125550100' });
    await hub.quiet();
    expect(records.get('Contact', contact)).toMatchObject({ Phone: '+12125550100', Title: null });
    expect(await parked(hub)).toEqual([
      [
        'FIELD_IS_MISSING',
        'Title',
        expect.stringMatching(/Contact\.Title .*field-level security.*salesforce\.yaml:\d+/),
      ],
    ]);
    records.act?.('show', 'Contact', 'Title');
    await aDayLater(hub);
    expect(records.get('Contact', contact)).toMatchObject({ Title: 'Head' });
    expect(await parked(hub)).toEqual([]);
  });

  it('a value that is no option is parked under its field', async () => {
    const mappings = mapped(
      'salesforce',
      '      title: { field: Title, rule: prefer salesforce unless blank }\n      street: MailingStreet',
      '      title: { field: CleanStatus, rule: push only }\n      street: MailingStreet',
    );
    const hub = await open({ mappings });
    const { contact, person } = pair(hub, { jobtitle: 'Head', phone: '+12125550100' });
    await hub.quiet();
    const { records } = hub.emulator('salesforce');
    expect(records.get('Contact', contact)).toMatchObject({ Phone: '+12125550100', CleanStatus: 'Pending' });
    expect(await parked(hub)).toEqual([
      ['VALUE_IS_NO_OPTION', 'CleanStatus', expect.stringContaining('has no option "Head"')],
    ]);
    hub.emulator('hubspot').records.update('contacts', person, { jobtitle: 'Matched' });
    await hub.quiet();
    expect(records.get('Contact', contact)).toMatchObject({ CleanStatus: 'Matched' });
    expect(await parked(hub)).toEqual([]);
  });
});

describe('HubSpot', () => {
  const withField = (field: string) =>
    mapped('hubspot', '      status: hs_lead_status', `      source: { field: ${field}, rule: push only }`);
  const web = { LeadSource: 'Web', Phone: '+12125550100' };

  it('a value that is no option is parked under its field', async () => {
    const hub = await open({ mappings: withField('hs_lead_status') });
    const { contact, person } = pair(hub, {}, web);
    await hub.quiet();
    const { records } = hub.emulator('hubspot');
    expect(records.get('contacts', person)).toMatchObject({ phone: '+12125550100' });
    expect(await parked(hub)).toEqual([
      [
        'VALUE_IS_NO_OPTION',
        'hs_lead_status',
        expect.stringMatching(/has no option "Web".*hubspot\.yaml:\d+/),
      ],
    ]);
    hub.emulator('salesforce').records.update('Contact', contact, { LeadSource: 'NEW' });
    await hub.quiet();
    expect(records.get('contacts', person)).toMatchObject({ hs_lead_status: 'NEW' });
    expect(await parked(hub)).toEqual([]);
  });

  it('a field that is not there is parked under its name, and goes by itself once it is', async () => {
    const hub = await open({ mappings: withField('lead_source') });
    const { person } = pair(hub, {}, web);
    await hub.quiet();
    const { records } = hub.emulator('hubspot');
    expect(records.get('contacts', person)).toMatchObject({ phone: '+12125550100' });
    expect(await parked(hub)).toEqual([
      ['FIELD_IS_MISSING', 'lead_source', expect.stringMatching(/does not exist.*hubspot\.yaml:\d+/)],
    ]);
    const property = { name: 'lead_source', label: 'Lead source', type: 'string', fieldType: 'text' };
    const made = await hub.system('hubspot').context.http.send({
      ...{ method: 'POST', url: '/crm/v3/properties/contacts' },
      json: { ...property, groupName: 'contactinformation' },
    });
    expect(made.status).toBe(201);
    await aDayLater(hub);
    expect(records.get('contacts', person)).toMatchObject({ lead_source: 'Web' });
    expect(await parked(hub)).toEqual([]);
  });
});
