/** How a write carries the records that it names: by a field, by one of several objects, by an association. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Sink, Write } from '../../src/connector/contract/writing.ts';
import type { System } from '../../src/sync/hub.ts';
import { found, mappingsWith, openTestHub, type TestHub } from './hub.ts';

const opened: TestHub[] = [];
afterEach(async () => {
  for (const hub of opened.splice(0)) await hub.close();
});

/** What is written to an object from now on. */
function overheard(hub: TestHub, connection: string, object: string): Write[] {
  const system = hub.system(connection);
  const heard: Write[] = [];
  const listening = (sink: Sink): Sink => ({
    ...sink,
    push: (ctx, writes) => {
      heard.push(...writes);
      return sink.push(ctx, writes);
    },
  });
  const sinkOf: System['connector']['sink'] = (name) => {
    const sink = system.connector.sink?.(name);
    return sink && name === object ? listening(sink) : sink;
  };
  const changed = { ...system, connector: { ...system.connector, sink: sinkOf } };
  (hub.hub.systems as Map<string, System>).set(connection, changed);
  return heard;
}

// A city stands in for the id of an organization, which no record of a CRM has by itself.
async function organizationId(hub: TestHub): Promise<string> {
  await hub.quiet();
  const [organization] = await hub.hub.store.entities.scan('Organization', null, 10);
  return found(organization, 'organization').id;
}

const said = { type: 'identified', sessionId: 's', visitorId: 'v', email: 'ada@a.example' };

describe('a contact that is tied to its company by an association', () => {
  const place = '    # A person who left an e-mail address in a chat';
  const reference = 'references: { companies: { to: companies, from: city, as: association } }';
  const mappings = mappingsWith('hubspot', place, `    ${reference}\n${place}`);
  afterAll(() => mappings.remove());

  it('is made with it, and waits for the company until then', async () => {
    const hub = await openTestHub({ mappings: mappings.path });
    opened.push(hub);
    const [crm, portal] = [hub.emulator('salesforce').records, hub.emulator('hubspot').records];
    crm.create('Account', { Name: 'ACME', Website: 'https://acme.example' });
    const city = await organizationId(hub);
    crm.create('Lead', { Email: 'ada@a.example', LastName: 'W', Company: 'ACME', City: city });
    hub.emulator('chatbot').records.create('event', said);
    await hub.quiet();
    expect(portal.all('contacts')).toEqual([]);
    const heard = overheard(hub, 'hubspot', 'contacts');
    const company = portal.create('companies', { name: 'ACME', domain: 'acme.example' });
    await hub.quiet();
    expect(portal.all('contacts')).toMatchObject([{ email: 'ada@a.example' }]);
    expect(heard[0]?.associations).toEqual([{ object: 'companies', id: company }]);
    expect(heard[0]?.fields).not.toHaveProperty('companies');
    const [person] = await hub.hub.store.entities.scan('Person', null, 10);
    const organizations = await hub.hub.store.entities.organizationsOf([found(person, 'person').id]);
    expect(Object.values(organizations)).toEqual([[city]]);
  });
});

describe('a lead that names a record of one of several objects', () => {
  const place = '    # A person who left an e-mail address in a chat';
  const reference = 'references: { Works_At__c: { to: [Campaign, Account], from: city } }';
  const mappings = mappingsWith('salesforce', place, `    ${reference}\n${place}`);
  afterAll(() => mappings.remove());

  it('says of which', async () => {
    const hub = await openTestHub({ mappings: mappings.path });
    opened.push(hub);
    const { records } = hub.emulator('hubspot');
    records.create('companies', { name: 'ACME', domain: 'acme.example' });
    const city = await organizationId(hub);
    records.create('contacts', { email: 'ada@a.example', lastname: 'W', city });
    hub.emulator('chatbot').records.create('event', said);
    await hub.quiet();
    const heard = overheard(hub, 'salesforce', 'Lead');
    const account = hub
      .emulator('salesforce')
      .records.create('Account', { Name: 'ACME', Website: 'https://acme.example' });
    await hub.quiet();
    expect(heard[0]).toMatchObject({
      fields: { Works_At__c: account },
      references: { Works_At__c: 'Account' },
    });
  });
});
