/** One child record per chat touch of a deal and reported model: the evidence behind the number. */
import { allocate } from '../attribution/allocate.ts';
import type { Split } from '../attribution/model.ts';
import type { CanonicalFields, Entity, Money } from '../canonical/model.ts';
import { fingerprint } from '../support/fingerprint.ts';
import { chatIndexes } from './chat.ts';
import type { CreditContext } from './context.ts';
import { ownField } from './own-amounts.ts';
import { touchReasonOf } from './reason.ts';
import { dayOf, outcomeOf, titleOf } from './story.ts';
import { rowsOf } from './touch-rows.ts';
import { writtenSplit } from './written.ts';

/** ChatTouch entities; their id is made of deal, touch and model, so that writing again is an update. */
export function chatTouches(dealId: string, given: CreditContext): Entity[] {
  const { amount, ownAmounts: others, baseline } = given;
  const split = writtenSplit(given.split, baseline);
  const context = { ...given, split };
  const parts = [
    { name: 'amount', of: splitUp(amount, split) },
    ...others.map((own) => ({ name: ownField('amount', own.ref), of: splitUp(own.amount, split) })),
  ];
  const amountsOf = (indexes: readonly number[]) =>
    Object.fromEntries(parts.map(({ name, of }) => [name, of(indexes)]));
  const { together, alone } = rowsOf(chatIndexes(given.journey));
  return [
    ...(together.length === 0 ? [] : [earlierEntity(dealId, context, together, amountsOf(together))]),
    ...alone.map((index) => touchEntity(dealId, context, index, amountsOf([index]))),
  ];
}

/** The part of the touches at some positions; null where the amount is not known. */
function splitUp(amount: Money | null, split: Split): (indexes: readonly number[]) => Money | null {
  if (amount === null) return () => null;
  const minors = allocate(amount.minor, [...split.shares, split.baseline]);
  return (indexes) => ({
    minor: indexes.reduce((sum, index) => sum + (minors[index] ?? 0), 0),
    currency: amount.currency,
  });
}

function touchEntity(
  dealId: string,
  context: CreditContext,
  index: number,
  amounts: CanonicalFields,
): Entity {
  const { journey, split, model, people = {} } = context;
  const touch = journey.journey.touches[index];
  return rowOf(dealId, context, touch?.eventId ?? '', {
    person: touch?.person ?? null,
    name: titleOf(journey, people, index),
    personName: people[touch?.person ?? '']?.name ?? null,
    outcome: outcomeOf(journey, index),
    link: journey.chats?.[index]?.url ?? null,
    at: touch?.time ?? null,
    model: model.title,
    share: split.shares[index] ?? 0,
    ...amounts,
    topic: journey.topics[index] ?? null,
    channel: journey.via[index] ?? 'Chat',
    reason: touchReasonOf(context, index),
  });
}

/** Chats that have no rows of their own. Its time is that of the last of them. */
function earlierEntity(
  dealId: string,
  context: CreditContext,
  indexes: readonly number[],
  amounts: CanonicalFields,
): Entity {
  const { journey, split, model } = context;
  const [first = 0, last = 0] = [indexes[0], indexes.at(-1)];
  const share = indexes.reduce((sum, index) => sum + (split.shares[index] ?? 0), 0);
  return rowOf(dealId, context, 'earlier', {
    name: `${indexes.length} earlier chats`,
    ...{ person: null, personName: null, outcome: null, link: null, topic: null, channel: 'Chat' },
    at: journey.journey.touches[last]?.time ?? null,
    model: model.title,
    share: Number(share.toFixed(12)),
    ...amounts,
    reason: `${indexes.length} chats from ${dayOf(journey, first)} to ${dayOf(journey, last)}, together.`,
  });
}

/** @param of what the row tells of: the id of an event, or a word for several */
function rowOf(dealId: string, { model }: CreditContext, of: string, told: CanonicalFields): Entity {
  const id = fingerprint(['ChatTouch', dealId, of, model.id].join('|'));
  // In this order: what is written is known again by its text.
  const fields: CanonicalFields = { externalId: id, deal: dealId, ...told };
  return { id, kind: 'ChatTouch', fields, provenance: {}, members: [], withdrawn: false };
}
