/** What is to be written so that records stand as they did before a run, and what is left as it is. */

import type { Entity, EntityKind } from '../../canonical/model.ts';
import { keyText, parseRef, recordKey, refText } from '../../canonical/names.ts';
import type { CompiledField, CompiledObject } from '../../mapping/language/compiled.ts';
import type { LandedRecord } from '../../store/contract/landing.ts';
import type { FieldMemory } from '../../store/contract/outbox.ts';
import { fingerprint } from '../../support/fingerprint.ts';
import { isJsonObject, type Json, type JsonObject } from '../../support/json.ts';
import { Problem } from '../../support/problem.ts';
import { sameValue, valueAt } from '../echo.ts';
import type { Hub, System } from '../hub.ts';
import { mappedRecord } from '../normalize/normalize.ts';
import { fetchRecords } from '../pull/named.ts';
import { hubIdField } from '../push/plan/hub-id.ts';
import { externalRef } from '../push/plan/known.ts';
import type { PlannedField, PlannedWrite } from '../push/plan/plan.ts';
import { isOurs as isOfHubAlone } from '../targets.ts';
import { type TakenBack, takeBackOurs } from './ours.ts';
import { alone, type LeftAlone, type WrittenField, type WrittenRecord } from './writes.ts';

/** Of one object. Reads the records again, in as few calls as there are batches. */
export async function takeBack(
  hub: Hub,
  system: System,
  group: readonly WrittenRecord[],
  deleteMade: boolean,
): Promise<TakenBack> {
  const name = group[0]?.object ?? '';
  const object = system.mapping.objects[name];
  if (!object)
    return { planned: [], left: group.map((one) => alone(one, 'the mapping does not name it any more')) };
  if (isOfHubAlone(object)) return takeBackOurs(hub, system, object, group);
  const isRead = ({ op, recordId }: WrittenRecord) =>
    recordId !== null && (op === 'update' || (op === 'upsert' && deleteMade));
  const updated = group.filter(isRead);
  await fetchRecords(
    hub,
    system,
    name,
    updated.flatMap(({ recordId }) => recordId ?? []),
  );
  const refs = updated.map((one) => refOf(system, one));
  const landed = new Map((await hub.store.landing.get(refs)).map((record) => [refText(record.ref), record]));
  const made = group.map(({ entityId }) => externalRef(system, object, entityId));
  const memories = Map.groupBy(await hub.store.outbox.memories([...refs, ...made]), ({ ref }) => ref);
  const keyOf = (ref: string) => keyText(recordKey(parseRef(ref)));
  const pointing = deleteMade ? await hub.store.facts.pointing(refs.map(keyOf)) : new Map<string, string[]>();
  const [planned, left]: [PlannedWrite[], LeftAlone[]] = [[], []];
  for (const written of group) {
    const ref = refOf(system, written);
    const taken = await takeUnlessUnfit({
      system,
      object,
      written,
      record: landed.get(ref),
      memories: [ref, externalRef(system, object, written.entityId)].flatMap(
        (one) => memories.get(one) ?? [],
      ),
      deleteMade,
      pointing: (pointing.get(keyOf(ref)) ?? []).filter((one) => one !== ref),
    });
    planned.push(...taken.planned);
    left.push(...taken.left);
  }
  return { planned, left };
}

interface Situation {
  readonly system: System;
  readonly object: CompiledObject;
  readonly written: WrittenRecord;
  readonly record: LandedRecord | undefined;
  readonly memories: readonly FieldMemory[];
  /** Records that the run made go, too. */
  readonly deleteMade: boolean;
  /** Text refs of other records that name this one. */
  readonly pointing: readonly string[];
}

/** A record of which an expression cannot be evaluated stays as it is; the others go back. */
async function takeUnlessUnfit(situation: Situation): Promise<TakenBack> {
  try {
    return await takeOne(situation);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'failed') throw error;
    return { planned: [], left: [alone(situation.written, error.toString())] };
  }
}

async function takeOne(situation: Situation): Promise<TakenBack> {
  const { system, object, written, record } = situation;
  const leave = (why: string) => ({ planned: [], left: [alone(written, why)] });
  if (written.op === 'delete') return leave('it was deleted; the vendor’s recycle bin may still have it');
  if (written.op === 'upsert') return takeOut(situation);
  if (!system.connector.streams?.[object.object]?.fetch)
    return leave('it cannot be read again before it is written');
  if (!record || record.tombstone) return leave('it is not there any more');
  return putBack(situation, record);
}

/** The hub made it: it goes where a person says so and nobody has touched it. */
function takeOut(situation: Situation): TakenBack {
  const { system, object, written, deleteMade } = situation;
  const left = (why: string) => ({ planned: [], left: [alone(written, why)] });
  if (written.recordId === null) return left('it is not known whether it was made; look for it there');
  if (!deleteMade) return left('the hub made this record; `--delete` takes it out, if nobody touched it');
  if (written.fields.some(({ before }) => before !== null))
    return left('it was there before, and cannot be read again before it is written');
  const kept = keptBecause(situation);
  if (kept !== null) return left(kept);
  const ref = externalRef(system, object, written.entityId);
  const write = { key: fingerprint(`${ref}|undo`), op: 'delete' as const, id: written.recordId, fields: {} };
  const planned = { entity: entityOf(object, written), object, write, fields: [], ref, basis: 0 };
  return { planned: [{ ...planned, needsFresh: false, why: 'undone' }], left: [] };
}

