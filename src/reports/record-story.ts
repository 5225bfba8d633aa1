/**
 * The whole story of one record: what it was found as, which records it was paired with and by which keys, why there
 * is or is not a record of the same thing elsewhere, and every write with before, after, reason and run.
 */

import { displayName } from '../canonical/display-name.ts';
import type { Entity, RecordRef } from '../canonical/model.ts';
import { parseRef, recordOf } from '../canonical/names.ts';
import type { LandedRecord } from '../store/contract/landing.ts';
import type { WriteRecord } from '../store/contract/outbox.ts';
import type { ParkedWork } from '../store/contract/work.ts';
import { iso } from '../support/clock.ts';
import { type AddressOf, addresses } from '../sync/addresses.ts';
import type { Hub } from '../sync/hub.ts';
import { writeReasonText } from '../sync/push/plan/reason.ts';
import { elsewhere, type Place } from './elsewhere.ts';
import { type Paired, pairedWith } from './paired.ts';

export interface RecordStory {
  readonly record: StoryRecord;
  /** Null: the mapping makes nothing of the record that could be joined or written. */
  readonly entity: { readonly kind: string; readonly id: string; readonly name: string | null } | null;
  readonly paired: readonly Paired[];
  /** For each object that could hold the same thing: whether it does, and why not. */
  readonly places: readonly Place[];
  /** Newest first. */
  readonly writes: readonly StoryWrite[];
  readonly parked: readonly ParkedWork[];
}

export interface StoryRecord extends RecordRef {
  readonly address: string | null;
  readonly createdAt: string;
  readonly modifiedAt: string;
  /** `deleted`, `merged into …`, `erased`; null: it is there. */
  readonly gone: string | null;
}

export interface StoryWrite {
  readonly at: string;
  readonly run: string;
  readonly connection: string;
  readonly object: string;
  readonly record: string | null;
  readonly op: WriteRecord['op'];
  readonly status: WriteRecord['status'];
  readonly fault: string | null;
  /** Of a record that was taken out; of other writes each field has its own. */
  readonly reason: string | null;
  readonly fields: readonly StoryField[];
}

export interface StoryField {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Null: of a hub that did not keep it. */
  readonly reason: string | null;
}

const most = 1_000;

/** `ref`: of a landed record. Null when nothing of that name has come in. */
export async function recordStory(hub: Hub, ref: string): Promise<RecordStory | null> {
  const [landed] = await hub.store.landing.get([ref]);
  if (!landed) return null;
  const address = await addresses(hub);
  const record = storyRecord(landed, address);
  const entity = await entityOf(hub, ref);
  if (!entity) return { record, entity: null, paired: [], places: [], writes: [], parked: [] };
  const ids = [entity.id, ...(await earlierIds(hub, entity.id))];
  return {
    record,
    entity: { kind: entity.kind, id: entity.id, name: displayName(entity.fields) ?? null },
    paired: await pairedWith(hub, entity, ref, address),
    places: await elsewhere(hub, entity),
    writes: await writesOf(hub, ids),
    parked: await parkedOf(hub, ref, ids),
  };
}

function storyRecord(
  { ref, createdAt, modifiedAt, tombstone }: LandedRecord,
  address: AddressOf,
): StoryRecord {
  const gone = tombstone?.kind === 'merged' ? `merged into ${tombstone.into}` : tombstone?.kind;
  return {
    ...ref,
    address: address(ref),
    createdAt: iso(createdAt),
    modifiedAt: iso(modifiedAt),
    gone: gone ?? null,
  };
}

/** A record may say something of several entities: the one of its own object is meant, else the first. */
async function entityOf({ systems, store }: Hub, ref: string): Promise<Entity | undefined> {
  const { connection, object } = parseRef(ref);
  const kind = systems.get(connection)?.mapping.objects[object]?.entity;
  if (!kind) return undefined;
  const { id } = parseRef(ref);
  const key = `id:${connection}:${object}:${id}`;
  const found = (await store.entities.byKey(kind, [key]))[key];
  return found === undefined ? undefined : (await store.entities.get([found]))[0];
}

/** Entities that were joined into this one: what was written for them was written for it. */
async function earlierIds({ store }: Hub, id: string): Promise<string[]> {
  const lines = (await store.entities.merges([id])).get(id) ?? [];
  return [...new Set(lines.flatMap(({ what, from }) => (what === 'joined' ? from : [])))].filter(
    (one) => one !== id,
  );
}

async function writesOf({ store }: Hub, entityIds: readonly string[]): Promise<StoryWrite[]> {
  const found = await Promise.all(entityIds.map((entityId) => store.outbox.writes({ entityId }, most)));
  return found
    .flat()
    .sort((a, b) => b.at - a.at)
    .map(storyWrite);
}

function storyWrite(write: WriteRecord): StoryWrite {
  const { at, run, connection, object, recordId, op, status, fields, replaced, reasons, fault } = write;
  return {
    ...{ run, connection, object, op, status },
    at: iso(at),
    record: recordId,
    fault: fault ?? null,
    reason: reasonIn(reasons, '*'),
    fields: Object.entries(fields).map(([field, after]) => ({
      field,
      before: replaced[field] ?? null,
      after,
      reason: reasonIn(reasons, field),
    })),
  };
}

function reasonIn(reasons: WriteRecord['reasons'], field: string): string | null {
  const reason = reasons?.[field];
  return reason ? writeReasonText(reason) : null;
}

async function parkedOf({ store }: Hub, ref: string, entityIds: readonly string[]): Promise<ParkedWork[]> {
  const parked = await store.work.parked();
  return parked.filter(
    ({ key }) => recordOf(key) === ref || key === ref || entityIds.some((id) => key.endsWith(`|${id}`)),
  );
}
