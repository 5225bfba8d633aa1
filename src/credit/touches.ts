/** One child record per chat touch of a deal and reported model: the evidence behind the number. */
import { allocate } from '../attribution/allocate.ts';
import type { CanonicalFields, Entity } from '../canonical/model.ts';
import { fingerprint } from '../support/fingerprint.ts';
import { chatIndexes } from './chat.ts';
import type { CreditContext } from './context.ts';
import { touchReasonOf } from './reason.ts';
import { writtenSplit } from './written.ts';

/** ChatTouch entities; their id is made of deal, touch and model, so that writing again is an update. */
export function chatTouches(dealId: string, context: CreditContext): Entity[] {
  const { journey, amount, baseline } = context;
  const split = writtenSplit(context.split, baseline);
  const minors = allocate(amount.minor, [...split.shares, split.baseline]);
  return chatIndexes(journey).map((index) =>
    touchEntity(dealId, { ...context, split }, index, minors[index] ?? 0),
  );
}

function touchEntity(dealId: string, context: CreditContext, index: number, minor: number): Entity {
  const { journey, split, model, amount } = context;
  const touch = journey.journey.touches[index];
  const id = fingerprint(['ChatTouch', dealId, touch?.eventId ?? '', model.id].join('|'));
  const fields: CanonicalFields = {
    externalId: id,
    deal: dealId,
    person: touch?.person ?? null,
    at: touch?.time ?? null,
    model: model.title,
    share: split.shares[index] ?? 0,
    amount: { minor, currency: amount.currency },
    topic: journey.topics[index] ?? null,
    channel: journey.via[index] ?? 'Chat',
    reason: touchReasonOf(context, index),
  };
  return { id, kind: 'ChatTouch', fields, provenance: {}, members: [], withdrawn: false };
}
