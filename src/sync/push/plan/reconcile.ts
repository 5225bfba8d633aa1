/**
 * Pushing is reconciliation: what the mapping says the CRM should hold, minus what it holds as last landed, is
 * the write. No difference, no write: so an echo dies, a retry is harmless, and a dry run is this computation
 * without the last step.
 */

import type { CanonicalFields, Entity } from '../../../canonical/model.ts';
import { parseRef, refText } from '../../../canonical/names.ts';
import type { Write } from '../../../connector/contract/writing.ts';
import { asToldTo } from '../../../credit/own-amounts.ts';
import type { CompiledObject } from '../../../mapping/language/compiled.ts';
import type { LandedRecord } from '../../../store/contract/landing.ts';
import type { FieldMemory } from '../../../store/contract/outbox.ts';
import type { Store } from '../../../store/contract/store.ts';
import { fingerprint } from '../../../support/fingerprint.ts';
import { createdAs } from '../../external-ref.ts';
import type { Hub, System } from '../../hub.ts';
import { isWritten } from '../../targets.ts';
import { differences, everyField, held, worthWriting, writeFields } from './differences.ts';
import { withoutErased } from './erased.ts';
import { missingHubId, neededAlone, wasTakenOut } from './hub-id.ts';
import { eldestFirst, externalRef, type Known, readKnown } from './known.ts';
import { withoutIdle } from './obstacles.ts';
import { creditWhole } from './one-number.ts';
import { owedFields, withheldOf } from './owed.ts';
import { nothing, type Plan, planOf } from './plan.ts';
import { carried, type Named, namedRecords, recordOf, waitingFor } from './references.ts';
import { holdsCreation, type Knowledge, sift, siftDefaults } from './sift.ts';
import { vouchedFields } from './vouched.ts';

/** Plans what `system` should be told of these entities. Reads the store, asks no vendor. */
export async function planWrites(
  hub: Hub,
  system: System,
  entities: readonly Entity[],
  store: Store = hub.store,
): Promise<Plan> {
  const known = await readKnown(store, system, entities);
  const { hubIds } = hub.settings.identity;
  const idsAlone = hubIds !== 'along';
  const plans = entities.flatMap((entity) =>
    Object.values(system.mapping.objects)
      .filter((object) => object.entity === entity.kind && isWritten(object))
      .map((object) => planObject({ system, entity, object, known, idsAlone })),
  );
  const writes = plans.flatMap((plan) => plan.writes);
  return planOf(
    await withoutErased(store, system, hubIds === 'needed' ? await neededAlone(store, writes) : writes),
    await withoutIdle(
      store,
      plans.flatMap((plan) => plan.obstacles),
    ),
    plans.flatMap((plan) => plan.waits),
  );
}

/** One entity and one object of one system: at most one write. */
interface Situation {
  readonly system: System;
  readonly entity: Entity;
  readonly object: CompiledObject;
  readonly known: Known;
  /** The hub's id is a reason to write by itself. */
  readonly idsAlone: boolean;
}

function planObject(situation: Situation): Plan {
  const { entity, object } = situation;
  const target = primaryRecord(situation);
  if (entity.withdrawn) return withdrawal(situation, target);
  if (target) return object.readOnly?.(target.body) ? nothing : update(situation, target);
  return creation(situation);
}

function primaryRecord({ entity, object, known }: Situation): LandedRecord | undefined {
  const records = (known.own.get(entity.id) ?? []).flatMap((ref) => known.landed.get(ref) ?? []);
  return records.filter((record) => record.ref.object === object.object).sort(eldestFirst)[0];
}

/** What may be written to the record, or to one that is yet to be made. */
function sayable(situation: Situation, record: LandedRecord | null): CanonicalFields {
  const { system, entity, known } = situation;
  const target = record === null ? null : refText(record.ref);
  const values = vouchedFields(entity, system.name, target, known.witnesses.get(entity.id));
  return asToldTo(values, target ?? parentOf(situation));
}

/** The record that a child record of ours will point to: its amounts are those of that one. */
function parentOf({ system, entity, object, known }: Situation): string | null {
  for (const reference of object.references) {
    const record = recordOf(reference, String(entity.fields[reference.from]), known.referenced);
    if (record !== undefined) return refText({ connection: system.name, ...record });
  }
  return null;
}

function update(situation: Situation, record: LandedRecord): Plan {
  const { entity, object, known, idsAlone } = situation;
  const ref = refText(record.ref);
  const remembered = known.memories.get(ref) ?? [];
  const holder = { body: record.body, ...(known.currency ? { currency: known.currency } : {}) };
  const wanted = { entity, object, values: sayable(situation, record), ref, remembered, holder };
  const found = differences(wanted, (field) => held(record, field, remembered));
  const sifted = sift(wanted, found.fields, knowledgeOf(situation, ref));
  const ofCreation = knowledgeOf(situation, createdAs(object, record) ?? '');
  const owed = sift(wanted, owedFields(wanted, record, ofCreation.refusals), ofCreation);
  const obstacles = [...found.obstacles, ...sifted.obstacles, ...owed.obstacles];
  const fields = creditWhole([...sifted.fields, ...owed.fields], obstacles);
  const hubId = missingHubId(entity, object, record, known, ref);
  const isWorth = worthWriting(fields);
  const isWorthAlone = idsAlone && hubId !== null && !wasTakenOut(hubId, remembered);
  if (!isWorth && !isWorthAlone) return planOf([], obstacles);
  const going = isWorth ? fields : [];
  const write: Write = {
    key: writeKey(ref, entity),
    op: 'update',
    id: record.ref.id,
    fields: { ...writeFields(going), ...(hubId ? { [hubId.vendor]: hubId.value } : {}) },
    ...(record.version ? { version: record.version } : {}),
  };
  const needsFresh = going.some(({ field }) => field.pulls);
  const basis = Math.max(record.modifiedAt, ...ownWrites(remembered));
  const planned = { entity, object, write, fields: going, ref, basis, needsFresh };
  return planOf([hubId ? { ...planned, hubId } : planned], obstacles);
}

