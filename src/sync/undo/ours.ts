/**
 * Records that the hub alone writes, such as the rows of a deal. Nobody else's word is at stake there, and most of them
 * are not read; so what they held before a run is what the hub itself had sent by then. One that the run made goes, one
 * that it changed gets back what it held, and one that it deleted is made again.
 */
import type { Entity } from '../../canonical/model.ts';
import type { CompiledObject } from '../../mapping/language/compiled.ts';
import type { WriteRecord } from '../../store/contract/outbox.ts';
import { fingerprint } from '../../support/fingerprint.ts';
import type { Json } from '../../support/json.ts';
import { sameValue } from '../echo.ts';
import type { Hub, System } from '../hub.ts';
import { writeFields } from '../push/plan/differences.ts';
import { externalRef } from '../push/plan/known.ts';
import type { PlannedField, PlannedWrite } from '../push/plan/plan.ts';
import { carried } from '../push/plan/references.ts';
import { alone, type LeftAlone, type WrittenRecord } from './writes.ts';

export interface TakenBack {
  readonly planned: readonly PlannedWrite[];
  readonly left: readonly LeftAlone[];
}

const most = 1_000_000;

export async function takeBackOurs(
  hub: Hub,
  system: System,
  object: CompiledObject,
  group: readonly WrittenRecord[],
): Promise<TakenBack> {
  const entityIds = [...new Set(group.map(({ entityId }) => entityId))];
  const all = await hub.store.outbox.writes({ connection: system.name, entityIds }, most);
  const sent = all.filter((one) => one.object === object.object && one.status !== 'failed').reverse();
  const byEntity = Map.groupBy(sent, ({ entityId }) => entityId);
  const taken = group.map((written) =>
    takeOne(system, object, written, byEntity.get(written.entityId) ?? []),
  );
  return {
    planned: taken.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    left: taken.flatMap((one, index) => {
      const written = group[index];
      return typeof one === 'string' && written ? [alone(written, one)] : [];
    }),
  };
}

/** `sent`: all that was sent of it, oldest first. A text says why it is left as it is. */
function takeOne(
  system: System,
  object: CompiledObject,
  written: WrittenRecord,
  sent: readonly WriteRecord[],
): PlannedWrite | string {
  const others = sent.filter(({ run }) => run !== written.run);
  const later = others.findLast(({ at }) => at > written.last);
  if (later) return `run ${later.run} has written it again since`;
  const [before, now] = [heldAfter(others), heldAfter(sent)];
  if (before === null && now === null) return 'it was not there before, and is not there now';
  if (before === null) return deletion(system, object, written);
  const names = new Set([...Object.keys(before), ...Object.keys(now ?? {})]);
  const changed = [...names].filter((name) => !sameValue(now?.[name] ?? null, before[name] ?? null));
  if (changed.length === 0) return 'it holds what it held before';
  return restoration(system, object, written, { before, now: now ?? {}, changed });
}

type Held = Readonly<Record<string, Json>>;

/** What a record holds by what was sent; null: there is none. */
function heldAfter(sent: readonly WriteRecord[]): Held | null {
  return sent.reduce<Held | null>(
    (held, { op, fields }) => (op === 'delete' ? null : { ...(held ?? {}), ...fields }),
    null,
  );
}

function deletion(system: System, object: CompiledObject, written: WrittenRecord): PlannedWrite | string {
  if (written.recordId === null) return 'it is not known whether it was made; look for it there';
  const ref = externalRef(system, object, written.entityId);
  const write = { key: fingerprint(`${ref}|undo`), op: 'delete' as const, id: written.recordId, fields: {} };
  return planned(object, written, { write, fields: [], ref, why: 'undone' });
}

interface States {
  readonly before: Held;
  readonly now: Held;
  readonly changed: readonly string[];
}

/** Whole, under its external id: it may have to be made again. */
function restoration(
  system: System,
  object: CompiledObject,
  written: WrittenRecord,
  { before, now, changed }: States,
): PlannedWrite | string {
  const { externalId } = object;
  if (externalId === undefined) return 'the mapping no longer says by which id it is found';
  const ref = externalRef(system, object, written.entityId);
  const fields = object.fields
    .filter(({ vendor }) => changed.includes(vendor))
    .map((field): PlannedField => {
      const [from, to] = [now[field.vendor] ?? null, before[field.vendor] ?? null];
      return { field, from, to, repeats: 0 };
    });
  const named = object.references.flatMap(({ vendor, objects }) => {
    const id = before[vendor];
    return typeof id === 'string' ? [{ vendor, objects, id }] : [];
  });
  if (named.some(({ objects }) => objects.length > 1))
    return 'it points to a record that may be of one of several objects';
  const references = Object.fromEntries(named.map(({ vendor, id }) => [vendor, id]));
  const ties = carried(
    object,
    Object.fromEntries(named.map(({ vendor, objects: [name = ''], id }) => [vendor, { object: name, id }])),
  );
  const mapped = object.fields.map(({ vendor }) => vendor).filter((name) => name in before);
  const write = {
    key: fingerprint(`${ref}|undo`),
    op: 'upsert' as const,
    alternateKey: { [externalId]: written.entityId },
    ...ties,
    fields: {
      ...Object.fromEntries(mapped.map((name) => [name, before[name] ?? null])),
      ...writeFields(fields),
      ...ties.fields,
    },
  };
  return planned(object, written, { write, fields, ref, references });
}

function planned(
  object: CompiledObject,
  { entityId }: WrittenRecord,
  rest: Pick<PlannedWrite, 'write' | 'fields' | 'ref' | 'references' | 'why'>,
): PlannedWrite {
  const kind = object.entity ?? 'ChatTouch';
  const entity: Entity = { id: entityId, kind, fields: {}, provenance: {}, members: [], withdrawn: false };
  return { entity, object, basis: 0, needsFresh: false, ...rest };
}
