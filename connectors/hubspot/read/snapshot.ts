/** Streams of short lists that have no change stamp to search by: the whole list is read, differences are told. */
import { z } from 'zod';
import type { Checkpoint, Page, VendorRecord } from '../../../src/connector/contract/reading.ts';
import { canonicalJson, fingerprint } from '../../../src/support/fingerprint.ts';
import { deleted } from './gone.ts';

/** Record id to what its row looked like. */
const checkpointSchema = z.record(z.string(), z.string());

/** One page with what differs from the checkpoint; rows that are gone become tombstones. */
export function snapshotPage(
  object: string,
  records: readonly VendorRecord[],
  checkpoint: Checkpoint | null,
  now: number,
): Page {
  const before = checkpointSchema.catch({}).parse(checkpoint);
  const looks = Object.fromEntries(records.map(({ id, body }) => [id, fingerprint(canonicalJson(body), 12)]));
  const changed = records.filter(({ id }) => before[id] !== looks[id]);
  const gone = Object.keys(before).filter((id) => !(id in looks));
  return { records: [...changed, ...gone.map((id) => deleted(object, id, now))], checkpoint: looks };
}
