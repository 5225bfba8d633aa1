/** One child record per chat touch of a deal and reported model: the evidence behind the number. */
import { allocate } from '../attribution/allocate.ts';
import type { CanonicalFields, Entity } from '../canonical/model.ts';
import { fingerprint } from '../support/fingerprint.ts';
import { type CreditContext, chatIndexes } from './chat.ts';
import { writtenSplit } from './written.ts';

/** ChatTouch entities; their id is made of deal, touch and model, so that writing again is an update. */
export function chatTouches(deal: Entity, context: CreditContext): Entity[] {
  const { journey, amount, baseline } = context;
  const split = writtenSplit(context.split, baseline);
  const minors = allocate(amount.minor, [...split.shares, split.baseline]);
  return chatIndexes(journey).map((index) =>
    touchEntity(deal, { ...context, split }, index, minors[index] ?? 0),
  );
}

function touchEntity(
  deal: Entity,
  { journey, split, model, amount }: CreditContext,
  index: number,
  minor: number,
): Entity {
  const touch = journey.journey.touches[index];
  const event = journey.events[index];
  const id = fingerprint(['ChatTouch', deal.id, touch?.eventId ?? '', model.id].join('|'));
  const fields: CanonicalFields = {
    externalId: id,
    deal: deal.id,
    person: touch?.person ?? null,
    at: touch?.time ?? null,
    model: model.title,
    share: split.shares[index] ?? 0,
    amount: { minor, currency: amount.currency },
    topic: journey.topics[index] ?? null,
    channel: textOf(event?.data.channel) ?? 'Chat',
    reason: split.reason(index),
  };
  return { id, kind: 'ChatTouch', fields, provenance: {}, members: [], withdrawn: false };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
