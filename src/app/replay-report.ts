/** What came of a recording, object by object, and what came to nothing. */

import type { ReplayDefinition } from '../../emulators/loopback/replay.ts';
import type { CanonicalEvent } from '../canonical/events.ts';
import type { Entity } from '../canonical/model.ts';
import type { VendorRecord } from '../connector/contract/reading.ts';
import { previewRecord, unreadPlaces } from '../mapping/checking/preview.ts';
import type { MappingWarning } from '../mapping/language/compiled.ts';
import type { System } from '../sync/hub.ts';
import { countBy, type Silent } from './replay-unread.ts';

export interface ReplayReport extends Silent {
  readonly system: string;
  readonly exchanges: number;
  readonly objects: Readonly<Record<string, ObjectReport>>;
  readonly entities: readonly Pick<Entity, 'id' | 'kind' | 'fields' | 'members'>[];
  readonly events: readonly Pick<CanonicalEvent, 'type' | 'time' | 'subject' | 'data'>[];
}

export interface ObjectReport {
  /** Different records that were recorded. */
  readonly recorded: number;
  /** Of those, what the connector handed over. Less than `recorded` where the connector has no such stream. */
  readonly pulled: number;
  /** Recorded fields that no line of the mapping reads, with the number of records that have them. */
  readonly unread: Readonly<Record<string, number>>;
  /** What was not recorded but is always there, and was put in to be able to read the rows. */
  readonly completed: Readonly<Record<string, number>>;
  /** Values that the mapping could not make sense of. */
  readonly warnings: readonly MappingWarning[];
}

export type Completed = ReturnType<ReplayDefinition['complete']>;

export async function objectReports(
  definition: ReplayDefinition,
  system: System,
  completed: readonly Completed[],
  pulled: readonly VendorRecord[],
): Promise<Record<string, ObjectReport>> {
  const reports: Record<string, ObjectReport> = {};
  for (const [object, rows] of Map.groupBy(completed, ({ row }) => row.object)) {
    const own = pulled.filter((record) => record.object === object);
    reports[object] = {
      recorded: rows.length,
      pulled: new Set(own.map(({ id }) => id)).size,
      unread: countBy(rows.flatMap((one) => unreadOf(definition, system, one))),
      completed: countBy(rows.flatMap(({ added }) => added)),
      warnings: (await Promise.all(own.map((record) => warningsOf(system, record)))).flat(),
    };
  }
  return reports;
}

function unreadOf({ own }: ReplayDefinition, { mapping }: System, { row, added }: Completed): string[] {
  const mapped = mapping.objects[row.object] ?? { uses: [] };
  return unreadPlaces(mapped, row.body).filter((place) => !own.includes(place) && !added.includes(place));
}

async function warningsOf({ name, mapping }: System, record: VendorRecord): Promise<MappingWarning[]> {
  const compiled = mapping.objects[record.object];
  if (!compiled) return [];
  const { object, id, body, modifiedAt, createdAt = modifiedAt } = record;
  const mapped = { ref: { connection: name, object, id }, body, createdAt, modifiedAt, fieldTimes: {} };
  return [...(await previewRecord(compiled, mapped)).normalized.warnings];
}
