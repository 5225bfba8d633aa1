/** Stage 2: landed records through the mapping into contributions, links and events. Asks no vendor. */
import { keyText, recordKey, recordOf, refText } from '../../canonical/names.ts';
import type { CompiledObject, MappedRecord } from '../../mapping/language/compiled.ts';
import type { NormalizedRecord, PointedAt } from '../../store/contract/facts.ts';
import type { LandedRecord } from '../../store/contract/landing.ts';
import type { FieldMemory } from '../../store/contract/outbox.ts';
import type { Store } from '../../store/contract/store.ts';
import type { Claim } from '../../store/contract/work.ts';
import { fieldTimes } from '../../store/landing/versions.ts';
import { eachInBreaths } from '../../support/breath.ts';
import { eachForItself, park } from '../batch.ts';
import { echoes, type Recognition, recognise, successors } from '../echo.ts';
import { type Causes, claimWork } from '../editions.ts';
import { type Hub, leaseMs } from '../hub.ts';
import { mappingVersion } from '../own-editions.ts';
import { markDealsSince } from '../pass-on.ts';
import { ownCurrency } from '../pull/own-currency.ts';
import { markForSending } from '../sending.ts';
import { pushKeys } from '../targets.ts';
import { noteErasures, tellingFields } from './erasure.ts';
import { objectOf, type Prepared, prepareAll, preparedOf } from './expressions.ts';
import { noteUnreadable } from './unreadable.ts';

/** One batch of marked records. `causes`: of the news of these connections. Returns how many it worked on. */
export async function normalizeMarked(hub: Hub, limit = 1_000, causes?: Causes): Promise<number> {
  const claims = await claimWork(hub, 'normalize', limit, leaseMs, { causes });
  const refs = claims.map((claim) => claim.key);
  const prepared = await prepareAll(hub, refs, (record) => mappedRecord(record));
  await eachForItself(hub, claims, (store, part) => normalizeBatch(hub, store, part, prepared));
  return claims.length;
}

async function normalizeBatch(
  hub: Hub,
  store: Store,
  claims: readonly Claim[],
  prepared: ReadonlyMap<string, Prepared>,
): Promise<void> {
  const refs = claims.map((claim) => claim.key);
  const records = await store.landing.get(refs);
  const memories = Map.groupBy(await store.outbox.memories(refs), (memory) => memory.ref);
  const currencies = await currenciesOf(store, records);
  const read = await eachInBreaths(records, (record) =>
    readRecord(hub, record, preparedOf(prepared, record), {
      memories: memories.get(refText(record.ref)) ?? [],
      currency: currencies.get(record.ref.connection),
    }),
  );
  const good = read.filter((one): one is Read => 'normalized' in one);
  for (const { recognised } of good) await learn(store, recognised);
  const settled = await setAside(hub, store, claims, read);
  const landed = new Map(records.map((record) => [refText(record.ref), record]));
  await forgetErased(
    hub,
    store,
    good.flatMap(({ ref }) => landed.get(ref) ?? []),
  );
  await noteUnreadable(
    store,
    good.map(({ normalized, unreadable }) => ({ ref: normalized.ref, unreadable })),
  );
  const change = await store.facts.replace(good.map(({ normalized }) => normalized));
  await store.work.mark('resolve', change.resolve);
  await passOnPointed(hub, store, change.pointed);
  await markForSending(hub, store, change.events);
  const told = new Set([...change.resolve, ...change.pointed.map(({ name }) => name)].map(recordOf));
  const news = good.filter(({ ref, recognised }) => recognised.overtaken.length > 0 || told.has(ref));
  await markForReconciling(
    hub,
    store,
    news.map(({ normalized }) => normalized),
  );
  await store.work.done(settled);
}

/**
 * What happened to somebody changes nothing of who they are. Of a person of many statements, who are all there is at
 * their keys, only the deals are looked at again; others at a key are found by resolving.
 */
async function passOnPointed(hub: Hub, store: Store, pointed: readonly PointedAt[]): Promise<void> {
  const entities = await store.entities.growing(pointed.map(({ name }) => name));
  const isAlone = ({ name }: PointedAt) => entities.has(name) && name.startsWith('Person|');
  await store.work.mark(
    'resolve',
    pointed.filter((one) => !isAlone(one)).map(({ name }) => name),
  );
  await markDealsSince(
    hub,
    store,
    pointed.filter(isAlone).map(({ name, since }) => ({ id: entities.get(name) ?? '', since })),
  );
}

/** A record that went through its mapping. */
interface Read {
  readonly ref: string;
  readonly recognised: Recognition;
  readonly normalized: NormalizedRecord;
  /** Vendor fields whose value could not be read. */
  readonly unreadable: readonly string[];
}

/** One that did not: with an error, or without when its expressions were not evaluated in time. */
interface NotRead {
  readonly ref: string;
  readonly error?: unknown;
}

