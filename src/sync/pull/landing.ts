/** Records into landing, with the marks that follow from them. */

import type { RecordRef } from '../../canonical/model.ts';
import { refText } from '../../canonical/names.ts';
import type { Checkpoint, PullOptions, Stream, VendorRecord } from '../../connector/contract.ts';
import type { FieldUse } from '../../mapping/language/compiled.ts';
import type { Hub, System } from '../hub.ts';

/**
 * Stores records as they came and marks what follows. With a checkpoint, that too, in the same transaction:
 * a kill repeats one page at most. Returns the refs that were news.
 */
export async function land(
  hub: Pick<Hub, 'store'>,
  connection: string,
  records: readonly VendorRecord[],
  page?: { object: string; checkpoint: Checkpoint },
): Promise<RecordRef[]> {
  return hub.store.transaction(async (store) => {
    const changed = records.length === 0 ? [] : await store.landing.put(connection, records);
    if (changed.length > 0) await store.work.mark('normalize', changed.map(refText));
    if (page) await store.connections.saveCheckpoint(connection, page.object, page.checkpoint);
    return changed;
  });
}

/** What the mapping needs beyond the stream's own list; change times only where a rule decides by them. */
export function pullOptions(system: System, object: string): PullOptions {
  const mapping = system.mapping.objects[object];
  const twoWay = mapping?.fields.filter((field) => field.pulls && field.pushes) ?? [];
  return {
    fields: mapping?.vendorFields ?? [],
    unmissed: unmissedOf(mapping?.uses ?? []),
    history: twoWay.map((field) => field.vendor),
    past: mapping?.histories ?? [],
  };
}

/** A field that some line of the mapping cannot do without is missed, whatever the others say. */
function unmissedOf(uses: readonly FieldUse[]): string[] {
  const needed = new Set(uses.filter(({ optional }) => !optional).map(({ vendor }) => vendor));
  return [...new Set(uses.map(({ vendor }) => vendor))].filter((vendor) => !needed.has(vendor));
}

/** Where a record may be withdrawn for not coming, each reading says when it was: the later one counts. */
export function readNow(
  system: System,
  stream: Stream,
  records: readonly VendorRecord[],
): readonly VendorRecord[] {
  if (!stream.complete) return records;
  const now = system.context.vendorClock.now();
  return records.map((record) => (record.readAt === undefined ? { ...record, readAt: now } : record));
}
