/** Stage 2: landed records through the mapping into contributions, links and events. Asks no vendor. */
import { refText } from '../canonical/model.ts';
import { keyText, recordKey } from '../identity/keys.ts';
import { recordOf } from '../identity/resolve.ts';
import type { CompiledObject, MappedRecord } from '../mapping/compiled.ts';
import type { FieldMemory, LandedRecord, NormalizedRecord, Store } from '../store/contract.ts';
import { fieldTimes } from '../store/versions.ts';
import { echoes, type Recognition, recognise } from './echo.ts';
import { noteErasures } from './erasure.ts';
import { type Hub, leaseMs } from './hub.ts';
import { pushKeys } from './push.ts';

/** One batch of marked records. Returns how many it worked on. */
export async function normalizeMarked(hub: Hub, limit = 1_000): Promise<number> {
  const claims = await hub.store.work.claim('normalize', limit, leaseMs);
  if (claims.length === 0) return 0;
  await hub.store.transaction(async (store) => {
    const refs = claims.map((claim) => claim.key);
    const records = await store.landing.get(refs);
    const memories = Map.groupBy(await store.outbox.memories(refs), (memory) => memory.ref);
    const normalized: NormalizedRecord[] = [];
    const departed = new Set<string>();
    for (const record of records) {
      const recognised = recognise(record, memories.get(refText(record.ref)) ?? []);
      await learn(store, recognised);
      if (recognised.overtaken.length > 0) departed.add(refText(record.ref));
      normalized.push(await normalizeRecord(hub, record, recognised.echoes));
    }
    await forgetErased(store, records);
    const change = await store.facts.replace(normalized);
    await store.work.mark('resolve', change.resolve);
    const told = new Set(change.resolve.map(recordOf));
    const news = normalized.filter(({ ref }) => departed.has(refText(ref)) || told.has(refText(ref)));
    await markForReconciling(hub, store, news);
    await store.work.done(claims);
  });
  return claims.length;
}

/** An erased person is in no deal's past either: what is kept of it goes, while it is still known whose it is. */
async function forgetErased(store: Store, records: readonly LandedRecord[]): Promise<void> {
  const erased = records.filter(({ tombstone }) => tombstone?.kind === 'erased');
  if (erased.length === 0) return;
  await noteErasures(store, erased);
  const deals = await store.credits.forget(erased.map(({ ref }) => refText(ref)));
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

async function normalizeRecord(
  hub: Hub,
  record: LandedRecord,
  own: readonly FieldMemory[],
): Promise<NormalizedRecord> {
  const mapping = hub.systems.get(record.ref.connection)?.mapping.objects[record.ref.object];
  if (!mapping) return { ref: record.ref, contributions: [], links: [], events: [] };
  const { contributions, links, events, warnings } = mapping.normalize(await prepared(mapping, record));
  for (const warning of warnings) {
    hub.log.warn({ record: refText(record.ref), field: warning.field }, warning.message);
  }
  return { ref: record.ref, contributions: echoes(contributions, own), links, events };
}

/** Only a mapping with JSONata has anything to prepare; all others stay on the synchronous fast path. */
function prepared(mapping: CompiledObject, record: LandedRecord): MappedRecord | Promise<MappedRecord> {
  const mapped = mappedRecord(record);
  return mapping.prepare ? mapping.prepare(mapped) : mapped;
}

/** The record as the mapping engine wants it, with what is known of each field's change time. */
export function mappedRecord(record: LandedRecord): MappedRecord {
  return {
    ref: record.ref,
    body: record.body,
    createdAt: record.createdAt,
    modifiedAt: record.modifiedAt,
    fieldTimes: fieldTimes(record),
    ...(record.tombstone ? { tombstone: record.tombstone } : {}),
  };
}

/** Marks every landed record of a connection (or one object of it) after its mapping changed. Returns how many. */
export async function markForNormalize(hub: Hub, connection: string, object?: string): Promise<number> {
  let after: string | null = null;
  let count = 0;
  for (;;) {
    const refs: string[] = await hub.store.landing.scan(
      { connection, ...(object ? { object } : {}) },
      after,
      5_000,
    );
    const last = refs.at(-1);
    if (last === undefined) return count;
    await hub.store.work.mark('normalize', refs);
    count += refs.length;
    after = last;
  }
}
