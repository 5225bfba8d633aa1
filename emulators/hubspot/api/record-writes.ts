/** One record written by the API, with all that HubSpot refuses. */

import { byApi, type Portal, rulesFor } from '../portal.ts';
import type { AssociationSpec } from '../state/links.ts';
import { contactExists, invalid, invalidValues, notFound } from '../state/refusal.ts';
import { isLive, type Row, type Values } from '../state/rows.ts';
import type { Table } from '../state/table.ts';
import { checkValues } from '../state/values.ts';
import { findRecord } from './reading.ts';
import { createdJson, updatedJson } from './shape.ts';

export interface CreateInput {
  readonly properties: Values;
  readonly associations: readonly {
    readonly to: { readonly id: string };
    readonly types: readonly AssociationSpec[];
  }[];
}

export interface UpdateInput {
  readonly id: string;
  readonly idProperty?: string | undefined;
  readonly properties: Values;
}

/** Where the writes of one request go. */
export interface Target {
  readonly portal: Portal;
  readonly table: Table;
}

export function createOne(target: Target, { properties, associations }: CreateInput): object {
  const { portal, table } = target;
  const values = assertCreatable(target, properties);
  const ties = associations.map(({ to, types }) => {
    const other = { object: objectOfType(target, types[0]?.associationTypeId), id: to.id };
    portal.crm.find(other);
    return { other, types };
  });
  const stamp = byApi(portal);
  const row = portal.crm.create(table, values, stamp);
  for (const { other, types } of ties) {
    portal.crm.associate({ object: table.type.name, id: row.id }, other, types, stamp);
  }
  return createdJson(portal, table, row);
}

/** In a create, the type id alone says to which kind of record it leads. */
function objectOfType({ portal, table: { type } }: Target, typeId: number | undefined): string {
  const leadsTo = (to: string) => portal.crm.links.types(type.name, to).some((one) => one.typeId === typeId);
  const found = portal.types.find(({ name }) => leadsTo(name));
  if (found) return found.name;
  throw invalid(`Association type ${typeId} does not exist from ${type.name}`);
}

export function updateOne(target: Target, row: Row | undefined, given: Values): object {
  const { portal, table } = target;
  const { values, found } = assertChangeable(target, row, given);
  const changed = portal.crm.update(table, found, values, byApi(portal));
  return updatedJson(portal, table, found, values, changed);
}

export function upsertOne(target: Target, input: UpdateInput): object {
  const row = liveRecord(target, input);
  if (row) return { ...updateOne(target, row, input.properties), new: false };
  return { ...createOne(target, { properties: newProperties(input), associations: [] }), new: true };
}

/** Archiving what is gone already is no error. */
export function archiveOne({ portal, table }: Target, id: string): void {
  const row = table.get(id);
  if (row && isLive(row)) portal.crm.archive(table, row, byApi(portal));
}

export function liveRecord({ portal, table }: Target, { id, idProperty }: Omit<UpdateInput, 'properties'>) {
  const row = findRecord(portal, table, id, idProperty);
  return row && isLive(row) ? row : undefined;
}

export function assertCreatable(target: Target, given: Values): Values {
  const values = assertValid(target, given, {});
  assertFree(target.table, values, undefined);
  return values;
}

export function assertChangeable(
  target: Target,
  row: Row | undefined,
  given: Values,
): { values: Values; found: Row } {
  if (!row) throw notFound();
  const values = assertValid(target, given, row.values);
  assertFree(target.table, values, row.id);
  return { values, found: row };
}

export function assertUpsertable(target: Target, input: UpdateInput): void {
  const row = liveRecord(target, input);
  if (row || input.idProperty === undefined) assertChangeable(target, row, input.properties);
  else assertCreatable(target, newProperties(input));
}

function newProperties({ id, idProperty, properties }: UpdateInput): Values {
  return idProperty === undefined ? properties : { ...properties, [idProperty]: id };
}

function assertValid({ portal, table }: Target, given: Values, before: Values): Values {
  const { values, bad } = checkValues(rulesFor(portal, table), given, before);
  if (bad.length > 0) throw invalidValues(bad);
  return values;
}

/** `email` answers 409 and names the other contact; other unique properties count as bad values. */
function assertFree(table: Table, values: Values, ownId: string | undefined): void {
  for (const name of table.schema.uniqueNames) {
    const value = values[name];
    const other = value ? table.findUnique(name, value) : undefined;
    if (!value || !other || other.id === ownId) continue;
    if (name === 'email') throw contactExists(other.id);
    throw valueTaken(name, value, other.id);
  }
}

/** A check for the inputs of one batch: none may claim a unique value that another one claims. */
export function noRivals({ schema }: Table): (given: Values) => void {
  const claimed = new Set<string>();
  return (given) => {
    for (const name of schema.uniqueNames) {
      const value = given[name]?.trim().toLowerCase();
      if (!value) continue;
      const claim = `${name}\n${value}`;
      if (claimed.has(claim))
        throw name === 'email' ? contactExists('') : valueTaken(name, value, 'Another input');
      claimed.add(claim);
    }
  };
}

function valueTaken(name: string, value: string, holder: string) {
  const message = `Cannot set ${name} to ${value}. ${holder} already has that value.`;
  return invalidValues([{ isValid: false, message, error: 'CONFLICTING_UNIQUE_VALUE', name }]);
}
