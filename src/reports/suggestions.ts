/**
 * What a person should look at, and the hub does not decide: likely pairs of deals and of people, duplicates inside a
 * CRM, ambiguous keys.
 */

import { displayName } from '../canonical/display-name.ts';
import type { Entity, EntityKind } from '../canonical/model.ts';
import { parseRef, recordOf, refText } from '../canonical/names.ts';
import { type DealSketch, dealParts, type LikelyPair, likelyPairs } from '../identity/suggest.ts';
import type { LandedRecord } from '../store/contract/landing.ts';
import type { Hub } from '../sync/hub.ts';
import { eldestFirst } from '../sync/push/plan/known.ts';
import { commandsFor, type Doubtful, type DoubtfulPair, doubtful } from './doubts.ts';
import { isRecord } from './is-record.ts';
import { People } from './people-pairs.ts';

export interface Suggestions {
  /** Deals in two CRMs that no cross-reference ties together. */
  readonly pairs: readonly LikelyDeals[];
  readonly duplicates: readonly Duplicates[];
  /** People in two CRMs whom no key ties together. */
  readonly people: readonly DoubtfulPair[];
  /** Keys that were ignored because the evidence contradicts a join. */
  readonly doubts: readonly Doubtful[];
}

export interface LikelyDeals extends LikelyPair {
  /** What to type. */
  readonly commands: DoubtfulPair['commands'];
}

/** Several live records of one entity in one CRM: all are read, the eldest is written, none are merged. */
export interface Duplicates {
  readonly kind: EntityKind;
  readonly entity: string;
  readonly name: string;
  readonly connection: string;
  readonly object: string;
  /** Record ids; the first is the one that the hub writes. */
  readonly records: readonly string[];
}

const pageSize = 1_000;

/** Looks at every entity; reads the store, asks no vendor. */
export async function suggestions(hub: Hub): Promise<Suggestions> {
  const duplicates: Duplicates[] = [];
  const people = new People(hub);
  for (const kind of ['Person', 'Organization', 'Campaign'] as const)
    for await (const page of pages(hub, kind)) {
      duplicates.push(...(await duplicatesAmong(hub, page)));
      if (kind === 'Person') await people.add(page);
    }
  const deals: ToldDeal[] = [];
  for await (const page of pages(hub, 'Deal')) {
    duplicates.push(...(await duplicatesAmong(hub, page)));
    deals.push(...(await sketches(hub, page)));
  }
  return {
    ...{ pairs: await undecidedPairs(hub, deals), duplicates },
    ...{ people: await people.pairs(), doubts: await doubtful(hub) },
  };
}

async function* pages(hub: Hub, kind: EntityKind): AsyncGenerator<Entity[]> {
  for (let after: string | null = null; ; ) {
    const page: Entity[] = await hub.store.entities.scan(kind, after, pageSize);
    const last = page.at(-1);
    if (!last) return;
    yield page.filter((entity) => !entity.withdrawn);
    after = last.id;
  }
}

// ------------------------------------------------------------------------------------------- duplicates

async function duplicatesAmong(hub: Hub, entities: readonly Entity[]): Promise<Duplicates[]> {
  const refsOf = ({ members }: Entity) =>
    [...new Set(members.map(recordOf))].filter((ref) => isRecord(hub, ref));
  const doubled = entities.filter((entity) => {
    const refs = refsOf(entity);
    return new Set(refs.map(objectOf)).size < refs.length;
  });
  const refs = doubled.flatMap(refsOf);
  const landed = new Map((await hub.store.landing.get(refs)).map((record) => [refText(record.ref), record]));
  return doubled.flatMap((entity) => {
    const live = refsOf(entity)
      .flatMap((ref) => landed.get(ref) ?? [])
      .filter((record) => !record.tombstone);
    const byObject = Map.groupBy(live, ({ ref }) => `${ref.connection}|${ref.object}`);
    return [...byObject.values()].filter(({ length }) => length > 1).map((some) => duplicates(entity, some));
  });
}

function duplicates({ kind, id, fields }: Entity, records: readonly LandedRecord[]): Duplicates {
  const eldest = [...records].sort(eldestFirst);
  const { connection = '', object = '' } = eldest[0]?.ref ?? {};
  const name = displayName(fields) ?? id;
  return { kind, entity: id, name, connection, object, records: eldest.map(({ ref }) => ref.id) };
}

function objectOf(ref: string): string {
  const { connection, object } = parseRef(ref);
  return `${connection}|${object}`;
}

// ------------------------------------------------------------------------------------------- pairs

interface ToldDeal extends DealSketch {
  /** Names of contributions. */
  readonly members: readonly string[];
}

async function sketches(hub: Hub, deals: readonly Entity[]): Promise<ToldDeal[]> {
  const parties = await hub.store.entities.partiesOf(deals.map(({ id }) => id));
  return deals.map(({ id, fields, members }) => ({
    id,
    ...dealParts(fields),
    connections: [...new Set(members.map((member) => parseRef(recordOf(member)).connection))],
    parties: parties.get(id) ?? [],
    members,
  }));
}

/** Without those whom an admin has told apart. */
async function undecidedPairs(hub: Hub, deals: readonly ToldDeal[]): Promise<LikelyDeals[]> {
  const decided = new Set((await hub.store.identity.decisions()).map(({ one, other }) => `${one}\n${other}`));
  const membersOf = new Map(deals.map(({ id, members }) => [id, members]));
  const sketched = deals.map(({ members: _, ...sketch }) => sketch);
  return likelyPairs(sketched).flatMap((pair): LikelyDeals[] => {
    const [some = [], others = []] = pair.deals.map(({ id }) => membersOf.get(id) ?? []);
    const told = some.some((a) => others.some((b) => decided.has([a, b].sort().join('\n'))));
    const [one, other] = [some, others].map((members) => parseRef(recordOf(members[0] ?? '')));
    return told || !one || !other ? [] : [{ ...pair, commands: commandsFor(one, other) }];
  });
}
