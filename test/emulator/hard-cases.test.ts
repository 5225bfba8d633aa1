import { expect, test } from 'vitest';
import {
  buildWorld,
  type HardCaseFacts,
  type HardCaseName,
  hardCaseNames,
  hardCases,
} from '../../emulators/world/build.ts';
import type { WorldConversation, WorldDeal, WorldPerson } from '../../emulators/world/world.ts';

const world = buildWorld();
const cases = hardCases(world);
const day = 86_400_000;

/** Each case by the property that makes it hard, so that a name without its substance fails. */
const proofs: Readonly<Record<HardCaseName, (facts: HardCaseFacts) => void>> = {
  'conflict, Salesforce later': ({ people }) => expect(laterPhone(people[0])).toBe('salesforce'),
  'conflict, HubSpot later': ({ people }) => expect(laterPhone(people[0])).toBe('hubspot'),
  'blank in one system': ({ people: [one, other] }) => {
    expect([one?.title, one?.told?.salesforce?.title]).toEqual(['Plant Manager', null]);
    expect([other?.title, other?.told?.hubspot?.title]).toEqual(['Werksleiter', null]);
    expect(one?.told?.salesforce?.at).toBeGreaterThan(one?.modifiedAt ?? Infinity);
  },
  'merged in Salesforce': (facts) => expectMerge(facts, 'salesforce'),
  'merged in HubSpot': (facts) => expectMerge(facts, 'hubspot'),
  'deleted in Salesforce': ({ people: [gone] }) => {
    expect(gone?.deleted?.salesforce).toBeGreaterThan(gone?.createdAt ?? Infinity);
    expect(gone?.hubspot).toBeUndefined();
  },
  'deleted in HubSpot': ({ people: [gone] }) => {
    expect(gone?.deleted).toEqual({ hubspot: expect.any(Number) });
    expect(gone?.salesforce).toBeDefined();
  },
  'equal timestamps': ({ people }) => {
    const inBoth = people.filter((person) => person.salesforce && person.hubspot);
    expect(inBoth.length).toBeGreaterThanOrEqual(30);
    expect(new Set(inBoth.map((person) => person.modifiedAt)).size).toBe(1);
  },
  'duplicates in Salesforce': ({ people }) => {
    expect(new Set(people.map((person) => person.email)).size).toBe(1);
    expect(people.map((person) => person.salesforce?.as)).toEqual(['contact', 'contact', 'lead']);
  },
  'mixed-case e-mail': ({ people: [mixed], conversations: [chat] }) => {
    const spellings = [mixed?.email, mixed?.told?.salesforce?.email, chat?.identifiedAs?.email];
    expect(new Set(spellings).size).toBe(3);
    expect(new Set(spellings.map((email) => email?.toLowerCase())).size).toBe(1);
  },
  namesakes: ({ people: [one, other] }) => {
    expect([one?.firstName, one?.lastName, one?.companyKey]).toEqual([
      other?.firstName,
      other?.lastName,
      other?.companyKey,
    ]);
    expect(one?.email).not.toBe(other?.email);
  },
  'without e-mail': ({ people: [person] }) => {
    expect(person?.email).toBeNull();
    expect(person?.phone).not.toBeNull();
  },
  'names in other scripts': ({ people, conversations }) => {
    const names = people.map((person) => `${person.firstName} ${person.lastName}`).join(' ');
    for (const script of [/\p{Script=Han}/u, /\p{Script=Cyrillic}/u, /\p{Script=Arabic}/u, /é/, /'/])
      expect(names).toMatch(script);
    const said = conversations.flatMap((chat) => chat.messages.map((message) => message.text)).join(' ');
    expect(said).toMatch(/\p{Extended_Pictographic}/u);
  },
  'anonymous, then identified': ({ conversations, people: [person] }) => {
    expect(conversations.map((chat) => chat.identifiedAs !== null)).toEqual([false, false, false, true]);
    expect(new Set(conversations.map((chat) => chat.visitorId)).size).toBe(1);
    expect(conversations.at(-1)?.identifiedAs?.email).toBe(person?.email);
    expect(starts(conversations)).toEqual(starts(conversations).sort());
  },
  'shared device': ({ conversations }) => {
    expect(new Set(conversations.map((chat) => chat.visitorId)).size).toBe(1);
    expect(new Set(conversations.flatMap((chat) => chat.identifiedAs?.email ?? [])).size).toBe(2);
  },
  'lead converted after a chat': ({ people: [lead], conversations: [first] }) => {
    expect(lead?.salesforce?.as).toBe('convertedLead');
    expect(first?.startedAt).toBeLessThan(lead?.salesforce?.convertedAt ?? 0);
  },
  'known from chat alone': ({ people, conversations }) => {
    expect(people.flatMap((person) => [person.salesforce, person.hubspot])).toEqual(
      people.flatMap(() => [undefined, undefined]),
    );
    expect(conversations.every((chat) => chat.identifiedAs)).toBe(true);
    expect(conversations.map((chat) => chat.goal?.name)).toContain('lead_captured');
  },
  'several contacts': ({ deals: [deal], conversations }) => {
    expect(deal?.people).toHaveLength(4);
    expect(new Set(conversations.map((chat) => chat.personKey)).size).toBe(2);
  },
  'zero-decimal currency': ({ deals, conversations }) => {
    expect(deals.map((deal) => deal.currency)).toEqual(['JPY', 'JPY', 'JPY']);
    expect(conversations.length).toBeGreaterThan(0);
  },
  'without any chat': ({ deals: [deal] }) => expect(chatsOf(deal)).toEqual([]),
  'chat after it closed': ({ deals: [deal] }) => {
    expect(deal?.stages.at(-1)?.stage).toBe('won');
    expect(chatsOf(deal)).toHaveLength(1);
    expect(chatsOf(deal)[0]?.startedAt).toBeGreaterThan(deal?.stages.at(-1)?.at ?? Infinity);
  },
  'chat before the lookback window': ({ deals: [deal] }) => {
    expect(chatsOf(deal)).toHaveLength(1);
    expect(chatsOf(deal)[0]?.endedAt).toBeLessThan((deal?.createdAt ?? 0) - 180 * day);
  },
  'amount zero': ({ deals: [deal] }) => {
    expect(deal?.amountMinor).toBe(0);
    expect(chatsOf(deal)).toHaveLength(1);
  },
  'likely the same deal': ({ deals: [deal] }) => {
    expect(deal?.in).toEqual(['salesforce', 'hubspot']);
    expect(deal?.crossReferenced).toBeUndefined();
  },
  'deleted deals': ({ deals }) => {
    expect(deals.map((deal) => Object.keys(deal.deleted ?? {}))).toEqual([['salesforce'], ['hubspot']]);
    expect(chatsOf(deals[0])).toHaveLength(1);
  },
  reopened: ({ deals: [deal] }) => {
    expect(deal?.stages.map((step) => step.stage)).toEqual(['prospecting', 'lost', 'negotiation', 'won']);
  },
};

test.each(hardCaseNames)('%s', (name) => {
  proofs[name](cases[name]);
});

test.each(hardCaseNames)('%s is found in any seed', (name) => {
  const other = hardCases(buildWorld({ seed: 7 }))[name];
  expect(keys(other)).toEqual(keys(cases[name]));
});

function keys({ people, deals, conversations }: HardCaseFacts): string[] {
  return [...people, ...deals, ...conversations].map((fact) => fact.key);
}

function starts(conversations: readonly WorldConversation[]): number[] {
  return conversations.map((chat) => chat.startedAt);
}

function laterPhone(person: WorldPerson | undefined): string | undefined {
  const { salesforce, hubspot } = person?.told ?? {};
  expect(salesforce?.phone).not.toBe(hubspot?.phone);
  return (salesforce?.at ?? 0) > (hubspot?.at ?? 0) ? 'salesforce' : 'hubspot';
}

function expectMerge(
  { people: [winner, loser], deals: [deal], conversations }: HardCaseFacts,
  system: string,
): void {
  expect(loser?.mergedInto).toMatchObject({ system, personKey: winner?.key });
  expect(loser?.email).not.toBe(winner?.email);
  expect(deal?.people[0]?.personKey).toBe(winner?.key);
  expect(conversations.map((chat) => chat.personKey)).toContain(loser?.key);
}

/** All chats of a deal's people anywhere in the world, not only those that the case tells. */
function chatsOf(deal: WorldDeal | undefined): WorldConversation[] {
  const buyers = new Set(deal?.people.map((each) => each.personKey));
  return world.conversations.filter((chat) => chat.personKey !== null && buyers.has(chat.personKey));
}
