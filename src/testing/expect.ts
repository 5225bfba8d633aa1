/** Assertions in the words of the contract. */
import assert from 'node:assert/strict';
import type { VendorRecord } from '../connector/contract/reading.ts';

/** Fails naming some of the ids that are missing, too many or strange. */
export function eachOnce(found: readonly VendorRecord[], expected: readonly string[]): void {
  const times = new Map<string, number>();
  for (const { id } of found) times.set(id, (times.get(id) ?? 0) + 1);
  complete(found, expected);
  const repeated = [...times].filter(([, count]) => count > 1).map(([id]) => id);
  assert(repeated.length === 0, `${repeated.length} records came more than once: ${some(repeated)}`);
  const wanted = new Set(expected);
  const strange = [...times.keys()].filter((id) => !wanted.has(id));
  assert(strange.length === 0, `${strange.length} records came that nobody asked for: ${some(strange)}`);
}

export function complete(found: readonly VendorRecord[], expected: readonly string[]): void {
  const ids = new Set(found.map(({ id }) => id));
  const missing = expected.filter((id) => !ids.has(id));
  assert(
    missing.length === 0,
    `${missing.length} of ${expected.length} records never came: ${some(missing)}`,
  );
}

/** The last version that came of a record; fails when none did. */
export function latest(found: readonly VendorRecord[], id: string): VendorRecord {
  const record = found.findLast((one) => one.id === id);
  assert(record, `record ${id} never came`);
  return record;
}

export function some(list: readonly string[]): string {
  return list.length <= 5 ? list.join(', ') : `${list.slice(0, 5).join(', ')}, …`;
}
