/** Carries out the data of an ingest job, row by row; a bad row spoils only itself. */
import { ApiError, SaveFault } from '../errors.ts';
import type { Org } from '../org.ts';
import { soapTypes } from '../schema/describe.ts';
import type { FieldDef, ObjectDef, Value } from '../schema/model.ts';
import { tryDeserialize } from '../write/deserialize.ts';
import { type Draft, manyMatches } from '../write/input.ts';
import { removeById } from '../write/remove.ts';
import { insertRecord, updateRecord } from '../write/save.ts';
import { KeyRegister, keyValue, upsertRecord } from '../write/upsert.ts';
import type { Writer } from '../write/writer.ts';

export type RowResult =
  | { readonly cells: readonly string[]; readonly id: string; readonly created: boolean }
  | { readonly cells: readonly string[]; readonly error: string };

/** The whole job fails: nothing of it was processed. */
export class BatchFault extends Error {
  override readonly name = 'BatchFault';
}

interface Column {
  readonly field: FieldDef;
  /** For `Account.External__c`: the parent's object and key. */
  readonly parent: { readonly object: ObjectDef; readonly key: FieldDef } | undefined;
}

/** Rows are saved in portions of this size; the same external id twice in one portion refuses both. */
const portion = 200;

export interface IngestPlan {
  readonly writer: Writer;
  readonly object: ObjectDef;
  readonly operation: string;
  readonly key: FieldDef | undefined;
}

export function ingestRows(
  plan: IngestPlan,
  header: readonly string[],
  rows: readonly string[][],
): RowResult[] {
  const columns = header.map((name) => toColumn(plan, name));
  const portions = Array.from({ length: Math.ceil(rows.length / portion) }, (_, index) =>
    rows.slice(index * portion, (index + 1) * portion),
  );
  return portions.flatMap((part) => ingestPortion(plan, columns, part));
}

function ingestPortion(plan: IngestPlan, columns: readonly Column[], rows: readonly string[][]): RowResult[] {
  const { key } = plan;
  const index = columns.findIndex((column) => column.field === key);
  const register =
    key &&
    new KeyRegister(
      key,
      rows.map((cells) => cells[index] ?? null),
    );
  return rows.map((cells) => ingestRow(plan, columns, cells, register));
}

function toColumn({ writer, object }: IngestPlan, name: string): Column {
  const field = writer.eyes.field(object, name);
  if (field !== undefined) return { field, parent: undefined };
  const [relationship = '', key = ''] = name.replace(/^\w+:/, '').split('.');
  const link = writer.eyes.relationship(object, relationship);
  const target = link && writer.org.catalog.object(link.referenceTo[0] ?? '');
  const keyField = target && writer.eyes.field(target, key);
  if (link === undefined || target === undefined || keyField === undefined) {
    throw new BatchFault(`InvalidBatch : Field name not found : ${name}`);
  }
  return { field: link, parent: { object: target, key: keyField } };
}

function ingestRow(
  plan: IngestPlan,
  columns: readonly Column[],
  cells: readonly string[],
  register: KeyRegister | undefined,
): RowResult {
  const { org } = plan.writer;
  try {
    const saved = org.journal.attempt(() => saveRow(plan, readRow(plan, columns, cells), register));
    return { cells, ...saved };
  } catch (error) {
    return { cells, error: errorText(error) };
  }
}

/** `CODE:message:Field --`. */
function errorText(error: unknown): string {
  const [first] = error instanceof SaveFault ? error.errors : [];
  if (first !== undefined) return `${first.statusCode}:${first.message}:${[...first.fields, '--'].join(' ')}`;
  if (error instanceof ApiError) return `${error.errorCode}:${error.message}:--`;
  throw error;
}

function readRow(plan: IngestPlan, columns: readonly Column[], cells: readonly string[]): Draft {
  const fields: [FieldDef, Value][] = [];
  let id: string | undefined;
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (cell === '') continue;
    if (column.field.name === 'Id') id = cell;
    else fields.push([column.field, readCell(plan.writer.org, column, cell, index)]);
  }
  return { object: plan.object, id, fields, fault: undefined };
}

/** An empty cell leaves the field as it is; `#N/A` empties it. */
function readCell(org: Org, { field, parent }: Column, cell: string, index: number): Value {
  if (cell === '#N/A') return null;
  if (parent !== undefined) return parentId(org, parent.object, parent.key, cell);
  const value = tryDeserialize(field, cell);
  if (value !== undefined) return value;
  const type = soapTypes[field.type] ?? `xsd:${field.type}`;
  const message = `Failed to deserialize field at col ${index}. Due to, '${cell}' is not a valid value for the type ${type}`;
  throw new SaveFault('INVALID_FIELD', message, [field.name]);
}

function parentId(org: Org, object: ObjectDef, key: FieldDef, cell: string): Value {
  const found = org.table(object.name).lookup(key.name, cell);
  if (found.length > 1) throw manyMatches(key, found);
  const id = found[0]?.Id;
  if (id !== undefined) return id;
  throw new SaveFault(
    'INVALID_FIELD',
    `Foreign key external ID: ${cell} not found for field ${key.name} in entity ${object.name}`,
  );
}

function saveRow(
  plan: IngestPlan,
  draft: Draft,
  register: KeyRegister | undefined,
): { id: string; created: boolean } {
  const { writer, object, operation, key } = plan;
  if (operation === 'insert') return { id: String(insertRecord(writer, draft).Id), created: true };
  if (operation === 'update') return { id: String(updateRecord(writer, draft).Id), created: false };
  if (key === undefined) return { id: deleteRow(writer, object, draft), created: false };
  const value = keyValue(draft, key);
  register?.assertOnce(value);
  const { row, created } = upsertRecord(writer, draft, key, value);
  return { id: String(row.Id), created };
}

function deleteRow(writer: Writer, object: ObjectDef, draft: Draft): string {
  if (draft.id !== undefined) return removeById(writer, draft.id, object);
  throw new SaveFault('MISSING_ARGUMENT', 'Id not specified in a delete call');
}
