/** What a person should look at, and the hub does not decide: likely pairs of deals, duplicates inside a CRM. */
import { type Entity, type EntityKind, type Money, parseRef, refText } from '../canonical/model.ts';
import { recordOf } from '../identity/resolve.ts';
import { type DealSketch, type LikelyPair, likelyPairs } from '../identity/suggest.ts';
import type { LandedRecord } from '../store/contract.ts';
import type { Hub } from './hub.ts';
import { eldestFirst } from './reconcile.ts';

export interface Suggestions {
  /** Deals in two CRMs that no cross-reference ties together. */
  readonly pairs: readonly LikelyPair[];
  readonly duplicates: readonly Duplicates[];
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
  for (const kind of ['Person', 'Organization', 'Campaign'] as const)
    for await (const page of pages(hub, kind)) duplicates.push(...(await duplicatesAmong(hub, page)));
  const deals: DealSketch[] = [];
  for await (const page of pages(hub, 'Deal')) {
    duplicates.push(...(await duplicatesAmong(hub, page)));
    deals.push(...(await sketches(hub, page)));
  }
  return { pairs: likelyPairs(deals), duplicates };
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
  const name = nameOf(fields) ?? id;
  return { kind, entity: id, name, connection, object, records: eldest.map(({ ref }) => ref.id) };
}

/** What can only be read (chat events) tells of a person; it is not a record of that person. */
function isRecord({ systems }: Hub, ref: string): boolean {
  const { connection, object } = parseRef(ref);
  return systems.get(connection)?.connector.sink?.(object) !== undefined;
}

function objectOf(ref: string): string {
  const { connection, object } = parseRef(ref);
  return `${connection}|${object}`;
}

function nameOf({ name, email, firstName, lastName }: Entity['fields']): string | undefined {
  const person = [firstName, lastName].filter((part) => typeof part === 'string').join(' ');
  return [name, person, email].find((one) => typeof one === 'string' && one !== '')?.toString();
}

// ------------------------------------------------------------------------------------------- pairs

async function sketches(hub: Hub, deals: readonly Entity[]): Promise<DealSketch[]> {
  const parties = await hub.store.entities.partiesOf(deals.map(({ id }) => id));
  return deals.map(({ id, fields, members }) => ({
    id,
    name: typeof fields.name === 'string' ? fields.name : '',
    amount: moneyOf(fields.amount),
    closeDate: typeof fields.closeDate === 'string' ? fields.closeDate : null,
    connections: [...new Set(members.map((member) => parseRef(recordOf(member)).connection))],
    parties: parties.get(id) ?? [],
  }));
}

function moneyOf(value: Entity['fields'][string] | undefined): Money | null {
  return typeof value === 'object' && value !== null && 'minor' in value ? value : null;
}
