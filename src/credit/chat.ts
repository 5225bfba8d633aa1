/** The chatbot's part of a deal, as fields of the Deal that are mapped and pushed like any other. */
import { allocate } from '../attribution/allocate.ts';
import { likelyLevel } from '../attribution/evidence-words.ts';
import type { Split } from '../attribution/model.ts';
import type { CanonicalFields, Money } from '../canonical/model.ts';
import type { DealJourney } from '../journey/build.ts';
import { fingerprint } from '../support/fingerprint.ts';
import type { CreditContext } from './context.ts';
import { chatList, detailsText } from './details.ts';
import { type OwnAmount, ownField } from './own-amounts.ts';
import { noPeopleReason } from './people.ts';
import { type ChatPart, reasonOf } from './reason.ts';
import { tellingChat } from './story.ts';
import { writtenSplit } from './written.ts';

/**
 * What the chats that count were to the deal. `sourced`: one came before the deal was opened, and before every other
 * touch of its people, those that do not count included. `influenced`: one came before the opening. `assisted`: all
 * came after it. Nothing is said where nobody knows when the deal was opened.
 */
export type ChatRole = 'sourced' | 'influenced' | 'assisted';

const fieldNames = [
  'share',
  'amount',
  'model',
  'window',
  'touches',
  'firstChatAt',
  'lastChatAt',
  'role',
  'computedAt',
  'run',
  'reason',
  'link',
  'list',
  'details',
  'interval.low',
  'interval.high',
  'n',
  'version',
] as const;

/** A deal without any chat says so by blanks; a mapping with `blanks: clear` takes old credit away. */
export const noChatCredit: CanonicalFields = Object.fromEntries(
  fieldNames.map((name) => [`chatCredit.${name}`, null]),
);

export function chatCredit(context: CreditContext): CanonicalFields {
  const { journey, model, amount, ownAmounts: others, lookbackDays, baseline, computedAt } = context;
  const chats = chatIndexes(journey);
  const times = chats.map((index) => journey.journey.touches[index]?.time ?? 0);
  if (chats.length === 0) return withoutChats(context);
  const split = writtenSplit(context.split, baseline);
  const share = withoutNoise(chats.reduce((sum, index) => sum + (split.shares[index] ?? 0), 0));
  const of = baseline === 'with' ? 'everything' : 'touches';
  const interval = model.evidence?.interval(journey.journey, chats, of);
  const likely = model.evidence?.interval(journey.journey, chats, of, likelyLevel);
  const part = { chats, share, likely };
  const run = computationId(context, split);
  return {
    'chatCredit.share': share,
    'chatCredit.amount': partOf(amount, split, chats),
    'chatCredit.model': model.title,
    'chatCredit.window': lookbackDays,
    'chatCredit.touches': chats.length,
    'chatCredit.firstChatAt': Math.min(...times),
    'chatCredit.lastChatAt': Math.max(...times),
    'chatCredit.role': chatRole(journey, chats),
    'chatCredit.computedAt': computedAt,
    'chatCredit.run': run,
    'chatCredit.reason': reasonOf(context, part),
    'chatCredit.link': linkOf(context, chats),
    'chatCredit.list': chatList(context, split, chats),
    'chatCredit.details': detailsText(context, { share, interval, run }),
    'chatCredit.interval.low': interval ? withoutNoise(interval.low) : null,
    'chatCredit.interval.high': interval ? withoutNoise(interval.high) : null,
    'chatCredit.n': model.evidence?.conversions ?? null,
    'chatCredit.version': model.version,
    ...Object.assign({}, ...others.map((own) => toldOf(own, split, context, part))),
  };
}

function withoutChats({ peopleFrom }: CreditContext): CanonicalFields {
  const reason = noPeopleReason[peopleFrom];
  return reason === undefined ? noChatCredit : { ...noChatCredit, 'chatCredit.reason': reason };
}

/** What a record with another amount is told instead. */
function toldOf(own: OwnAmount, split: Split, context: CreditContext, part: ChatPart): CanonicalFields {
  const amount = { [ownField('chatCredit.amount', own.ref)]: partOf(own.amount, split, part.chats) };
  if ((own.amount === null) === (context.amount === null)) return amount;
  const reason = reasonOf({ ...context, amount: own.amount }, part);
  return { ...amount, [ownField('chatCredit.reason', own.ref)]: reason };
}

/** Of an amount that is not known no part is known, not even that it is nothing. */
function partOf(amount: Money | null, split: Split, chats: readonly number[]): Money | null {
  if (amount === null) return null;
  const minors = allocate(amount.minor, [...split.shares, split.baseline]);
  return { minor: chats.reduce((sum, index) => sum + (minors[index] ?? 0), 0), currency: amount.currency };
}

function linkOf({ journey, people = {} }: CreditContext, chats: readonly number[]): string | null {
  const told = journey.chats?.[tellingChat(journey, people, chats)]?.url ?? null;
  return told ?? chats.flatMap((index) => journey.chats?.[index]?.url ?? [])[0] ?? null;
}

/** A sum of tenths is 0.5000000000000001 in floating point; nobody should see that on a deal. */
function withoutNoise(share: number): number {
  return Number(share.toFixed(12));
}

/** Names the computation by its inputs: the same touches, shares, amount and model version give the same id. */
function computationId({ journey, model, amount, ownAmounts: others }: CreditContext, split: Split): string {
  const touches = journey.journey.touches.map(
    (touch, index) => `${touch.eventId}=${split.shares[index] ?? 0}`,
  );
  const amounts = [{ amount }, ...others].flatMap((one) => [
    one.amount?.minor ?? '',
    one.amount?.currency ?? '',
  ]);
  return fingerprint([model.id, model.version, ...amounts, ...touches].join('|'), 12);
}

/** Takes over the old time of computation where nothing else has changed: recomputing is not news. */
export function keepComputedAt(before: CanonicalFields, after: CanonicalFields): CanonicalFields {
  const at = before['chatCredit.computedAt'];
  return at !== undefined && before['chatCredit.run'] === after['chatCredit.run']
    ? { ...after, 'chatCredit.computedAt': at }
    : after;
}

/** Positions of the chat touches in the journey. */
export function chatIndexes({ journey }: DealJourney): number[] {
  return journey.touches.flatMap((touch, index) => (touch.channel === 'Chat' ? [index] : []));
}

function chatRole({ journey, earlier }: DealJourney, chats: readonly number[]): ChatRole | null {
  const opened = journey.milestones.dealCreated;
  const first = journey.touches[chats[0] ?? 0]?.time;
  if (opened === undefined || first === undefined) return null;
  if (first > opened) return 'assisted';
  return chats[0] === 0 && earlier === 0 ? 'sourced' : 'influenced';
}