/** Why a record that the hub made stays: somebody has touched it, or names it. Null when nobody does. */
function keptBecause({ system, object, written, record, memories, pointing }: Situation): string | null {
  if (!system.connector.streams?.[object.object]?.fetch)
    return 'it cannot be read again before it is deleted';
  if (!record || record.tombstone) return 'it is not there any more';
  const changed = object.fields.find((field) => isChanged(field, record, written, memories));
  if (changed) return `somebody has changed its ${changed.vendor} since`;
  const ours = Math.max(record.createdAt, ...memories.map(({ basis }) => basis));
  if (!record.byUs && record.modifiedAt > ours) return 'somebody has changed it since';
  const [named] = pointing;
  if (named === undefined) return null;
  const { connection, object: other, id } = parseRef(named);
  return `${connection} ${other} ${id} points at it${pointing.length > 1 ? `, and ${pointing.length - 1} more` : ''}`;
}

/** A field that the hub sent holds something else, or one that it did not send has been seen with another value. */
function isChanged(
  field: CompiledField,
  record: LandedRecord,
  { fields }: WrittenRecord,
  memories: readonly FieldMemory[],
): boolean {
  const held = valueAt(record.body, field.path);
  const sent = fields.find((one) => one.field === field.vendor);
  const own = memories.filter((one) => one.field === field.vendor && one.status !== 'overtaken');
  const isOwn = own.some(
    ({ sent: ours, answer }) => sameValue(held, ours) || (answer !== undefined && sameValue(held, answer)),
  );
  if (isOwn || (sent && isOurs(field, held, sent.sent, memories, record))) return false;
  return sent !== undefined || own.length > 0 || record.changes[field.path]?.known === true;
}

async function putBack(situation: Situation, record: LandedRecord): Promise<TakenBack> {
  const { object, written } = situation;
  const fields: PlannedField[] = [];
  const left: LeftAlone[] = [];
  for (const one of written.fields) {
    const verdict = fieldBack(situation, record, one);
    if (typeof verdict === 'string') left.push(alone(written, verdict, one.field));
    else fields.push(verdict);
  }
  if (fields.length === 0) return { planned: [], left };
  const ref = refText(record.ref);
  const write = {
    key: fingerprint(`${ref}|undo`),
    op: 'update' as const,
    id: record.ref.id,
    fields: Object.fromEntries(fields.map(({ field, to }) => [field.vendor, to])),
    ...(record.version ? { version: record.version } : {}),
  };
  const entity = await entityBefore(object, written, record, fields);
  const planned = { entity, object, write, fields, ref, basis: record.modifiedAt, needsFresh: false };
  return { planned: [planned], left };
}

/** The field as it is to be written, or why it is not. */
function fieldBack(
  { object, memories }: Situation,
  record: LandedRecord,
  { field: vendor, before, sent }: WrittenField,
): PlannedField | string {
  const field = object.fields.find((one) => one.vendor === vendor) ?? hubIdField(object, vendor);
  if (!field) return 'the mapping does not name the field any more';
  const held = valueAt(record.body, field.path);
  if (sameValue(held, before)) return 'it holds what it held before';
  if (isOurs(field, held, sent, memories, record)) return { field, from: held, to: before, repeats: 0 };
  return `it was changed since, and holds ${JSON.stringify(held)}`;
}

/** Our value, or what the vendor made of it. */
function isOurs(
  field: CompiledField,
  held: Json,
  sent: Json,
  memories: readonly FieldMemory[],
  { body }: LandedRecord,
): boolean {
  if (sameValue(held, sent) || field.sameAs(held, sent, { body })) return true;
  const memory = memories.find((one) => one.field === field.vendor && sameValue(one.sent, sent));
  return memory?.answer !== undefined && sameValue(held, memory.answer);
}

function entityOf({ entity }: CompiledObject, { entityId }: WrittenRecord): Entity {
  const kind: EntityKind = entity ?? 'Deal';
  return { id: entityId, kind, fields: {}, provenance: {}, members: [], withdrawn: false };
}

/**
 * What the record says once the values are back, as of long ago: a value that is put back is no news, and must
 * not win over the value of another system that our write had brought.
 */
async function entityBefore(
  object: CompiledObject,
  written: WrittenRecord,
  record: LandedRecord,
  fields: readonly PlannedField[],
): Promise<Entity> {
  let { body } = record;
  for (const { field, to } of fields) body = withValue(body, field.path, to);
  const mapped = mappedRecord({ ...record, body });
  const { contributions } = object.normalize(object.prepare ? await object.prepare(mapped) : mapped);
  const said = contributions.find(({ kind }) => kind === object.entity)?.values ?? {};
  const ref = refText(record.ref);
  const names = fields.map(({ field }) => field.canonical);
  return {
    ...entityOf(object, written),
    fields: Object.fromEntries(names.map((name) => [name, said[name]?.value ?? null])),
    provenance: Object.fromEntries(names.map((name) => [name, { ref, at: 0, exact: false, rule: 'undone' }])),
  };
}

/** The counterpart of `valueAt`. */
function withValue(body: JsonObject, path: string, value: Json): JsonObject {
  const dot = path.indexOf('.');
  if (dot < 0 || path in body) return { ...body, [path]: value };
  const inner = body[path.slice(0, dot)];
  return {
    ...body,
    [path.slice(0, dot)]: withValue(isJsonObject(inner) ? inner : {}, path.slice(dot + 1), value),
  };
}

function refOf({ name }: System, { object, recordId }: WrittenRecord): string {
  return refText({ connection: name, object, id: recordId ?? '' });
}
