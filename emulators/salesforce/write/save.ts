/** Insert and update of one record: judged, completed, stored, with all that follows from it. */
import { SaveFault } from '../errors.ts';
import { toId18 } from '../ids.ts';
import type { FieldDef, ObjectDef, Row, Value } from '../schema/model.ts';
import { isRequired } from '../schema/model.ts';
import { refuseDuplicates } from './duplicates.ts';
import { type Draft, judge } from './input.ts';
import { rulesOf } from './rules.ts';
import { convertedAlready, liveRow, visibly, type Writer } from './writer.ts';

export function insertRecord(writer: Writer, draft: Draft): Row {
  const { object } = draft;
  if (!object.createable) throw cannot('inserted', object);
  if (!writer.org.access.may(object, 'Create') && writer.throughApi) throw noAccess(object);
  if (draft.id !== undefined) {
    throw new SaveFault('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
  }
  return plant(writer, object, judge(writer, draft, 'insert'));
}

/** The same with values that are judged already, and an id of choice. */
export function plant(writer: Writer, object: ObjectDef, given: Row): Row {
  const { org } = writer;
  const row = { ...freshRow(writer, object), ...withoutNulls(given, object) };
  refuseGaps(object, row);
  freeLock(writer, row);
  if (writer.throughApi) refuseDuplicates(writer, object, row);
  rulesOf(object.name).before?.(row, undefined, given, writer);
  refuseDoubles(writer, object, row, Object.keys(given));
  org.table(object.name).insert(row);
  for (const after of rulesOf(object.name).after ?? []) after(row, undefined, writer);
  org.changed(object, row);
  return row;
}

export function updateRecord(writer: Writer, draft: Draft): Row {
  const { object } = draft;
  const { org } = writer;
  if (!object.updateable) throw cannot('updated', object);
  if (!org.access.may(object, 'Edit') && writer.throughApi) throw noAccess(object);
  const row = findForUpdate(writer, draft);
  return amend(writer, object, row, judge(writer, draft, 'update'));
}

/** The same with values that are judged already. */
export function amend(writer: Writer, object: ObjectDef, row: Row, given: Row): Row {
  const { org } = writer;
  const old = { ...row };
  const next = { ...row, ...given };
  refuseGaps(object, next, Object.keys(given));
  freeLock(writer, next);
  rulesOf(object.name).before?.(next, old, given, writer);
  refuseDoubles(writer, object, next, Object.keys(given));
  const stored = org.table(object.name).change(row, { ...next, ...visibly(writer) });
  for (const after of rulesOf(object.name).after ?? []) after(stored, old, writer);
  org.changed(object, stored);
  return stored;
}

function findForUpdate({ org }: Writer, { object, id, fault }: Draft): Row {
  if (id === undefined) throw new SaveFault('MISSING_ARGUMENT', 'Id not specified in an update call');
  if (fault !== undefined) throw fault;
  const id18 = toId18(id);
  if (id18 === undefined) throw new SaveFault('MALFORMED_ID', `malformed id ${id}`);
  if (!id18.startsWith(object.keyPrefix)) {
    const message = `${object.label} ID: id value of incorrect type: ${id}`;
    throw new SaveFault('MALFORMED_ID', message, ['Id']);
  }
  const row = liveRow(org, object, id18);
  if (object.name === 'Lead' && row.IsConverted === true) throw convertedAlready();
  return row;
}

function freshRow(writer: Writer, object: ObjectDef): Row {
  const { org, stamp, userId } = writer;
  const row: Row = { Id: org.ids.next(object.keyPrefix) };
  for (const field of object.fields) {
    const value = startValue(field, userId, org.knobs.currency);
    if (value !== null) row[field.name] = value;
  }
  if (object.custom) row.Name = firstName(writer, object, String(row.Id));
  return Object.assign(row, { CreatedDate: stamp, CreatedById: userId }, visibly(writer));
}

/** Numbered where the object says so; a custom record that nobody named is called by its id. */
function firstName({ org }: Writer, { name, nameFormat }: ObjectDef, id: string): string {
  if (nameFormat === null) return id;
  const number = String(org.nextNumber(name));
  return nameFormat.replace(/\{(0+)\}/, (_, zeros: string) => number.padStart(zeros.length, '0'));
}

function startValue(field: FieldDef, userId: string, corporateCurrency: string): Value {
  if (field.name === 'OwnerId') return userId;
  return field.name === 'CurrencyIsoCode' ? corporateCurrency : field.defaultValue;
}

/** A null for a field that the server fills in anyway is no value. */
function withoutNulls(given: Row, object: ObjectDef): Row {
  const filled = new Set(object.fields.filter((field) => field.defaulted).map((field) => field.name));
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== null || !filled.has(name)),
  );
}

function refuseGaps(object: ObjectDef, row: Row, touched?: readonly string[]): void {
  const missing = object.fields.filter((field) => {
    const due = touched === undefined ? isRequired(field) : touched.includes(field.name) && !field.nillable;
    return due && (row[field.name] ?? null) === null;
  });
  if (missing.length === 0) return;
  const names = missing.map((field) => field.name);
  throw new SaveFault('REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names);
}

function refuseDoubles({ org }: Writer, object: ObjectDef, row: Row, touched: readonly string[]): void {
  for (const field of object.fields) {
    const value = row[field.name] ?? null;
    if (!field.unique || value === null || !touched.includes(field.name)) continue;
    const same = org
      .table(object.name)
      .lookup(field.name, value)
      .find((one) => one.Id !== row.Id);
    if (same === undefined || (field.caseSensitive && same[field.name] !== value)) continue;
    const message = `duplicate value found: ${field.name} duplicates value on record with id: ${same.Id}`;
    throw new SaveFault('DUPLICATE_VALUE', message);
  }
}

/** A write locks the record and its parents. A write that meets a held lock is refused once. */
export function freeLock({ org, throughApi }: Writer, row: Row): void {
  if (org.locks.size === 0 || !throughApi) return;
  const held = Object.values(row).find((value) => typeof value === 'string' && org.locks.has(value));
  if (held === undefined) return;
  org.locks.delete(String(held));
  const message = `unable to obtain exclusive access to this record or 1 records: ${held}`;
  throw new SaveFault('UNABLE_TO_LOCK_ROW', message);
}

function cannot(done: string, object: ObjectDef): SaveFault {
  return new SaveFault(
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    `entity type cannot be ${done}: ${object.label}`,
  );
}

export function noAccess(object: ObjectDef): SaveFault {
  const message = `insufficient access rights on object id: ${object.name}`;
  return new SaveFault('INSUFFICIENT_ACCESS_OR_READONLY', message);
}
