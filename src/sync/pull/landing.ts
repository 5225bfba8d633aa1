/** Records into landing, with the marks that follow from them. */

import type { RecordRef } from '../../canonical/model.ts';
import { refText } from '../../canonical/names.ts';
import type { Checkpoint, PullOptions, Stream, VendorRecord } from '../../connector/contract/reading.ts';
import { clockErrorMs } from '../../connector/vendor-clock.ts';
import type { FieldUse } from '../../mapping/language/compiled.ts';
import type { ReceivedDelivery } from '../../store/contract/inbox.ts';
import type { Tie, Watched } from '../../store/contract/landing.ts';
import type { Store } from '../../store/contract/store.ts';
import type { Hub, System } from '../hub.ts';

/**
 * Stores records as they came and marks what follows. With a checkpoint, that too, in the same transaction:
 * a kill repeats one page at most. Returns the refs that were news.
 */
export async function land(
  hub: Landing,
  connection: string,
  records: readonly VendorRecord[],
  page?: {
    readonly stream: string;
    readonly checkpoint: Checkpoint;
    readonly deliveries?: readonly ReceivedDelivery[];
  },
): Promise<RecordRef[]> {
  return hub.store.transaction(async (store) => {
    const ties: Tie[] = [];
    const changed =
      records.length === 0
        ? []
        : await store.landing.put(connection, records, (tie) => ties.push(tie), watchedOf(hub, connection));
    if (changed.length > 0) await store.work.mark('normalize', changed.map(refText));
    await readAgain(hub, store, ties);
    if (page?.deliveries) await store.inbox.put(page.deliveries);
    if (page) await store.connections.saveCheckpoint(connection, page.stream, page.checkpoint);
    return changed;
  });
}

const nothing: ReadonlySet<string> = new Set();

function watchedOf({ systems }: Landing, connection: string): Watched {
  const objects = systems.get(connection)?.mapping.objects ?? {};
  return (object) => objects[object]?.watched ?? nothing;
}

type Landing = Pick<Hub, 'store' | 'clock' | 'systems'>;

/**
 * Of two readings with one stamp the one that was asked for last counts. That is a guess where the record could still
 * change under that stamp, and where the two were asked for in another order than they came: the vendor may have
 * looked at the record late for the earlier one. Then it is read once more, when the stamp is over.
 */
async function readAgain({ clock, systems }: Landing, store: Store, ties: readonly Tie[]): Promise<void> {
  const now = clock.now();
  const doubtful = ties.flatMap(({ ref, modifiedAt, readAt, beforeAt }) => {
    const stream = systems.get(ref.connection)?.connector.streams?.[ref.object];
    if (!stream?.fetch) return [];
    const { stampStepMs = 0 } = stream;
    const isDoubtful = readAt < modifiedAt + stampStepMs || readAt <= beforeAt;
    return isDoubtful ? [{ ref: refText(ref), dueAt: now + stampStepMs + clockErrorMs }] : [];
  });
  for (const [dueAt, some] of Map.groupBy(doubtful, (one) => one.dueAt))
    await store.work.mark(
      'fetch',
      some.map(({ ref }) => ref),
      dueAt,
    );
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
