/**
 * The touches that a closed deal had when it was closed. Evidence dated after the close takes nothing from it, so its
 * people are resolved once more from what had been said by then, and the conversations are given to whom they led to
 * by then: to its people, though they may be others' now, or to another record, though that may have let them go since.
 * Times are those of the evidence itself: the order in which it arrived means nothing.
 */

import type { CanonicalEvent } from '../../canonical/events.ts';
import type { Contribution, Entity } from '../../canonical/model.ts';
import { contributionName, keyText } from '../../canonical/names.ts';
import type { Limits } from '../../canonical/pairs.ts';
import { resolve } from '../../identity/resolve.ts';
import type { DealFacts, SessionTie } from '../../store/contract/entities.ts';
import type { Component } from '../../store/contract/identity.ts';
import type { Store } from '../../store/contract/store.ts';
import { hasChangedSince, pairingsAt, saidAt } from './said-at.ts';

/** More than this is not looked at in one piece; see `resolve.ts`. */
const componentLimit = 10_000;

export interface ClosedDeal {
  readonly facts: DealFacts;
  readonly closedAt: number;
}

/** The deals' facts with the touches that only later evidence would take. */
export async function withTouchesAtClose(
  store: Store,
  limits: Limits,
  deals: readonly ClosedDeal[],
  people: ReadonlyMap<string, Entity>,
): Promise<Map<string, DealFacts>> {
  return resolvedAtClose(store, limits, await thatMayLack(store, deals), people);
}

/** The whole computation, for any deal: what `withTouchesAtClose` spares where its outcome is known. */
export async function resolvedAtClose(
  store: Store,
  limits: Limits,
  deals: readonly ClosedDeal[],
  people: ReadonlyMap<string, Entity>,
): Promise<Map<string, DealFacts>> {
  const known = await Evidence.of(store, limits, deals, people);
  const found = new Map<string, DealFacts>();
  for (const { facts, closedAt } of deals) {
    const own = facts.people.flatMap(({ id }) => people.get(id) ?? []);
    if (!known.hasLater(own, closedAt)) continue;
    const touches: Touches[number][] = [];
    for (const [at, some] of Map.groupBy(own, (person) => known.seenFrom(person, closedAt)))
      touches.push(...(await touchesBy(store, known.until(some, at), { closedAt, at })));
    const byOwner = Map.groupBy(touches, ({ person }) => person === anotherRecord);
    const others = new Set(byOwner.get(true)?.map(({ event }) => event.id));
    found.set(facts.dealId, joined(facts, byOwner.get(false) ?? [], others));
  }
  return found;
}

/** Where a deal has every touch that can ever have been its people's, resolving them again would add none. */
async function thatMayLack(store: Store, deals: readonly ClosedDeal[]): Promise<ClosedDeal[]> {
  if (deals.length === 0) return [];
  const ids = new Set(deals.flatMap(({ facts }) => facts.people.map(({ id }) => id)));
  const until = Math.max(...deals.map(({ closedAt }) => closedAt));
  const apart = await store.entities.touchesOfThoseApart([...ids], until);
  const known = new Map(apart.map(({ personId, touches }) => [personId, touches]));
  return deals.filter(({ facts, closedAt }) => {
    const present = new Set(facts.events.map(({ event }) => event.id));
    const hasAll = ({ id }: { id: string }) =>
      known.get(id)?.every((touch) => touch.time > closedAt || present.has(touch.id)) ?? false;
    return !facts.people.every(hasAll);
  });
}

type Touches = DealFacts['events'];

/** `others`: ids of touches that were of another record then. */
function joined(facts: DealFacts, earlier: Touches, others: ReadonlySet<string>): DealFacts {
  const theirs = new Set(earlier.map(({ event }) => event.id));
  const kept = facts.events.filter(({ event }) => theirs.has(event.id) || !others.has(event.id));
  const present = new Set(kept.map(({ event }) => event.id));
  return { ...facts, events: [...kept, ...earlier.filter(({ event }) => !present.has(event.id))] };
}

/** What had been said of some people, and whose each key was. */
interface Then {
  readonly contributions: readonly Contribution[];
  /** Key → id of the present person whose it was, or that it was nobody's of the deal. */
  readonly owners: ReadonlyMap<string, string>;
}

/** What is known of the deals' people and of everybody who shares a key with them. */
class Evidence {
  readonly #limits: Limits;
  /** By name of contribution. */
  readonly #components = new Map<string, Component>();
  readonly #said = new Map<string, Contribution>();
  /** Statements by the keys that too many share now, and that fewer may have shared then. */
  readonly #crowded: readonly Contribution[];

  private constructor(components: readonly Component[], crowded: readonly Contribution[], limits: Limits) {
    this.#limits = limits;
    this.#crowded = crowded;
    for (const component of components)
      for (const said of component.contributions) {
        const name = contributionName(said);
        this.#components.set(name, component);
        this.#said.set(name, said);
      }
  }

