/** Who leaves an address in a chat becomes a record, whatever else is known of them. */
import { expect, it } from 'vitest';
import { hubStatus } from '../../src/reports/status.ts';
import { noteUnreadable } from '../../src/sync/normalize/unreadable.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { strangeIds } from '../connectors/chatbot/chat.ts';
import { openTestHub } from './hub.ts';

it('creates records all of whose values stand in `send` and `defaults`', async () => {
  const hub = await openTestHub();
  const { records } = hub.emulator('chatbot');
  const told = [
    { email: 'only@acme.example' },
    { email: 'firm@acme.example', company: 'ACME' },
    { email: 'named@acme.example', name: 'Nora Name' },
  ];
  for (const [index, who] of told.entries())
    records.create('event', { type: 'identified', sessionId: `s${index}`, visitorId: `v${index}`, ...who });
  await hub.quiet();
  const leads = hub.emulator('salesforce').records.all('Lead');
  const contacts = hub.emulator('hubspot').records.all('contacts');
  const lead = leads.find(({ Email }) => Email === 'only@acme.example');
  const seen = [
    leads.map(({ Email }) => Email).sort(),
    contacts.map(({ email }) => email).sort(),
    lead?.LastName,
  ];
  const parked = await hub.hub.store.work.parked();
  await hub.close();
  const addresses = told.map(({ email }) => email).sort();
  expect(seen).toEqual([addresses, addresses, '[not provided]']);
  expect(parked).toEqual([]);
});

it('makes one lead of what is said in several messages of a conversation, on a browser that others use', async () => {
  const hub = await openTestHub({ systems: ['salesforce', 'chatbot'] });
  const { records } = hub.emulator('chatbot');
  const say = (sessionId: string, fields: object) =>
    records.create('event', { type: 'identified', sessionId, visitorId: 'pc', ...fields });
  say('s1', { email: 'eve@acme.example', name: 'Eve Frost' });
  say('s2', { email: 'tom@acme.example' });
  await hub.quiet();
  say('s2', { name: 'Tom Lenz', phone: '+12125550100' });
  await hub.quiet();
  const leads = hub.emulator('salesforce').records.all('Lead');
  expect(leads.map(({ Email, LastName, Phone }) => [Email, LastName, Phone]).sort()).toEqual([
    ['eve@acme.example', 'Frost', null],
    ['tom@acme.example', 'Lenz', '+12125550100'],
  ]);
  await hub.close();
});

it('makes a lead of the first of several addresses, and tells where an address cannot be read', async () => {
  const hub = await openTestHub({ systems: ['salesforce', 'chatbot'] });
  const { records } = hub.emulator('chatbot');
  const tell = (name: string, email: string) => {
    const id = { sessionId: `s-${name}`, visitorId: `v-${name}` };
    return records.create('event', { type: 'identified', ...id, email });
  };
  tell('two', 'One@acme.example; two@acme.example');
  const unread = tell('none', 'nora(at)acme.example');
  await hub.quiet();
  const leads = hub.emulator('salesforce').records.all('Lead');
  expect(leads.map(({ Email }) => Email)).toEqual(['one@acme.example']);
  const troubles = async () => (await hubStatus(hub.hub)).connections.chatbot?.troubles;
  expect(await troubles()).toEqual([
    {
      object: 'event',
      message: expect.stringMatching(new RegExp(`^The value of email in event ${unread} cannot be read`)),
    },
  ]);
  // Read again without a complaint, it is named no longer.
  const ref = { connection: 'chatbot', object: 'event', id: unread };
  await noteUnreadable(hub.hub.store, [{ ref, unreadable: [] }]);
  expect(await troubles()).toEqual([]);
  await hub.close();
});

it.each(strangeIds)('makes a lead of a chat whose event, session and visitor are called %j', async (id) => {
  const hub = await openTestHub({ systems: ['salesforce', 'chatbot'] });
  try {
    const { records } = hub.emulator('chatbot');
    const who = { id, sessionId: id, visitorId: `v${id}`, userId: `u${id}` };
    records.create('event', { type: 'identified', ...who, email: 'ada@acme.example' });
    await hub.quiet();
    const emails = hub
      .emulator('salesforce')
      .records.all('Lead')
      .map(({ Email }) => Email);
    expect(emails).toEqual(['ada@acme.example']);
    expect(await hub.hub.store.work.parked()).toEqual([]);
  } finally {
    await hub.close();
  }
});

it('parks a chat event that cannot be read, in words, and reads on', async () => {
  const hub = await openTestHub({ systems: ['salesforce', 'chatbot'] });
  try {
    const { records } = hub.emulator('chatbot');
    const who = { type: 'identified', sessionId: 's1', visitorId: 'v1' };
    records.create('event', { ...who, at: 'yesterday', email: 'ada@acme.example' });
    records.create('event', {
      ...who,
      id: null,
      sessionId: 's2',
      visitorId: 'v2',
      email: 'eve@acme.example',
    });
    await hub.quiet();
    const emails = hub
      .emulator('salesforce')
      .records.all('Lead')
      .map(({ Email }) => Email);
    expect(emails).toEqual(['eve@acme.example']);
    const [waiting, ...others] = await hub.hub.store.work.parked();
    expect(others).toEqual([]);
    expect(waiting).toMatchObject({
      stage: 'inbox',
      reason: { message: expect.stringContaining('events[0].at: expected an ISO 8601 time') },
    });
    const [kept] = await hub.hub.store.inbox.get([waiting?.key ?? '']);
    expect(Buffer.from(kept?.body ?? []).toString()).toContain('ada@acme.example');
    expect((await hubStatus(hub.hub)).parked).toBe(1);
    await pullSystem(hub.hub, hub.system('chatbot'), { full: true });
    await hub.settle();
    expect(await hub.hub.store.work.parked()).toHaveLength(1);
  } finally {
    await hub.close();
  }
});
