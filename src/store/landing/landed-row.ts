/** The state of a landed record as a row, and a row as the road sees it. */

import type { RecordRef } from '../../canonical/model.ts';
import { parseRef, refText } from '../../canonical/names.ts';
import type { Tombstone } from '../../connector/contract/reading.ts';
import type { LandedRecord } from '../contract/landing.ts';
import { fromJson, fromJsonOrNull } from '../database/json.ts';
import { columns, type Row } from '../database/tables.ts';
import type { History } from './history.ts';
import type { RecordState } from './merge.ts';
import type { Version } from './version.ts';

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
    history: JSON.stringify(state.history),
    void_until: state.voidUntil,
  };
}

export function readState(row: LandedRow): RecordState {
  return {
    head: headOf(row),
    kept: fromJsonOrNull<Version>(row.kept),
    history: fromJson<History>(row.history),
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
  const { head, kept, history, told, createdAt, firstAt } = readState(row);
  return {
    ref: parseRef(row.ref),
    body: fromJson<LandedRecord['body']>((kept ?? head).body),
    createdAt: createdAt ?? firstAt,
    modifiedAt: head.modifiedAt,
    ...(head.version === null ? {} : { version: head.version }),
    byUs: head.byUs,
    ...(head.tombstone ? { tombstone: head.tombstone } : {}),
    toldTimes: presentTold(told, history),
    changes: history.changes,
    since: history.since ?? head.modifiedAt,
    past: history.past ?? {},
    ...(head.tombstone ? { endedAt: endOf(head) } : {}),
  };
}

/** Nobody said when a record went that no longer comes: it was there until then for all one knows. */
function endOf({ tombstone, modifiedAt, readAt }: Version): number {
  return tombstone && 'presumed' in tombstone ? Math.max(modifiedAt, readAt ?? modifiedAt) : modifiedAt;
}

/** What was told of a time before the field was last seen to hold another value cannot be of the present one. */
function presentTold(told: RecordState['told'], { changes }: History): Record<string, number> {
  const present = Object.entries(told).filter(([path, at]) => {
    const change = changes[path];
    return change === undefined || at > change.differedAt;
  });
  return Object.fromEntries(present);
}
