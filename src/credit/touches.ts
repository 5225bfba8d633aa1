/** One child record per chat touch of a deal and reported model: the evidence behind the number. */
import { allocate } from '../attribution/allocate.ts';
import type { Split } from '../attribution/model.ts';
import type { CanonicalFields, Entity, Money } from '../canonical/model.ts';
import { fingerprint } from '../support/fingerprint.ts';
import { chatIndexes } from './chat.ts';
import type { CreditContext } from './context.ts';
import { ownField } from './own-amounts.ts';
import { touchReasonOf } from './reason.ts';
import { outcomeOf, titleOf } from './story.ts';
import { writtenSplit } from './written.ts';

/** ChatTouch entities; their id is made of deal, touch and model, so that writing again is an update. */
export function chatTouches(dealId: string, context: CreditContext): Entity[] {
  const { journey, amount, ownAmounts: others, baseline } = context;
  const split = writtenSplit(context.split, baseline);
  const parts = [
    { name: 'amount', of: splitUp(amount, split) },
    ...others.map((own) => ({ name: ownField('amount', own.ref), of: splitUp(own.amount, split) })),
  ];
  return chatIndexes(journey).map((index) => {
    const amounts = Object.fromEntries(parts.map(({ name, of }) => [name, of(index)]));
    return touchEntity(dealId, { ...context, split }, index, amounts);
  });
}

/** The part of the touch at a position; null where the amount is not known. */
function splitUp(amount: Money | null, split: Split): (index: number) => Money | null {
  if (amount === null) return () => null;
  const minors = allocate(amount.minor, [...split.shares, split.baseline]);
  return (index) => ({ minor: minors[index] ?? 0, currency: amount.currency });
}

function touchEntity(
  dealId: string,
  context: CreditContext,
  index: number,
  amounts: CanonicalFields,
): Entity {
  const { journey, split, model, people = {} } = context;
  const touch = journey.journey.touches[index];
  const id = fingerprint(['ChatTouch', dealId, touch?.eventId ?? '', model.id].join('|'));
  const fields: CanonicalFields = {
    externalId: id,
    deal: dealId,
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
  };
  return { id, kind: 'ChatTouch', fields, provenance: {}, members: [], withdrawn: false };
}
