/** What the worker processes write, so that their tests know what to look for. */
import type { VendorRecord } from '../../src/connector/contract/reading.ts';

export const recordsPerPage = 5;
export const turnsOfEach = 60;

export function pageOf(page: number): VendorRecord[] {
  return Array.from({ length: recordsPerPage }, (_, n) => ({
    object: 'Lead',
    id: `${String(page).padStart(6, '0')}-${n}`,
    body: { page, text: 'x'.repeat(400) },
    modifiedAt: page,
  }));
}
