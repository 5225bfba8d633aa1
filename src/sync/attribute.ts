/** Stage 4: a deal's journey, every model's split of it, money to the cent, the chatbot's part as fields of the deal. */
import { allocate } from '../attribution/allocate.ts';
import type { Model, Split } from '../attribution/model.ts';
import type { Entity, Money } from '../canonical/model.ts';
import { chatCredit, keepComputedAt, noChatCredit } from '../credit/chat.ts';
import { chatTouches } from '../credit/touches.ts';
import { keyText } from '../identity/keys.ts';
import { buildJourney, type DealJourney, type JourneyFacts } from '../journey/build.ts';
import type { CreditLine, DealFacts } from '../store/contract.ts';
import { type Hub, leaseMs } from './hub.ts';
import { pushKeys } from './push.ts';

/** One batch of marked deals. Returns how many it worked on. */
export async function attributeMarked(hub: Hub, limit = 500): Promise<number> {
  const claims = await hub.store.work.claim('attribute', limit, leaseMs);
  if (claims.length === 0) return 0;
  const ids = claims.map((claim) => claim.key);
  await hub.store.transaction(async (store) => {
    const credited = await creditDeals(hub, ids, store);
    await store.credits.replace(
      ids,
      credited.flatMap((deal) => deal.lines),
    );
    const changed = new Set(
      await store.entities.setDerived(credited.map(({ id, fields }) => ({ id, fields }))),
    );
    const moved = credited.flatMap((deal) => (deal.entity && changed.has(deal.id) ? [deal.entity] : []));
    await store.work.mark('push', pushKeys(hub, moved));
    for (const { id, touches } of credited) {
      const ended = await store.entities.replaceChildren('ChatTouch', id, touches);
      // All of them, not only the changed ones: a touch may have waited for this deal's record.
      const marked = new Set([...ended, ...touches.map((touch) => touch.id)]);
      await store.work.mark(
        'push',
        pushKeys(
          hub,
          [...marked].map((touch) => ({ id: touch, kind: 'ChatTouch' as const })),
        ),
      );
    }
    await store.work.done(claims);
  });
  return claims.length;
}

export interface CreditedDeal {
  readonly id: string;
  /** Absent when the deal is gone (merged away): everything credited to it goes too. */
  readonly entity?: Entity;
  readonly journey?: DealJourney;
  readonly splits: readonly { readonly model: Model; readonly split: Split }[];
  readonly lines: readonly CreditLine[];
  readonly fields: Entity['fields'];
  readonly touches: readonly Entity[];
}

/** Computes, stores nothing: also answers `deal <id>`. */
export async function creditDeals(
  hub: Hub,
  ids: readonly string[],
  store = hub.store,
): Promise<CreditedDeal[]> {
  const entities = new Map((await store.entities.get(ids)).map((entity) => [entity.id, entity]));
  const facts = new Map((await store.entities.dealFacts(ids)).map((deal) => [deal.dealId, deal]));
  const people = await peopleOf(store, [...facts.values()]);
  const topics = await topicsOf(store, [...facts.values()]);
  return ids.map((id) => {
    const entity = entities.get(id);
    const known = facts.get(id);
    if (!entity || entity.withdrawn || !known)
      return { id, splits: [], lines: [], fields: noChatCredit, touches: [] };
    return creditDeal(hub, entity, { ...known, topics }, people);
  });
}

async function peopleOf(store: Hub['store'], facts: readonly DealFacts[]): Promise<Map<string, Entity>> {
  const ids = new Set(facts.flatMap((deal) => deal.people.map((person) => person.id)));
  return new Map((await store.entities.get([...ids])).map((person) => [person.id, person]));
}

/** Topics of the conversations among the touches, by session. */
async function topicsOf(store: Hub['store'], facts: readonly DealFacts[]): Promise<Map<string, string>> {
  const events = facts.flatMap((deal) => deal.events.map(({ event }) => event));
  const sessions = new Set(events.map(({ data }) => data.session).filter((one) => typeof one === 'string'));
  const keys = [...sessions].map((session) => keyText({ kind: 'external', value: session }));
  const ids = await store.entities.byKey('Conversation', keys);
  const conversations = new Map((await store.entities.get(Object.values(ids))).map((one) => [one.id, one]));
  return new Map(
    [...sessions].flatMap((session) => {
      const id = ids[keyText({ kind: 'external', value: session })];
      const topic = id === undefined ? undefined : conversations.get(id)?.fields.topic;
      return typeof topic === 'string' ? [[session, topic] as const] : [];
    }),
  );
}

function creditDeal(
  hub: Hub,
  entity: Entity,
  facts: JourneyFacts,
  people: ReadonlyMap<string, Entity>,
): CreditedDeal {
  const { lookbackDays } = hub.settings.attribution;
  const journey = buildJourney(entity, facts, people, { lookbackDays, now: hub.clock.now() });
  const amount = moneyOf(entity, hub.settings.defaultCurrency);
  const splits = hub.models.map((model) => ({ model, split: model.split(journey.journey) }));
  const reported = splits.find(({ model }) => model.id === hub.creditModel.id);
  const context = { journey, amount, model: hub.creditModel, lookbackDays, computedAt: hub.clock.now() };
  return {
    id: entity.id,
    entity,
    journey,
    splits,
    lines: splits.flatMap(({ model, split }) => creditLines(entity.id, journey, model, split, amount)),
    fields: reported
      ? keepComputedAt(entity.fields, chatCredit({ ...context, split: reported.split }))
      : noChatCredit,
    touches: reported ? chatTouches(entity, { ...context, split: reported.split }) : [],
  };
}

function creditLines(
  dealId: string,
  { journey }: DealJourney,
  model: Model,
  split: Split,
  amount: Money,
): CreditLine[] {
  const minors = allocate(amount.minor, [...split.shares, split.baseline]);
  const common = { dealId, model: model.id, version: model.version, currency: amount.currency };
  const lines = journey.touches.map((touch, index) => ({
    ...common,
    touch: touch.eventId,
    channel: touch.channel,
    time: touch.time,
    share: split.shares[index] ?? 0,
    amountMinor: minors[index] ?? 0,
    reason: split.reason(index),
  }));
  if (split.baseline === 0) return lines;
  const anyway = { ...common, touch: 'baseline', channel: 'baseline', time: journey.conversionTime };
  const reason = 'Would have happened without any touch.';
  return [...lines, { ...anyway, share: split.baseline, amountMinor: minors.at(-1) ?? 0, reason }];
}

function moneyOf(deal: Entity, currency: string): Money {
  const amount = deal.fields.amount;
  return typeof amount === 'object' && amount !== null && 'minor' in amount ? amount : { minor: 0, currency };
}