  static async of(
    store: Store,
    limits: Limits,
    deals: readonly ClosedDeal[],
    people: ReadonlyMap<string, Entity>,
  ): Promise<Evidence> {
    const ids = new Set(deals.flatMap(({ facts }) => facts.people.map(({ id }) => id)));
    const names = [...ids].flatMap((id) => people.get(id)?.members ?? []);
    const found = names.length > 0 ? await store.facts.connected(names, componentLimit, limits) : [];
    const whole = found.filter(({ overLimit }) => !overLimit);
    const crowds = [...new Set(whole.flatMap((one) => one.crowds))];
    const holders = crowds.length > 0 ? await store.facts.holders('Person', crowds, componentLimit) : [];
    return new Evidence(whole, await store.facts.contributions(holders), limits);
  }

  #componentsOf(people: readonly Entity[]): Component[] {
    const names = people.flatMap(({ members }) => members);
    return [...new Set(names.flatMap((name) => this.#components.get(name) ?? []))];
  }

  hasLater(people: readonly Entity[], at: number): boolean {
    return this.#componentsOf(people).some(
      ({ contributions, crowds }) =>
        crowds.length > 0 || contributions.some((said) => hasChangedSince(said, at)),
    );
  }

  /** Somebody whose records were all made after the close is judged by what was known when the first of them was. */
  seenFrom({ members }: Entity, closedAt: number): number {
    const said = members.flatMap((name) => this.#said.get(name) ?? []);
    const records = said.filter(({ statement }) => !statement).map(({ createdAt }) => createdAt);
    return records.length === 0 ? closedAt : Math.max(closedAt, Math.min(...records));
  }

  until(people: readonly Entity[], at: number): Then {
    const components = this.#componentsOf(people);
    const crowds = new Set(components.flatMap((one) => one.crowds));
    const all = [
      ...components.flatMap((one) => one.contributions),
      ...this.#crowded.filter(({ keys }) => keys.some((key) => crowds.has(keyText(key)))),
    ];
    const byName = new Map(all.map((said) => [contributionName(said), said]));
    const known = [...byName.values()];
    const contributions = saidAt(known, at);
    const remembered = components.flatMap((one) => one.pairings);
    const memory = {
      pairings: pairingsAt(known, contributions, remembered, at),
      decisions: components.flatMap((one) => one.decisions),
      ...{ crowds: new Set<string>(), limits: this.#limits },
    };
    const personOf = new Map(people.flatMap(({ id, members }) => members.map((name) => [name, id] as const)));
    const owners = new Map<string, string>();
    for (const { contributions: own, keys } of resolve(contributions, memory).clusters) {
      const owner = ownerAmong(personOf, own);
      for (const key of keys) owners.set(key, owner);
    }
    return { contributions, owners };
  }
}

const nobodyOfTheDeal = '';
/** It had a record of its own that is none of the deal's people's, though what was said in chats may be theirs now. */
const anotherRecord = 'another';

/** Records say whose a cluster was; what was said in chats may have gone to somebody else since. */
function ownerAmong(personOf: ReadonlyMap<string, string>, cluster: readonly Contribution[]): string {
  const idsOf = (said: readonly Contribution[]) =>
    said.flatMap((one) => personOf.get(contributionName(one)) ?? []);
  const records = cluster.filter(({ statement }) => !statement);
  const [own] = records.length > 0 ? idsOf(records) : idsOf(cluster);
  return own ?? (idsOf(cluster).length > 0 ? anotherRecord : nobodyOfTheDeal);
}

/** `at`: by when the evidence had come; touches count up to the close in any case. */
interface Moment {
  readonly closedAt: number;
  readonly at: number;
}

async function touchesBy(store: Store, then: Then, { closedAt, at }: Moment): Promise<Touches> {
  const keys = [...then.owners].flatMap(([key, id]) => (id === nobodyOfTheDeal ? [] : key));
  const { events, ties } = await store.entities.touchesNear(keys);
  const early = ties.filter(({ firstAt }) => firstAt <= at);
  const owners = new Map([...(await strangers(store, then, early, at)), ...then.owners]);
  const bySession = Map.groupBy(early, ({ session }) => session);
  return events
    .filter(({ time }) => time <= closedAt)
    .flatMap((event) => {
      const person = ownerOf(event, bySession, owners);
      return person === undefined || person === nobodyOfTheDeal ? [] : [{ person, event }];
    });
}

function ownerOf(
  { subject }: CanonicalEvent,
  bySession: ReadonlyMap<string, readonly SessionTie[]>,
  owners: ReadonlyMap<string, string>,
): string | undefined {
  const direct = owners.get(subject);
  if (direct !== undefined) return direct;
  // The store gives the strongest tie first.
  return bySession.get(subject)?.flatMap(({ key }) => owners.get(key) ?? [])[0];
}

/** Keys of the same conversations that led to people with whom the deal's people share none. */
async function strangers(
  store: Store,
  { contributions }: Then,
  ties: readonly SessionTie[],
  at: number,
): Promise<Map<string, string>> {
  const own = new Set(contributions.flatMap(({ keys }) => keys.map(keyText)));
  const foreign = [...new Set(ties.map(({ key }) => key))].filter((key) => !own.has(key));
  if (foreign.length === 0) return new Map();
  const names = await store.facts.holders('Person', foreign, componentLimit);
  const found = new Map<string, string>();
  for (const { contributions: said } of await store.facts.connected(names, componentLimit)) {
    for (const { keys } of resolve(saidAt(said, at)).clusters)
      for (const key of keys) found.set(key, nobodyOfTheDeal);
  }
  return found;
}
