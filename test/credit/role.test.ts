/** What is said of a deal's chats is true, or is not said. */
import { expect, it } from 'vitest';
import { ruleModels } from '../../src/attribution/rules.ts';
import type { CanonicalEvent } from '../../src/canonical/events.ts';
import type { Entity } from '../../src/canonical/model.ts';
import { chatCredit } from '../../src/credit/chat.ts';
import { buildJourney } from '../../src/journey/build.ts';
import { SpentTime } from '../../src/journey/spent.ts';
import type { WindowSettings } from '../../src/journey/window.ts';
import { attributionSchema } from '../../src/settings/attribution.ts';
import { touchRules } from '../../src/sync/attribute/touch-rules.ts';

const day = 86_400_000;
const now = 300 * day;
const window: WindowSettings = { lookbackDays: 30, window: 'opened', touches: 'once' };
type Kind = 'chat' | 'page_view' | 'call' | 'email_sent';

function touch(kind: Kind, at: number, person: string): CanonicalEvent {
  const type = `touch.${kind}` as const;
  const source = { connection: 'web', object: 'visit', id: `${kind} ${at} ${person}` };
  const data = { channel: kind === 'call' ? 'Sales' : 'Email', session: source.id };
  return { id: source.id, type, time: at * day, source, subject: `email:${person}@x.example`, data };
}

function deal(id: string, opened: number | undefined, closed: number): Entity {
  const fields = { status: 'won', closedAt: closed * day };
  return {
    ...{ id, kind: 'Deal', provenance: {}, members: [`Deal|crm|deals|${id}`], withdrawn: false },
    fields: opened === undefined ? fields : { ...fields, createdAt: opened * day },
  };
}

type Told = readonly [Kind, at: number, person?: string];

/** Of a deal that was opened on day 100 and won on day 150. */
function roleOf(
  told: readonly Told[],
  { opened = 100, sales = 'count' }: { opened?: number | null; sales?: string } = {},
) {
  const attribution = attributionSchema.parse({
    salesTouches: sales,
    models: ['linear'],
    creditModel: 'linear',
  });
  const of = deal('a', opened ?? undefined, 150);
  const before = [deal('before', 40, 60)];
  const events = told.map(([kind, at, person = 'ann']) => ({ person, event: touch(kind, at, person) }));
  const facts = {
    ...{ people: [{ id: 'ann' }, { id: 'bob' }], events, topics: new Map<string, string>() },
    usedUp: new Map([['ann', new SpentTime(before, window, now).before(of)]]),
  };
  const rules = touchRules({ attribution });
  const journey = buildJourney(of, facts, new Map(), { ...window, now, rules });
  const model = ruleModels(attribution).find(({ id }) => id === 'linear');
  if (!model) throw new Error('there is no linear model');
  const fields = chatCredit({
    ...{ journey, model, split: model.split(journey.journey), amount: null, ownAmounts: [] },
    ...{ peopleFrom: 'roles', lookbackDays: 30, baseline: 'with', computedAt: now },
  });
  return fields['chatCredit.role'];
}

it.each<[string, unknown, readonly Told[], Parameters<typeof roleOf>[1]?]>([
  [
    'sourced: the first touch of all is a chat before the opening',
    'sourced',
    [
      ['chat', 80],
      ['page_view', 90],
    ],
  ],
  [
    'sourced: what follows the chat changes nothing',
    'sourced',
    [
      ['chat', 99],
      ['chat', 120],
      ['call', 130, 'bob'],
    ],
  ],
  [
    'a mailing that was sent is no touch before the chat',
    'sourced',
    [
      ['email_sent', 75],
      ['chat', 80],
    ],
  ],
  [
    'a touch before the chat, inside the window',
    'influenced',
    [
      ['page_view', 79],
      ['chat', 80],
    ],
  ],
  [
    'a touch of another person before the chat',
    'influenced',
    [
      ['page_view', 79, 'bob'],
      ['chat', 80],
    ],
  ],
  [
    'a touch before the chat, before the window',
    'influenced',
    [
      ['page_view', 5],
      ['chat', 80],
    ],
  ],
  [
    'a touch before the chat, used up by an earlier deal',
    'influenced',
    [
      ['page_view', 50],
      ['chat', 80],
    ],
  ],
  [
    'a chat before the chat, before the window',
    'influenced',
    [
      ['chat', 5],
      ['chat', 80],
    ],
  ],
  [
    'a call before the chat, without credit',
    'influenced',
    [
      ['call', 79],
      ['chat', 80],
    ],
    { sales: 'apart' },
  ],
  [
    'a call before the chat, left out',
    'influenced',
    [
      ['call', 79],
      ['chat', 80],
    ],
    { sales: 'leave out' },
  ],
  [
    'the first touch of all is a chat after the opening',
    'assisted',
    [
      ['chat', 101],
      ['page_view', 120],
    ],
  ],
  [
    'chats after the opening, other touches before',
    'assisted',
    [
      ['page_view', 90],
      ['chat', 101],
    ],
  ],
  [
    'a chat before the opening counts for nothing',
    'assisted',
    [
      ['chat', 5],
      ['chat', 101],
    ],
  ],
  ['nobody knows when the deal was opened', null, [['chat', 140]], { opened: null }],
  ['no chat', null, [['page_view', 80]]],
  [
    'no chat that counts',
    null,
    [
      ['chat', 5],
      ['page_view', 80],
    ],
  ],
])('%s', (_, role, told, more) => {
  expect(roleOf(told, more)).toBe(role);
});
