/** From the hub's writes to Salesforce's words for them. */
import type { Write } from '../../../src/connector/contract/writing.ts';
import { soleField } from '../../../src/connector/naming.ts';
import { isJsonObject, type Json } from '../../../src/support/json.ts';
import { isRecordId, longId } from '../wire/ids.ts';

/** Writes that one call can carry: the same operation, and for upserts the same external-id field. */
export type Method = { readonly op: 'update' | 'delete' } | { readonly op: 'upsert'; readonly field: string };

export interface Group {
  readonly method: Method;
  readonly writes: readonly Write[];
}

/** A reference to a record by its external id, in place of its record id. */
interface Reference {
  readonly object: string;
  readonly field: string;
  readonly value: Json;
}

/**
 * Salesforce refuses a call that names one record twice, so a second write to the same record goes into a later
 * group. Within a group, records of one parent stand together: they contend for its lock.
 */
export function groupsOf(writes: readonly Write[]): Group[] {
  const turns = new Map<string, number>();
  const groups = Map.groupBy(writes, (write) => {
    const target = targetOf(write);
    const turn = turns.get(target) ?? 0;
    turns.set(target, turn + 1);
    const method = methodOf(write);
    return [String(turn).padStart(5, '0'), method.op, method.op === 'upsert' ? method.field : ''].join(' ');
  });
  const inTurn = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  return inTurn.flatMap(([, group]) => {
    const [first] = group;
    return first === undefined ? [] : [{ method: methodOf(first), writes: group.toSorted(byParent) }];
  });
}

/** Whether the write says which record it means. */
export function isAddressed({ op, id, alternateKey }: Write): boolean {
  const byId = id !== undefined && id !== '';
  const byExternalId = soleField(alternateKey) !== null;
  return (byId && op !== 'upsert') || (byExternalId && op !== 'update');
}

/** The value that names the record in this method. */
export function keyOf(method: Method, write: Write): string {
  return method.op === 'upsert' ? (soleField(write.alternateKey)?.value ?? '') : longId(write.id ?? '');
}

/** External ids are compared without regard to case, unless their field says otherwise. */
function targetOf(write: Write): string {
  const { id, alternateKey } = write;
  const named = soleField(alternateKey);
  return id === undefined ? `${named?.field}=${named?.value.toLowerCase()}` : longId(id);
}

function methodOf({ op, alternateKey }: Write): Method {
  return op === 'upsert' ? { op, field: soleField(alternateKey)?.field ?? 'Id' } : { op };
}

function byParent(a: Write, b: Write): number {
  const [left, right] = [parentOf(a), parentOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const parents = ['OpportunityId', 'AccountId', 'CampaignId', 'WhatId', 'WhoId'];

function parentOf({ fields }: Write): string {
  const named = parents.map((field) => fields[field]).find((value) => value !== undefined && value !== null);
  const parent = named ?? Object.values(fields).find(pointsToRecord);
  return parent === undefined ? '' : JSON.stringify(parent);
}

function pointsToRecord(value: Json): boolean {
  return isReference(value) || (typeof value === 'string' && isRecordId(value));
}

/** The fields of a write as the body of a record. A reference becomes a nested object that starts with its type. */
export function toRestFields(fields: Write['fields']): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (!isReference(value)) return [name, toValue(value)];
      if (value.field === 'Id') return [name, value.value];
      return [relationshipOf(name), { attributes: { type: value.object }, [value.field]: value.value }];
    }),
  );
}

/** The fields of a write as cells of a CSV, by column name. Null for a write that CSV cannot tell. */
export function toCsvFields(fields: Write['fields']): Record<string, string | null> | null {
  const cells: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(fields)) {
    const reference = isReference(value) && value.field !== 'Id';
    const told = toValue(isReference(value) ? value.value : value);
    if (told !== null && typeof told === 'object') return null;
    cells[reference ? referenceColumn(name, value) : name] = told === null ? null : String(told);
  }
  return cells;
}

const polymorphic = new Set(['Who', 'What', 'Owner']);

/** `Opportunity__r.Ext__c`, and with the type before it where the relationship allows several. */
function referenceColumn(name: string, { object, field }: Reference): string {
  const relationship = relationshipOf(name);
  return `${polymorphic.has(relationship) ? `${object}:` : ''}${relationship}.${field}`;
}

function relationshipOf(field: string): string {
  return field.replace(/__c$/, '__r').replace(/Id$/, '');
}

/** Multi-select picklists take their values in one text. */
function toValue(value: Json): Json {
  return Array.isArray(value) ? value.join(';') : value;
}

function isReference(value: Json | undefined): value is Json & Reference {
  return (
    isJsonObject(value) &&
    typeof value.object === 'string' &&
    typeof value.field === 'string' &&
    'value' in value
  );
}
