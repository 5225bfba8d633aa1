/** What stage 4 computes for a deal: its journey, every model's split of it, money to the cent, the chatbot's part. */

import { closeTime } from '../../canonical/close-time.ts';
import type { Contribution, Entity } from '../../canonical/model.ts';
import { contributionName } from '../../canonical/names.ts';
import { creditFacts } from '../../credit/facts.ts';
import { buildJourney, type JourneyFacts } from '../../journey/build.ts';
import { asksHistory, type Covariate, covariatesOf, parseCovariate } from '../../journey/covariates.ts';
import { isWithin, windowOf } from '../../journey/window.ts';
import { lastCurrency } from '../../settings/schema.ts';
import type { DealFacts } from '../../store/contract/entities.ts';
import type { Store } from '../../store/contract/store.ts';
import { eachInBreaths } from '../../support/breath.ts';
import type { Hub } from '../hub.ts';
import { limitsOf } from '../rules.ts';
import { type ClosedDeal, withTouchesAtClose } from './at-close.ts';
import { chatters } from './chatters.ts';
import { conversationsOf } from './conversations.ts';
import { creditOf, type DealCredit, noCredit } from './credit-of.ts';
import type { ModelSet } from './models.ts';
import { touchRules } from './touch-rules.ts';
import { nothingUsedUp, usedUpOf } from './used-up.ts';

export interface CreditedDeal extends DealCredit {
  /** Absent when the deal is gone. */
  readonly entity?: Entity;
}

export interface CreditOptions {
  /** The transaction to read in. */
  readonly store?: Store;
  /** "As of", ms: nothing later is looked at. */
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
  const present = await store.entities.dealFacts(ids);
  const people = await peopleOf(store, present);
  const kept = await withTouchesAtClose(store, limitsOf(hub), closedOnes(present, entities, now), people);
  const facts = new Map(present.map((deal) => [deal.dealId, kept.get(deal.dealId) ?? deal]));
  const { settings } = models.standing;
  const windows = new Map([...entities].map(([id, entity]) => [id, windowOf(entity, settings, now)]));
  const conversations = await conversationsOf(store, [...facts.values()], (id, { time }) => {
    const window = windows.get(id);
    return window !== undefined && isWithin(time, window);
  });
  const used = await usedUpOf(store, [...facts.values()], entities, settings, now);
  const histories = covariatesIn(hub).filter(asksHistory);
  const known = await knownOf(hub, store, people);
  const said = await saidOf(store, [...entities.values()]);
  return eachInBreaths(ids, (id) => {
    const entity = entities.get(id);
    const deal = facts.get(id);
    if (!entity || entity.withdrawn || !deal) return noCredit(id);
    const told = {
      ...deal,
      conversations,
      covariates: known(deal),
      histories,
      ...(used.get(id) ?? nothingUsedUp),
    };
    const records = entity.members.flatMap((name) => said.get(name) ?? []);
    return { ...creditDeal(hub, models, { entity, records }, told, people, now), entity };
  });
}

function closedOnes(
  deals: readonly DealFacts[],
  entities: ReadonlyMap<string, Entity>,
  now: number,
): ClosedDeal[] {
  return deals.flatMap((facts) => {
    const entity = entities.get(facts.dealId);
    const closedAt = entity && closeTime(entity);
    return typeof closedAt === 'number' && closedAt <= now ? [{ facts, closedAt }] : [];
  });
}

function creditDeal(
  hub: Hub,
  models: ModelSet,
  { entity, records }: { entity: Entity; records: readonly Contribution[] },
  told: JourneyFacts & Pick<DealFacts, 'people' | 'peopleFrom'>,
  people: ReadonlyMap<string, Entity>,
  now: number,
): DealCredit {
  const rules = touchRules(hub.settings);
  const journey = buildJourney(entity, told, people, { ...models.standing.settings, now, rules });
  const facts = creditFacts(entity, journey, {
    contributions: records,
    currency: lastCurrency(hub.settings),
    people: chatters(journey, told.people, people),
    peopleFrom: told.peopleFrom,
  });
  return creditOf(models, entity.id, facts, now, entity.fields);
}

/** What the records of deals with several of them say, by name; a single one says what the deal does. */
async function saidOf(store: Store, deals: readonly Entity[]): Promise<Map<string, Contribution>> {
  const names = deals.flatMap(({ members }) => (members.length > 1 ? members : []));
  const said = names.length === 0 ? [] : await store.facts.contributions(names);
  return new Map(said.map((contribution) => [contributionName(contribution), contribution]));
}

async function peopleOf(store: Store, facts: readonly DealFacts[]): Promise<Map<string, Entity>> {
  const ids = new Set(facts.flatMap((deal) => deal.people.map((person) => person.id)));
  return new Map((await store.entities.get([...ids])).map((person) => [person.id, person]));
}

type Known = Readonly<Record<string, number>>;

function covariatesIn({ settings }: Hub): Covariate[] {
  return settings.attribution.covariates.flatMap((name) => parseCovariate(name) ?? []);
}

/** What the covariates of fits say of a deal's people; the organizations are looked up only for those that ask. */
async function knownOf(
  hub: Hub,
  store: Store,
  people: ReadonlyMap<string, Entity>,
): Promise<(deal: DealFacts) => Known> {
  const covariates = covariatesIn(hub);
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
