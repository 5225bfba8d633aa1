/** A key that too many customers share joins nobody, and is told with all who share it, whoever was resolved last. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { defaultLimits } from '../../src/canonical/pairs.ts';
import { hubStatus } from '../../src/reports/status.ts';
import { suggestions } from '../../src/reports/suggestions.ts';
import { settingsSchema } from '../../src/settings/schema.ts';
import { decide } from '../../src/sync/resolve/decide.ts';
import { resolveMarked } from '../../src/sync/resolve/resolve.ts';
import { walk } from '../../src/sync/road.ts';
import { dataDirectory, openTestHub, type TestHub, type TestHubOptions } from './hub.ts';

const day = 86_400_000;
const start = Date.parse('2026-01-05T09:00:00Z');
const chatsOnly: TestHubOptions = { systems: ['salesforce', 'chatbot'] };

async function withHub(work: (hub: TestHub) => Promise<void>, options: TestHubOptions = {}): Promise<void> {
  const hub = await openTestHub({ ...chatsOnly, ...options });
  try {
    await work(hub);
  } finally {
    await hub.close();
  }
}

const email = (n: number) => `person${n}@x.example`;
const contact = (hub: TestHub, n: number, more: object = {}) =>
  hub.emulator('salesforce').records.create(
    'Contact',
    { FirstName: 'Given', LastName: `Name${n}`, Email: email(n), ...more },
    {
      at: start + n,
    },
  );
const chat = (hub: TestHub, n: number, shared: object) =>
  hub.emulator('chatbot').records.create(
    'event',
    {
      ...{ id: `e${n}`, type: 'identified', sessionId: `s${n}`, visitorId: `v${n}`, email: email(n) },
      ...shared,
    },
    { at: start + day + n },
  );

const portal = { userId: 'portal-1' };

/** `n` customers whom Salesforce keeps apart, and a chat of each of them. */
function customers(hub: TestHub, n: number, shared: object = portal): string[] {
  return Array.from({ length: n }, (_, index) => {
    const id = contact(hub, index);
    chat(hub, index, shared);
    return id;
  });
}

const told = async ({ hub }: TestHub) => (await suggestions(hub)).doubts;
const people = async ({ hub }: TestHub) =>
  (await hub.store.entities.scan('Person', null, 100)).filter(({ withdrawn }) => !withdrawn).length;

describe('an id that customers share whom the CRM keeps apart', () => {
  it.each([2, 3, 4, 5, 12])('joins none of %i, and is told with their records', (n) =>
    withHub(async (hub) => {
      const contacts = customers(hub, n);
      await hub.quiet();
      expect(await people(hub)).toBe(n);
      const [doubt, ...others] = await told(hub);
      expect(others).toEqual([]);
      expect(doubt).toMatchObject({ kind: 'Person', key: 'chatUser:chatbot:portal-1', entities: n });
      expect(doubt?.parties).toHaveLength(Math.min(n, 5));
      expect(contacts).toEqual(expect.arrayContaining((doubt?.parties ?? []).map(({ id }) => id)));
      const { doubts, ambiguousKeys } = await hubStatus(hub.hub);
      expect(Object.values(doubts)).toEqual([1]);
      expect(ambiguousKeys).toEqual([expect.objectContaining({ key: doubt?.key, parties: doubt?.parties })]);
    }));

  it('shows those with records first where others are known from chats alone', () =>
    withHub(
      async (hub) => {
        for (let n = 0; n < 30; n += 1) chat(hub, n, portal);
        const id = contact(hub, 29);
        await hub.quiet();
        const [doubt] = await told(hub);
        expect(doubt).toMatchObject({ entities: 30, holders: 30 });
        expect(doubt?.parties[0]).toMatchObject({ object: 'Contact', id });
      },
      { connection: { salesforce: { writes: 'off' } } },
    ));

  it('is told alike whoever is resolved last, and however they came', () =>
    withHub(async (hub) => {
      customers(hub, 6);
      await hub.quiet();
      const first = await told(hub);
      const names = await hub.hub.store.facts.names(null, 100);
      for (const order of [names, names.toReversed(), [...names.slice(3), ...names.slice(0, 3)]])
        for (const name of order) {
          await hub.hub.store.work.mark('resolve', [name]);
          await resolveMarked(hub.hub, 1);
          expect(await told(hub)).toEqual(first);
        }
      await withHub(async (other) => {
        for (let n = 0; n < 6; n += 1) {
          contact(other, n);
          chat(other, n, portal);
          await other.quiet(8);
        }
        const plain = (doubts: typeof first) =>
          doubts.map(({ parties, entities, holders }) => [
            parties.map(({ entity, id }) => `${entity} ${id}`),
            entities,
            holders,
          ]);
        expect(plain(await told(other))).toEqual(plain(first));
      });
    }));
});

