/** Recordings, read again by the real connectors. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Exchange, loadRecording } from '../../emulators/loopback/recording.ts';
import { replay } from '../../src/app/replay.ts';
import type { ReplayReport } from '../../src/app/replay-report.ts';
import { silentLog } from '../../src/support/log.ts';

function replayed(exchanges: readonly Exchange[], as?: string, object?: string): Promise<ReplayReport> {
  return replay(exchanges, {
    ...(as ? { as } : {}),
    ...(object ? { object } : {}),
    mapping: (system) => join('mappings', `${system}.yaml`),
    log: silentLog,
    signal: new AbortController().signal,
  });
}

function answerOf(path: string, body: Exchange['body'], host = ''): Exchange {
  return { source: 'made up', host, method: 'GET', path, status: 200, sent: null, headers: {}, body };
}

const lead = {
  attributes: { type: 'Lead', url: '/services/data/v60.0/sobjects/Lead/00Q000000000001AAA' },
  Id: '00Q000000000001AAA',
  Email: 'ada@example.com',
  LastName: 'Lovelace',
  Favourite__c: 'engines',
  CreatedDate: '2026-01-05T09:00:00.000+0000',
  SystemModstamp: '2026-02-05T09:00:00.000+0000',
};

describe('a replay', () => {
  it('carries rows to entities and events, and names what no mapping reads', async () => {
    const { system, objects, entities, events } = await replayed([
      answerOf('', { totalSize: 1, done: true, records: [lead] }),
    ]);
    expect(system).toBe('salesforce');
    expect(objects.Lead).toMatchObject({ recorded: 1, pulled: 1, unread: { Favourite__c: 1 }, warnings: [] });
    expect(entities).toHaveLength(1);
    expect(entities[0]?.fields).toMatchObject({ email: 'ada@example.com', lastName: 'Lovelace' });
    expect(events.map(({ type, time }) => [type, time])).toEqual([
      ['person.created', Date.UTC(2026, 0, 5, 9)],
    ]);
  });

  it('takes all showings of a record together, and says what it had to put in', async () => {
    const bare = { attributes: lead.attributes, Email: 'ada@example.com', Phone: '+12125550100' };
    const { objects, entities } = await replayed([
      answerOf('', [bare]),
      answerOf('', [{ ...bare, Title: 'Countess' }]),
    ]);
    expect(objects.Lead).toMatchObject({ recorded: 1, pulled: 1 });
    expect(Object.keys(objects.Lead?.completed ?? {})).toContain('SystemModstamp');
    expect(entities[0]?.fields).toMatchObject({ phone: '+12125550100', title: 'Countess' });
  });

  it('names records that the connector has no stream for, and exchanges without any', async () => {
    const topic = {
      attributes: { type: 'Topic', url: '/services/data/v60.0/sobjects/Topic/0TO1' },
      Name: 'x',
    };
    const { objects, withoutRecords } = await replayed([
      answerOf('/services/data/v60.0/sobjects/Topic/0TO1', topic),
      { ...answerOf('/services/data/v60.0/composite/sobjects', [{ success: false }]), method: 'PATCH' },
    ]);
    expect(objects.Topic).toMatchObject({ recorded: 1, pulled: 0, unread: { Name: 1 } });
    expect(withoutRecords).toEqual({ 'PATCH /services/data/v60.0/composite/sobjects 200': 1 });
  });

  it('reads contacts of the first contacts API, whose values are wrapped', async () => {
    const { system, entities } = await replayed([
      answerOf('/contacts/v1/contact/vid/7/profile', {
        vid: 7,
        properties: { email: { value: 'bo@example.com' }, createdate: { value: '1645124063250' } },
      }),
    ]);
    expect(system).toBe('hubspot');
    expect(entities[0]?.fields).toMatchObject({ email: 'bo@example.com', createdAt: 1_645_124_063_250 });
  });

  it('reads companies and deals of the APIs before v3, and names what else it does not read of them', async () => {
    const wrapped = (value: string) => ({ value });
    const { system, entities, notRead } = await replayed([
      answerOf('', { companies: [{ companyId: 3, properties: { name: wrapped('Larkmere') } }] }),
      answerOf('', { dealId: 9, properties: { dealname: wrapped('Big one') } }),
      answerOf('/engagements/v1/engagements/paged', { results: [{ engagement: { id: 1 } }] }),
    ]);
    expect(system).toBe('hubspot');
    expect(entities.map(({ fields }) => fields.name)).toEqual(
      expect.arrayContaining(['Larkmere', 'Big one']),
    );
    expect(Object.values(notRead)).toEqual([{ 'GET /engagements/v1/engagements/paged 200': 1 }]);
    expect(Object.keys(notRead)[0]).toContain('an API before v3');
  });

  it.each([
    ['hubspot', 'contacts', { results: [{ id: '5', properties: { email: 'bo@example.com' } }] }],
    ['salesforce', 'Lead', { records: [{ Id: '00Q000000000001AAA', Email: 'bo@example.com' }] }],
  ])('reads rows of %s that do not say what they are when it is told, and asks before', async (as, object, body) => {
    const asked = await replayed([answerOf('', body)], as);
    expect(Object.keys(asked.notRead)).toEqual([expect.stringContaining('name it with --object')]);
    expect([asked.entities, asked.withoutRecords]).toEqual([[], { 'made up': 1 }]);
    const { entities, notRead } = await replayed([answerOf('', body)], as, object);
    expect([entities[0]?.fields.email, notRead]).toEqual(['bo@example.com', {}]);
  });

  it('names what is not JSON as such, and a refusal as one', async () => {
    const { notRead, withoutRecords } = await replayed(
      [
        { ...answerOf('', '<?xml version="1.0"?><a/>'), source: 'a.xml' },
        { ...answerOf('', 'Id,Name\n1,x'), source: 'b.csv' },
        { ...answerOf('', '{"torn": '), source: 'c.json' },
        { ...answerOf('', '<<dropped 12 bytes>>'), source: 'd' },
        { ...answerOf('/services/data/v60.0/query', [{ errorCode: 'X' }]), status: 400 },
      ],
      'salesforce',
    );
    expect(Object.values(notRead)).toEqual([{ 'a.xml': 1 }, { 'b.csv': 1 }, { 'c.json': 1 }, { d: 1 }]);
    expect(withoutRecords).toMatchObject({ 'GET /services/data/v60.0/query 400': 1, 'a.xml': 1 });
  });

  it('says whom a recording of a system that it does not know went to', async () => {
    const stranger = answerOf('/contacts', { type: 'list' }, 'https://api.intercom.io');
    await expect(replayed([stranger])).rejects.toMatchObject({
      message: expect.stringContaining('its requests went to https://api.intercom.io'),
      where: 'made up',
    });
    await expect(replayed([answerOf('', 'plain words')])).rejects.toThrow('it is not JSON');
  });

  it('of nobody knows what asks for --as; of a system without replays names those that have', async () => {
    await expect(replayed([answerOf('', { hello: 'world' })])).rejects.toThrow(/which system/);
    await expect(replayed([answerOf('', {})], 'hubspt')).rejects.toMatchObject({
      remedy: 'Did you mean "hubspot"?',
    });
  });
});

const fixtures = resolve(import.meta.dirname, '../../../shared/fixtures');
const present = existsSync(fixtures);
const bodies = present ? readdirSync(join(fixtures, 'salesforce/amp-labs')) : [];

describe.skipIf(!present)('recorded exchanges (skipped where ../shared/fixtures is absent)', () => {
  it('of HubSpot: every contact and company that was shown comes to an entity', async () => {
    const { objects, entities, events } = await replayed(
      loadRecording(join(fixtures, 'hubspot/grouparoo-recordings.jsonl')),
    );
    expect(objects.contacts).toMatchObject({ recorded: 14, pulled: 14, warnings: [] });
    expect(objects.companies).toMatchObject({ recorded: 8, pulled: 8, warnings: [] });
    expect(objects['2-3604285']).toMatchObject({ recorded: 4, pulled: 0 });
    expect(objects.contacts?.unread).toHaveProperty(['properties.hs_email_domain'], 13);
    const emails = entities.filter(({ kind }) => kind === 'Person').map(({ fields }) => fields.email);
    expect(new Set(emails).size).toBe(9);
    expect(emails).toContain('grouparoo@demo.com');
    expect(events).toHaveLength(14);
  });

  it('of Salesforce: every row that was shown comes to an entity', async () => {
    const { objects, entities } = await replayed(
      loadRecording(join(fixtures, 'salesforce/grouparoo-nock/interactions.json')),
    );
    for (const name of ['Account', 'Contact', 'Lead', 'CampaignMember']) {
      expect(objects[name]?.recorded).toBeGreaterThan(0);
      expect(objects[name]?.pulled).toBe(objects[name]?.recorded);
      expect(objects[name]?.warnings).toEqual([]);
    }
    expect(objects.Lead?.unread).toHaveProperty('CleanStatus');
    const people = entities.filter(({ kind }) => kind === 'Person').map(({ fields }) => fields.email);
    expect(people).toEqual(expect.arrayContaining(['leadbrian@demo.com', 'additivebrian@demo.com']));
  });

  it.each(bodies)('single answer of Salesforce: %s', async (name) => {
    const exchanges = loadRecording(join(fixtures, 'salesforce/amp-labs', name));
    const { objects, withoutRecords, entities } = await replayed(exchanges, 'salesforce');
    const shown = Object.values(objects).reduce((sum, { recorded }) => sum + recorded, 0);
    if (shown === 0) expect(withoutRecords).toEqual({ [name]: 1 });
    for (const [object, { recorded, pulled, warnings }] of Object.entries(objects)) {
      expect(warnings).toEqual([]);
      if (object !== 'PermissionSet') expect(pulled).toBe(recorded);
    }
    const whole = entities.filter(({ kind }) => ['Person', 'Organization', 'Deal'].includes(kind));
    expect(whole.length).toBeLessThanOrEqual(shown);
  });
});
