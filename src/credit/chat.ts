/** The chatbot's part of a deal, as fields of the Deal that are mapped and pushed like any other. */
import { allocate } from '../attribution/allocate.ts';
import type { Split } from '../attribution/model.ts';
import type { CanonicalFields } from '../canonical/model.ts';
import type { DealJourney } from '../journey/build.ts';
import { fingerprint } from '../support/fingerprint.ts';
import type { CreditContext } from './context.ts';
import { reasonOf } from './reason.ts';
import { writtenSplit } from './written.ts';

/** `sourced`: a chat began the journey. `influenced`: one lies before the deal was opened. `assisted`: only later ones. */
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
  const { journey, model, amount, lookbackDays, baseline, computedAt } = context;
  const chats = chatIndexes(journey);
  const times = chats.map((index) => journey.journey.touches[index]?.time ?? 0);
  if (chats.length === 0) return noChatCredit;
  const split = writtenSplit(context.split, baseline);
  const minors = allocate(amount.minor, [...split.shares, split.baseline]);
  const share = withoutNoise(chats.reduce((sum, index) => sum + (split.shares[index] ?? 0), 0));
  const of = baseline === 'with' ? 'everything' : 'touches';
  const interval = model.evidence?.interval(journey.journey, chats, of);
  return {
    'chatCredit.share': share,
    'chatCredit.amount': {
      minor: chats.reduce((sum, index) => sum + (minors[index] ?? 0), 0),
      currency: amount.currency,
    },
    'chatCredit.model': model.title,
    'chatCredit.window': lookbackDays,
    'chatCredit.touches': chats.length,
    'chatCredit.firstChatAt': Math.min(...times),
    'chatCredit.lastChatAt': Math.max(...times),
    'chatCredit.role': chatRole(journey, chats),
    'chatCredit.computedAt': computedAt,
    'chatCredit.run': computationId(context, split),
    'chatCredit.reason': reasonOf(context, { chats, share, interval }),
    'chatCredit.interval.low': interval ? withoutNoise(interval.low) : null,
    'chatCredit.interval.high': interval ? withoutNoise(interval.high) : null,
    'chatCredit.n': model.evidence?.conversions ?? null,
    'chatCredit.version': model.version,
  };
}

/** A sum of tenths is 0.5000000000000001 in floating point; nobody should see that on a deal. */
function withoutNoise(share: number): number {
  return Number(share.toFixed(12));
}

/** Names the computation by its inputs: the same touches, shares, amount and model version give the same id. */
function computationId({ journey, model, amount }: CreditContext, split: Split): string {
  const touches = journey.journey.touches.map(
    (touch, index) => `${touch.eventId}=${split.shares[index] ?? 0}`,
  );
  return fingerprint([model.id, model.version, amount.minor, amount.currency, ...touches].join('|'), 12);
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

function chatRole({ journey }: DealJourney, chats: readonly number[]): ChatRole {
  if (chats[0] === 0) return 'sourced';
  const opened = journey.milestones.dealCreated ?? Number.POSITIVE_INFINITY;
  const first = journey.touches[chats[0] ?? 0]?.time ?? Number.POSITIVE_INFINITY;
  return first <= opened ? 'influenced' : 'assisted';
}
