/**
 * The hub's own id on records that were there before the hub and are paired with those of another system: a pair
 * that was found by an address stays one when the address changes. Written once, where the field is blank.
 */

import type { Contribution, Entity } from '../../../canonical/model.ts';
import { contributionName, keyText, parseRef, recordOf } from '../../../canonical/names.ts';
import { evidenceOf } from '../../../identity/keys.ts';
import type { CompiledField, CompiledObject } from '../../../mapping/language/compiled.ts';
import type { LandedRecord } from '../../../store/contract/landing.ts';
import type { FieldMemory } from '../../../store/contract/outbox.ts';
import type { Store } from '../../../store/contract/store.ts';
import { UnionFind } from '../../../store/identity/union-find.ts';
import { isJsonObject, type JsonObject } from '../../../support/json.ts';
import { held } from './differences.ts';
import type { Known } from './known.ts';
import type { HubId, PlannedWrite } from './plan.ts';

/** Null when the record needs none, or cannot take one. */
export function missingHubId(
  entity: Entity,
  object: CompiledObject,
  record: LandedRecord,
  known: Known,
  ref: string,
): HubId | null {
  const use = object.uses.find(({ vendor }) => vendor === object.externalId);
  if (!use || !isPaired(entity)) return null;
  const field = { vendor: use.vendor, path: use.path };
  const description = known.descriptions.get(object.object);
  // Not asked yet: it is before anything is sent. A field that may be hidden is not tried: unreadable is not blank.
  const isWritable = description === undefined || description?.get(field.vendor)?.writable === true;
  if (!isWritable || !isShown(record.body, field.path)) return null;
  const refused = known.refusals
    .get(ref)
    ?.some((one) => one.field === field.vendor && one.sent === entity.id);
  if (refused || hasId(record, field, known.memories.get(ref) ?? [])) return null;
  const others = (known.own.get(entity.id) ?? []).flatMap((own) => known.landed.get(own) ?? []);
  const isTaken = others.some((other) => other.ref.object === object.object && hasId(other, field, []));
  return isTaken ? null : { ...field, value: entity.id };
}

/** The field as one that is written, for undoing a written id; undefined for any other field. */
export function hubIdField(
  { entity, externalId, uses, line }: CompiledObject,
  vendor: string,
): CompiledField | undefined {
  if (entity === null || vendor !== externalId) return undefined;
  return {
    ...{ entity, canonical: `id of ${entity}`, kind: 'text', vendor, line, blanks: 'clear' },
    path: uses.find((use) => use.vendor === vendor)?.path ?? vendor,
    rule: { kind: 'push-only' },
    ...{ pulls: false, pushes: true, creates: true, silent: true },
    toVendor: () => ({ missing: 'The hub sets its id by itself.' }),
    sameAs: (held, wanted) => held === wanted,
  };
}

/** Whether it was written before and somebody has taken it out: then it goes along with others at most. */
export function wasTakenOut({ vendor, value }: HubId, memories: readonly FieldMemory[]): boolean {
  return memories.some(
    ({ field, status, sent }) => field === vendor && status !== 'intended' && sent === value,
  );
}

/** Without the ids that go by themselves to records whose pair is found again without them. */
export async function neededAlone(store: Store, writes: readonly PlannedWrite[]): Promise<PlannedWrite[]> {
  const alone = writes.filter(isIdAlone);
  if (alone.length === 0) return [...writes];
  const said = await store.facts.contributions(alone.flatMap(({ entity }) => entity.members));
  const byName = new Map(said.map((one) => [contributionName(one), one]));
  const isTied = ({ members }: Entity) => areTied(members.flatMap((name) => byName.get(name) ?? []));
  return writes.filter((write) => !isIdAlone(write) || !isTied(write.entity));
}

/** Whether records name each other, so that their pair hangs on no address. What is said in a chat carries no id. */
function areTied(said: readonly Contribution[]): boolean {
  const records = said.filter(({ statement, withdrawn }) => !statement && !withdrawn);
  const together = new UnionFind(records.map(contributionName));
  const ties = records.flatMap((record) =>
    record.keys
      .filter((key) => evidenceOf(keyText(key)) === 'reference')
      .map((key) => ({ name: contributionName(record), hub: keyText(key) })),
  );
  together.tie('key', ties);
  return together.clusters().length < 2;
}

/** It goes along with others otherwise. */
export function isIdAlone({ write, fields, hubId }: PlannedWrite): boolean {
  return hubId !== undefined && fields.length === 0 && write.op === 'update';
}

function isPaired({ members }: Entity): boolean {
  return new Set(members.map((name) => parseRef(recordOf(name)).connection)).size > 1;
}

function hasId(
  record: LandedRecord,
  field: Omit<HubId, 'value'>,
  memories: Parameters<typeof held>[2],
): boolean {
  const value = held(record, field, memories);
  return value !== null && value !== '';
}

function isShown(body: JsonObject, path: string): boolean {
  if (path in body) return true;
  const dot = path.indexOf('.');
  const inner = dot < 0 ? undefined : body[path.slice(0, dot)];
  return isJsonObject(inner) && isShown(inner, path.slice(dot + 1));
}