function knowledgeOf({ system, object, known }: Situation, ref: string): Knowledge {
  return {
    file: system.mapping.file,
    description: known.descriptions.get(object.object) ?? null,
    refusals: known.refusals.get(ref) ?? [],
  };
}

/** When our writes took effect there: a landed copy from before the last of them is not the latest that we know. */
function ownWrites(remembered: readonly FieldMemory[]): number[] {
  return remembered.flatMap(({ status, basis }) => (status === 'written' ? basis : []));
}

function creation(situation: Situation): Plan {
  const { entity, object, known } = situation;
  const { create, externalId } = object;
  const values = sayable(situation, null);
  if (!create || !externalId || !create.when(values) || hadOneHere(situation)) return nothing;
  const held = known.held.get(entity.id);
  if (held !== undefined)
    return planOf([], [{ entity, object: object.object, code: 'SOMEBODY_OF_SEVERAL', message: held }]);
  const { ref, value, remembered } = createdBefore(situation);
  const written = remembered.filter(({ status }) => status === 'written');
  const sent = new Map(written.map((memory) => [memory.field, memory.sent]));
  const wanted = { entity, object, values, ref, remembered };
  const found = differences(wanted, (field) => sent.get(field.vendor) ?? null);
  const references = namedRecords(object, values, known);
  if (references.missing.length > 0) return notYet(situation, references);
  const ids = Object.fromEntries(Object.entries(references.records).map(([name, { id }]) => [name, id]));
  const moved = Object.entries(ids).some(([name, id]) => sent.has(name) && sent.get(name) !== id);
  const isNew = written.length === 0;
  const knowledge = knowledgeOf(situation, ref);
  const all = isNew ? everyField(wanted, found.fields) : found.fields;
  const { fields, obstacles: unfit } = sift(wanted, all, knowledge);
  const { defaults, obstacles: unfitDefaults } = isNew ? siftDefaults(wanted, knowledge) : noDefaults;
  const obstacles = [...found.obstacles, ...unfit, ...unfitDefaults];
  // A new record is worth writing whatever it says: all of it may stand in `send` and `defaults`.
  const isWorth = isNew
    ? !obstacles.some((obstacle) => holdsCreation(wanted, obstacle, defaults, knowledge))
    : worthWriting(fields) || moved;
  if (!isWorth) return planOf([], obstacles);
  const named = carried(object, references.records);
  // Nobody reads it back: should a person have deleted it, the upsert makes it anew, so all of it goes along.
  const isReadBack = situation.system.connector.streams?.[object.object] !== undefined;
  const told =
    isNew || isReadBack ? fields : sift(wanted, everyField(wanted, found.fields), knowledge).fields;
  const write: Write = {
    key: writeKey(ref, entity),
    op: 'upsert',
    alternateKey: { [externalId]: value },
    ...named,
    fields: { ...defaults, ...writeFields(told), ...named.fields },
  };
  const planned = { entity, object, write, fields, references: ids, ref, basis: 0 };
  const withheld = isNew ? withheldOf(all, fields, unfit) : [];
  return planOf([{ ...planned, needsFresh: false, withheld }], obstacles);
}

const noDefaults = { defaults: {}, obstacles: [] };

/** Our record there points to what is no longer this entity's, or what it has to point to is not there. */
function notYet(situation: Situation, { missing }: Named): Plan {
  const outlived = withdrawal(situation);
  if (outlived.writes.length > 0) return outlived;
  const { system, entity, object, known } = situation;
  return waitingFor({ system, entity, object, known }, missing);
}

/** A record that somebody took out is not brought back, and a contact needs no lead beside it. */
function hadOneHere({ entity, object, known }: Situation): boolean {
  const objects = new Set([object.object, ...(object.create?.unless ?? [])]);
  return (known.own.get(entity.id) ?? []).some((ref) => objects.has(parseRef(ref).object));
}

/** The external id under which we created the record already, if we did; else the one that it is to get. */
function createdBefore({ system, entity, object, known }: Situation): {
  ref: string;
  value: string;
  remembered: readonly FieldMemory[];
} {
  const ids = [entity.id, ...(known.aliases.get(entity.id) ?? [])];
  const value = ids.find((id) => known.memories.has(externalRef(system, object, id))) ?? entity.id;
  const ref = externalRef(system, object, value);
  return { ref, value, remembered: known.memories.get(ref) ?? [] };
}

/** Our own child records go when what they tell of is gone, if the mapping says so. */
function withdrawal({ system, entity, object, known }: Situation, target?: LandedRecord): Plan {
  const { externalId } = object;
  if (object.onWithdraw !== 'delete' || !externalId) return nothing;
  const ref = target ? refText(target.ref) : externalRef(system, object, entity.id);
  if (!target && !known.memories.has(ref)) return nothing;
  const name = target ? { id: target.ref.id } : { alternateKey: { [externalId]: entity.id } };
  const write: Write = { key: writeKey(ref, entity), op: 'delete', ...name, fields: {} };
  return planOf([
    { entity, object, write, fields: [], ref, basis: target?.modifiedAt ?? 0, needsFresh: false },
  ]);
}

function writeKey(ref: string, entity: Entity): string {
  return fingerprint(`${ref}|${entity.id}`);
}
