import type { VendorRecord } from '../connector/contract/reading.ts';
import { canonicalJson } from '../support/fingerprint.ts';

/** What the hub would have stored: the newest version of each record, known by its id. */
export class Landing {
  readonly #versions = new Map<string, string>();

  /** Returns the records that were news. */
  put(records: readonly VendorRecord[]): VendorRecord[] {
    return records.filter((record) => {
      const version = canonicalJson([record.modifiedAt, record.body, { ...record.tombstone }]);
      const known = this.#versions.get(record.id) === version;
      this.#versions.set(record.id, version);
      return !known;
    });
  }

  has(id: string): boolean {
    return this.#versions.has(id);
  }
}