it('an address of more names than may have one is told with the records, and so is a reference of many', () =>
  withHub(
    async (hub) => {
      for (let n = 0; n < 23; n += 1) contact(hub, n, { Email: 'office@x.example', FirstName: `Given${n}` });
      const opportunity = hub
        .emulator('salesforce')
        .records.create('Opportunity', { Name: 'D', StageName: 'Prospecting', CloseDate: '2099-12-31' });
      const clone = {
        dealname: 'D',
        dealstage: 'appointmentscheduled',
        salesforce_opportunity_id: opportunity,
      };
      for (let n = 0; n < 25; n += 1) hub.emulator('hubspot').records.create('deals', { ...clone });
      await hub.sync();
      const found = await told(hub);
      expect(found.map(({ kind, key, entities, parties }) => [kind, key, entities, parties.length])).toEqual([
        ['Deal', `id:salesforce:Opportunity:${opportunity}`, 25, 5],
        ['Person', 'email:office@x.example', 23, 5],
      ]);
      expect(found[1]?.parties.map(({ object }) => object)).toEqual(Array(5).fill('Contact'));
      expect(await people(hub)).toBe(23);
    },
    {
      systems: ['salesforce', 'hubspot'],
      connection: { salesforce: { writes: 'off' }, hubspot: { writes: 'off' } },
    },
  ));

