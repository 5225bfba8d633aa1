/**
 * A full reading notices what is gone: a record that no longer comes, and that the vendor does not know when it is
 * asked for by id, is withdrawn. Many at once are more likely a permission that was taken away: then a person is
 * asked first.
 */

import { z } from 'zod';
import { parseRef } from '../../canonical/names.ts';
import type { Stream, VendorRecord } from '../../connector/contract/reading.ts';
import { clockErrorMs } from '../../connector/vendor-clock.ts';
import type { LandedRecord } from '../../store/contract/landing.ts';
import type { Json } from '../../support/json.ts';
import type { Hub, System } from '../hub.ts';
import { land, pullOptions } from './landing.ts';

const doubtSchema = z.object({
  /** How many records did not come, of how many. */
  missing: z.number(),
  of: z.number(),
  /** When they did not come, by the hub's clock, ms. */
  at: z.number(),
});
export type Doubt = z.infer<typeof doubtSchema>;

/** Rows looked at, and ids asked for, in one go. */
const batch = 1_000;

/** What a full reading has brought, for the comparison with what had landed. */
export class Seen {
  readonly #ids = new Set<string>();

  add(ids: readonly string[]): void {
    for (const id of ids) this.#ids.add(id);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}

export interface Sweeping {
  readonly object: string;
  readonly stream: Stream;
  readonly seen: Seen;
  /**
   * When the reading began, by the vendor's clock, ms, where others may have landed records meanwhile: what is newer
   * is not missed. Where the vendor can be asked for single records, it is asked for these, too.
   */
  readonly since?: number;
  /** The admin has looked, and allows however many it are. */
  readonly yes: boolean;
}

/** Withdraws what is gone; returns how many. `seen` is of one reading from the beginning to the end. */
export async function sweep(hub: Hub, system: System, sweeping: Sweeping): Promise<number> {
  const { object, yes } = sweeping;
  const { missing, live } = await missingRecords(hub, system.name, sweeping);
  const { maxShare, minRecords } = hub.settings.safety;
  if (!yes && missing.length >= minRecords && missing.length / live > maxShare) {
    await keepDoubt(hub, system.name, object, { missing: missing.length, of: live, at: hub.clock.now() });
    return 0;
  }
  await keepDoubt(hub, system.name, object, null);
  let gone = 0;
  for (let at = 0; at < missing.length; at += batch)
    gone += await withdraw(hub, system, sweeping, missing.slice(at, at + batch));
  if (gone > 0)
    hub.log.info({ connection: system.name, object, gone }, 'records no longer came and are withdrawn');
  return gone;
}

async function missingRecords(
  { store }: Hub,
  connection: string,
  { object, stream, seen, since }: Sweeping,
): Promise<{ missing: LandedRecord[]; live: number }> {
  const newFrom = stream.fetch || since === undefined ? Number.POSITIVE_INFINITY : since - clockErrorMs;
  const missing: LandedRecord[] = [];
  for (let after: string | null = null; ; ) {
    const refs: string[] = await store.landing.scan({ connection, object }, after, batch);
    after = refs.at(-1) ?? null;
    if (after === null) break;
    const unseen = await store.landing.get(refs.filter((ref) => !seen.has(parseRef(ref).id)));
    missing.push(...unseen.filter((record) => record.tombstone === undefined && record.modifiedAt < newFrom));
  }
  return { missing, live: (await store.landing.counts(connection))[object] ?? 0 };
}

/** What is still there (made, or named by a webhook, while the reading went on) lands as it is. */
async function withdraw(
  hub: Hub,
  system: System,
  { object, stream }: Sweeping,
  missing: readonly LandedRecord[],
): Promise<number> {
  const ids = missing.map(({ ref }) => ref.id);
  const found = await stream.fetch?.(system.context, ids, pullOptions(system, object));
  const isLost = new Set(found === undefined ? ids : found.filter(isDeleted).map(({ id }) => id));
  const kept = found?.filter((record) => !isDeleted(record)) ?? [];
  const lost = missing.filter(({ ref }) => isLost.has(ref.id));
  const readAt = system.context.vendorClock.now();
  await land(hub, system.name, [...kept, ...lost.map((record) => presumedGone(record, readAt))]);
  return lost.length;
}

function isDeleted({ tombstone }: VendorRecord): boolean {
  return tombstone?.kind === 'deleted';
}

/** Of the same time as the record itself: should that come again, unchanged, its later reading counts. */
function presumedGone({ ref, modifiedAt }: LandedRecord, readAt: number): VendorRecord {
  const tombstone = { kind: 'deleted', presumed: true } as const;
  return { object: ref.object, id: ref.id, body: {}, modifiedAt, readAt, tombstone };
}

/** What a full reading left undecided; null when nothing is. */
export async function doubtOf(
  { store }: Pick<Hub, 'store'>,
  connection: string,
  object: string,
): Promise<Doubt | null> {
  const kept: Json | null = await store.connections.state(keyOf(connection, object));
  return doubtSchema.safeParse(kept).data ?? null;
}

export function doubtText(connection: string, object: string, { missing, of }: Doubt): string {
  return (
    `${missing} of ${of} ${object} records did not come in the last full reading. Nothing is withdrawn: a permission ` +
    `may have been taken away. If they are gone, allow it with \`hub sync ${connection} --full --yes\`.`
  );
}

async function keepDoubt(hub: Hub, connection: string, object: string, doubt: Doubt | null): Promise<void> {
  if (doubt === null && (await doubtOf(hub, connection, object)) === null) return;
  await hub.store.connections.saveState(keyOf(connection, object), doubt);
  if (doubt !== null) hub.log.warn({ connection, object }, doubtText(connection, object, doubt));
}

function keyOf(connection: string, object: string): string {
  return `swept:${connection}:${object}`;
}
