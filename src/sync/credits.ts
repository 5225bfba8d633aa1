/** What stage 4 computes for a deal: its journey, every model's split of it, money to the cent, the chatbot's part. */
import { allocate } from '../attribution/allocate.ts';
import type { Model, Split } from '../attribution/model.ts';
import type { Entity, Money } from '../canonical/model.ts';
import { chatCredit, keepComputedAt, noChatCredit } from '../credit/chat.ts';
import { chatTouches } from '../credit/touches.ts';
import { keyText } from '../identity/keys.ts';
import { buildJourney, type DealJourney, type JourneyFacts } from '../journey/build.ts';
import { covariatesOf, parseCovariate } from '../journey/covariates.ts';
import type { CreditLine, DealFacts, Store } from '../store/contract.ts';
import type { Hub } from './hub.ts';
import type { ModelSet } from './models.ts';

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

export interface CreditOptions {
  /** The transaction to read in. */
  readonly store?: Store;
  /** "As of", ms: where journeys of open deals end. */
  readonly now?: number;
}

/** Computes, stores nothing: also answers `deal <id>`. */
export async function creditDeals(
  hub: Hub,
  models: ModelSet,
  ids: readonly string[],
  { store = hub.store, now = hub.clock.now() }: CreditOptions = {},
): Promise<CreditedDeal[]> {
  const entities = new Map((await store.entities.get(ids)).map((entity) => [entity.id, entity]));
  const facts = new Map((await store.entities.dealFacts(ids)).map((deal) => [deal.dealId, deal]));
  const people = await peopleOf(store, [...facts.values()]);
  const topics = await topicsOf(store, [...facts.values()]);
  const known = await knownOf(hub, store, people);
  return ids.map((id) => {
    const entity = entities.get(id);
    const deal = facts.get(id);
    if (!entity || entity.withdrawn || !deal)
      return { id, splits: [], lines: [], fields: noChatCredit, touches: [] };
    return creditDeal(hub, models, entity, { ...deal, topics, covariates: known(deal) }, people, now);
  });
}

async function peopleOf(store: Store, facts: readonly DealFacts[]): Promise<Map<string, Entity>> {
  const ids = new Set(facts.flatMap((deal) => deal.people.map((person) => person.id)));
  return new Map((await store.entities.get([...ids])).map((person) => [person.id, person]));
}

/** Topics of the conversations among the touches, by session. */
async function topicsOf(store: Store, facts: readonly DealFacts[]): Promise<Map<string, string>> {
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

type Known = Readonly<Record<string, number>>;

/** What the covariates of fits say of a deal's people; the organizations are looked up only for those that ask. */
async function knownOf(
  hub: Hub,
  store: Store,
  people: ReadonlyMap<string, Entity>,
): Promise<(deal: DealFacts) => Known> {
  const covariates = hub.settings.attribution.covariates.flatMap((name) => parseCovariate(name) ?? []);
  if (covariates.length === 0) return () => ({});
  const asked = covariates.some(({ kind }) => kind === 'Organization');
  const organizations = asked ? await store.entities.organizationsOf([...people.keys()]) : {};
  const found = await store.entities.get([...new Set(Object.values(organizations).flat())]);
  const byId = new Map(found.map((one) => [one.id, one]));
  return (deal) => {
    const ids = deal.people.map(({ id }) => id);
    const firms = new Set(ids.flatMap((id) => organizations[id] ?? []));
    const own = ids.flatMap((id) => people.get(id) ?? []);
    return covariatesOf(covariates, [...own, ...[...firms].flatMap((id) => byId.get(id) ?? [])]);
  };
}

function creditDeal(
  hub: Hub,
  { models, credit, instead }: ModelSet,
  entity: Entity,
  facts: JourneyFacts,
  people: ReadonlyMap<string, Entity>,
  now: number,
): CreditedDeal {
  const { lookbackDays, baseline } = hub.settings.attribution;
  const journey = buildJourney(entity, facts, people, { lookbackDays, now });
  const amount = moneyOf(entity, hub.settings.defaultCurrency);
  const splits = models.map((model) => ({ model, split: model.split(journey.journey) }));
  const reported = splits.find(({ model }) => model === credit);
  const context = reported && {
    ...{ journey, amount, ...reported, lookbackDays, baseline, computedAt: now },
    ...(instead === undefined ? {} : { instead }),
  };
  return {
    id: entity.id,
    entity,
    journey,
    splits,
    lines: splits.flatMap(({ model, split }) => creditLines(entity.id, journey, model, split, amount)),
    fields: context ? keepComputedAt(entity.fields, chatCredit(context)) : noChatCredit,
    touches: context ? chatTouches(entity, context) : [],
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
