/** The state of a landed record as a row, and a row as the road sees it. */
import { parseRef, type RecordRef, refText } from '../canonical/model.ts';
import type { Tombstone } from '../connector/contract.ts';
import type { LandedRecord } from './contract.ts';
import { fromJson, fromJsonOrNull } from './json.ts';
import { maxEarlier, type RecordState } from './merge.ts';
import { decodePast, encodePast } from './past.ts';
import { columns, type Row } from './tables.ts';
import type { Version } from './version.ts';
import { fieldHashes } from './versions.ts';

export type LandedRow = Row<'landed'>;

export function differs(before: LandedRow, after: LandedRow): boolean {
  return rowColumns.some((column) => before[column] !== after[column]);
}

/** When a version was read concerns nobody but the order of versions. */
export function isNews(before: LandedRow, after: LandedRow): boolean {
  return rowColumns.some((column) => column !== 'read_at' && before[column] !== after[column]);
}

const rowColumns = Object.keys(columns.landed) as (keyof LandedRow)[];

export function rowOf(ref: RecordRef, state: RecordState): LandedRow {
  const { head, kept } = state;
  return {
    ref: refText(ref),
    connection: ref.connection,
    object: ref.object,
    modified_at: head.modifiedAt,
    created_at: state.createdAt,
    first_at: state.firstAt,
    read_at: head.readAt,
    version: head.version,
    by_us: Number(head.byUs),
    tombstone: head.tombstone && JSON.stringify(head.tombstone),
    body: head.body,
    kept: kept && JSON.stringify(kept),
    told: JSON.stringify(state.told),
    earlier: encodePast(state.earlier),
    void_until: state.voidUntil,
  };
}

export function readState(row: LandedRow): RecordState {
  return {
    head: headOf(row),
    kept: fromJsonOrNull<Version>(row.kept),
    earlier: decodePast(row.earlier),
    told: fromJson<RecordState['told']>(row.told),
    createdAt: row.created_at,
    firstAt: row.first_at,
    voidUntil: row.void_until,
  };
}

function headOf(row: LandedRow): Version {
  return {
    modifiedAt: row.modified_at,
    readAt: row.read_at,
    tombstone: fromJsonOrNull<Tombstone>(row.tombstone),
    body: row.body,
    version: row.version,
    byUs: row.by_us === 1,
  };
}

export function landedOf(row: LandedRow): LandedRecord {
  const { head, kept, earlier, told, createdAt, firstAt } = readState(row);
  const body = fromJson<LandedRecord['body']>((kept ?? head).body);
  return {
    ref: parseRef(row.ref),
    body,
    createdAt: createdAt ?? firstAt,
    modifiedAt: head.modifiedAt,
    ...(head.version === null ? {} : { version: head.version }),
    byUs: head.byUs,
    ...(head.tombstone ? { tombstone: head.tombstone } : {}),
    toldTimes: presentTold(told, body),
    earlier: earlier.slice(0, maxEarlier).map(({ modifiedAt, hashes }) => ({ modifiedAt, hashes })),
  };
}

/** What was told of another value than the present one says nothing of the present one. */
function presentTold(told: RecordState['told'], body: LandedRecord['body']): Record<string, number> {
  const entries = Object.entries(told);
  if (entries.length === 0) return {};
  const hashes = fieldHashes(body);
  return Object.fromEntries(
    entries.filter(([path, [, hash]]) => (hashes[path] ?? '') === hash).map(([path, [at]]) => [path, at]),
  );
}