describe('a key that too many share', () => {
  it('is in doubt no more when few enough are left to tell whose it is', () =>
    withHub(async (hub) => {
      customers(hub, 3);
      await hub.quiet();
      expect((await hubStatus(hub.hub)).doubts).toEqual({ 'other names': 1 });
      contact(hub, 3);
      chat(hub, 3, portal);
      await hub.quiet();
      expect((await hubStatus(hub.hub)).doubts).toEqual({ 'too many': 1 });
      const erase = async (n: number) => {
        chat(hub, 100 + n, { type: 'erased', event: `e${n}` });
        await hub.quiet();
      };
      await erase(3);
      expect((await hubStatus(hub.hub)).doubts).toEqual({ 'other names': 1 });
      expect((await told(hub))[0]).toMatchObject({ entities: 3 });
      await erase(2);
      expect((await told(hub))[0]).toMatchObject({ entities: 2 });
      await erase(1);
      expect(await told(hub)).toEqual([]);
      expect((await hubStatus(hub.hub)).ambiguousKeys).toEqual([]);
    }));

  it('is settled when an admin has told each from each other, and told again when the word is taken back', () =>
    withHub(async (hub) => {
      const refs = customers(hub, 4).map((id) => `salesforce|Contact|${id}`);
      await hub.quiet();
      const pairs = refs.flatMap((one, index) => refs.slice(index + 1).map((other) => [one, other] as const));
      expect((await told(hub))[0]?.pairs).toHaveLength(pairs.length);
      for (const [index, [one, other]] of pairs.entries()) {
        expect((await told(hub))[0]?.pairs).toHaveLength(pairs.length - index);
        await decide(hub.hub, 'different', one, other);
        await hub.settle();
      }
      expect(await told(hub)).toEqual([]);
      expect((await hubStatus(hub.hub)).doubts).toEqual({});
      await decide(hub.hub, 'undecided', refs[0] ?? '', refs[3] ?? '');
      await hub.settle();
      expect((await told(hub))[0]?.pairs).toHaveLength(1);
    }));

  it('is settled when an admin has said that all are one', () =>
    withHub(async (hub) => {
      const refs = customers(hub, 4).map((id) => `salesforce|Contact|${id}`);
      await hub.quiet();
      for (const other of refs.slice(1)) await decide(hub.hub, 'same', refs[0] ?? '', other);
      await hub.settle();
      expect(await people(hub)).toBe(1);
      expect(await told(hub)).toEqual([]);
    }));

  it('says what to put into hub.yaml, and is settled by that', async () => {
    const data = dataDirectory();
    try {
      let attach = {};
      await withHub(async (hub) => {
        attach = Object.fromEntries([...hub.emulators].map(([name, { config }]) => [name, config]));
        customers(hub, 4);
        await hub.quiet();
        expect((await told(hub))[0]?.remedy).toMatch(
          /list "portal-1" under identity\.placeholders.*identity\.limits\.chatUser there \(now 3\)/,
        );
        const again = async (identity: object) => {
          const other = await openTestHub({ ...chatsOnly, attach, settings: { identity }, data: data.path });
          await other.quiet();
          const found = await told(other);
          await other.close();
          return found;
        };
        expect(await again({})).toMatchObject([{ entities: 4 }]);
        expect(await again({ limits: { chatUser: 4 } })).toMatchObject([
          { why: expect.stringContaining('names'), remedy: null, entities: 4 },
        ]);
        expect(await again({ placeholders: ['portal-1'] })).toEqual([]);
      });
    } finally {
      data.remove();
    }
  });

  it.each([
    '0012345',
    '12345678901234567890',
    '1e5',
    '0x10',
    'team: sales',
    '#shared',
    'yes',
    '- x',
    '*a',
    '%27',
    'a"b',
  ])('says it so that hub.yaml takes it as it stands: %s', async (userId) => {
    await withHub(async (hub) => {
      customers(hub, 4, { userId });
      await hub.sync();
      const [typed = ''] = /(?<=list ).*(?= under identity)/.exec((await told(hub))[0]?.remedy ?? '') ?? [];
      const file = `connections: {}\nidentity:\n  placeholders:\n    - ${typed}\n`;
      expect(settingsSchema.parse(parse(file)).identity.placeholders).toEqual([userId]);
    });
  });
});

describe('how many may share a key', () => {
  it('is what the example of a configuration says', () => {
    const example = readFileSync(resolve(import.meta.dirname, '../../config/hub.example.yaml'), 'utf8');
    const [, limits = ''] = /# +limits: (\{.*?\})/.exec(example) ?? [];
    expect(parse(limits)).toEqual(defaultLimits);
    expect(
      settingsSchema.parse({ connections: {}, identity: { limits: defaultLimits } }).identity.limits,
    ).toEqual(defaultLimits);
  });

  it.each([
    ['chatUser', portal, 4],
    ['visitor', { visitorId: 'kiosk' }, 11],
    ['session', { sessionId: 'shared' }, 4],
  ])('of kind %s is as documented, and as hub.yaml says', async (kind, shared, tooMany) => {
    const doubtsAt = async (n: number, limits: Record<string, number>) => {
      let found: string[] = [];
      await withHub(
        async (hub) => {
          customers(hub, n, shared);
          await hub.sync();
          await walk(hub.hub);
          found = Object.keys((await hubStatus(hub.hub)).doubts);
        },
        { settings: { identity: { limits } } },
      );
      return found;
    };
    expect(await doubtsAt(tooMany - 1, {})).not.toContain('too many');
    expect(await doubtsAt(tooMany, {})).toEqual(['too many']);
    expect(await doubtsAt(tooMany, { [kind]: tooMany })).not.toContain('too many');
    expect(await doubtsAt(3, { [kind]: 2 })).toEqual(['too many']);
  });
});