function readRecord(
  hub: Hub,
  record: LandedRecord,
  prepared: Prepared | undefined,
  { memories, currency }: { memories: readonly FieldMemory[]; currency: string | undefined },
): Read | NotRead {
  const ref = refText(record.ref);
  if (prepared && 'error' in prepared) return { ref, error: prepared.error };
  const mapping = objectOf(hub, record);
  if (mapping?.prepare && !prepared) return { ref };
  try {
    const recognised = recognise(record, memories);
    const mapped = { ...mappedRecord(record, currency), ...computedOf(prepared) };
    return { ref, recognised, ...normalizeRecord(hub, mapping, mapped, recognised) };
  } catch (error) {
    return { ref, error };
  }
}

/** Parks what cannot be read, and puts what was not reached behind what waits already. Returns the other claims. */
async function setAside(
  hub: Hub,
  store: Store,
  claims: readonly Claim[],
  read: readonly (Read | NotRead)[],
): Promise<Claim[]> {
  const byKey = new Map(claims.map((claim) => [claim.key, claim]));
  const later: Claim[] = [];
  for (const one of read) {
    const claim = 'normalized' in one ? undefined : byKey.get(one.ref);
    if (!claim || 'normalized' in one) continue;
    byKey.delete(one.ref);
    if (one.error === undefined) later.push(claim);
    else await park(hub, store, claim, one.error);
  }
  await store.work.retry(later, hub.clock.now());
  return [...byKey.values()];
}

/** An erased person is in no deal's past either: what is kept of it goes, while it is still known whose it is. */
async function forgetErased(hub: Hub, store: Store, records: readonly LandedRecord[]): Promise<void> {
  const erased = records.filter(({ tombstone }) => tombstone?.kind === 'erased');
  if (erased.length === 0) return;
  await noteErasures(store, erased);
  const deals = await store.credits.forget(erased.map(({ ref }) => refText(ref)));
  await store.outbox.redact(deals, tellingFields(hub));
  await store.work.mark('attribute', deals);
}

/**
 * A record that changed may hold something else than it should, even where that changes no entity: a field of
 * which another system is the owner, or one that only the hub writes.
 */
async function markForReconciling(
  hub: Hub,
  store: Store,
  records: readonly NormalizedRecord[],
): Promise<void> {
  for (const [connection, ofSystem] of Map.groupBy(records, ({ ref }) => ref.connection)) {
    const objects = hub.systems.get(connection)?.mapping.objects ?? {};
    for (const [kind, group] of Map.groupBy(ofSystem, ({ ref }) => objects[ref.object]?.entity)) {
      if (!kind) continue;
      const keys = group.map(({ ref }) => keyText(recordKey(ref)));
      const ids = Object.values(await store.entities.byKey(kind, keys));
      const marks = pushKeys(
        hub,
        ids.map((id) => ({ id, kind })),
      );
      await store.work.mark(
        'push',
        marks.filter((key) => key.startsWith(`${connection}|`)),
      );
    }
  }
}

async function learn(store: Store, { learned, overtaken }: Recognition): Promise<void> {
  if (learned.length + overtaken.length > 0) await store.outbox.remember([...learned, ...overtaken]);
}

function normalizeRecord(
  hub: Hub,
  mapping: CompiledObject | undefined,
  record: MappedRecord,
  { echoes: own, overtaken, past }: Recognition,
): Pick<Read, 'normalized' | 'unreadable'> {
  const version = mappingVersion(hub, record.ref.connection, record.ref.object);
  if (!mapping)
    return {
      normalized: { ref: record.ref, contributions: [], links: [], events: [], version },
      unreadable: [],
    };
  const { contributions, links, formerLinks = [], events, warnings } = mapping.normalize(record);
  for (const warning of warnings) {
    hub.log.warn({ record: refText(record.ref), field: warning.field }, warning.message);
  }
  const unreadable = warnings.flatMap(({ field, unreadable: isUnread }) => (isUnread ? [field] : []));
  const said = successors(echoes(contributions, own), [...overtaken, ...past]);
  const normalized = { ref: record.ref, contributions: said, links, formerLinks, events, version };
  return { normalized, unreadable: [...new Set(unreadable)] };
}

function computedOf(prepared: { readonly record: MappedRecord } | undefined): Pick<MappedRecord, 'computed'> {
  const computed = prepared?.record.computed;
  return computed ? { computed } : {};
}

/** By connection, in the transaction that reads the records: who changes it marks them all. */
async function currenciesOf(store: Store, records: readonly LandedRecord[]): Promise<Map<string, string>> {
  const currencies = new Map<string, string>();
  for (const connection of new Set(records.map(({ ref }) => ref.connection))) {
    const code = (await ownCurrency(store, connection))?.code;
    if (code) currencies.set(connection, code);
  }
  return currencies;
}

/**
 * The record as the mapping engine wants it, with what is known of each field's change time. `currency`: that of the
 * system.
 */
export function mappedRecord(record: LandedRecord, currency?: string): MappedRecord {
  return {
    ...(currency === undefined ? {} : { currency }),
    ref: record.ref,
    body: record.body,
    createdAt: record.createdAt,
    modifiedAt: record.modifiedAt,
    fieldTimes: fieldTimes(record),
    since: record.since,
    past: record.past,
    ...(record.tombstone ? { tombstone: record.tombstone } : {}),
    ...(record.endedAt === undefined ? {} : { endedAt: record.endedAt }),
  };
}
