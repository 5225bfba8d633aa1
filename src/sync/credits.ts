/** What stage 4 computes for a deal: its journey, every model's split of it, money to the cent, the chatbot's part. */
import type { Entity, Money } from '../canonical/model.ts';
import { creditFacts } from '../credit/facts.ts';
import { keyText } from '../identity/keys.ts';
import { buildJourney, type JourneyFacts } from '../journey/build.ts';
import { covariatesOf, parseCovariate } from '../journey/covariates.ts';
import type { DealFacts, Store } from '../store/contract.ts';
import { creditOf, type DealCredit, noCredit } from './credit-of.ts';
import type { Hub } from './hub.ts';
import type { ModelSet } from './models.ts';

export interface CreditedDeal extends DealCredit {
  /** Absent when the deal is gone. */
  readonly entity?: Entity;
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
    if (!entity || entity.withdrawn || !deal) return noCredit(id);
    const told = { ...deal, topics, covariates: known(deal) };
    return { ...creditDeal(hub, models, entity, told, people, now), entity };
  });
}

function creditDeal(
  hub: Hub,
  models: ModelSet,
  entity: Entity,
  told: JourneyFacts,
  people: ReadonlyMap<string, Entity>,
  now: number,
): DealCredit {
  const { lookbackDays } = models.standing.settings;
  const journey = buildJourney(entity, told, people, { lookbackDays, now });
  const facts = creditFacts(entity, journey, moneyOf(entity, hub.settings.defaultCurrency));
  return creditOf(models, entity.id, facts, now, entity.fields);
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

function moneyOf(deal: Entity, currency: string): Money {
  const amount = deal.fields.amount;
  return typeof amount === 'object' && amount !== null && 'minor' in amount ? amount : { minor: 0, currency };
}
