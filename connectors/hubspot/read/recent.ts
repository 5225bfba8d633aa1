/**
 * What the last searches brought. Windows overlap, so recent records are found again and again; those that
 * still look the same are not handed over twice. Forgetting one is harmless: it is only read once more.
 */
import { z } from 'zod';
import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import { canonicalJson, fingerprint } from '../../../src/support/fingerprint.ts';

/** Bounds the checkpoint: beyond it records are handed over again instead of remembered. */
const mostRemembered = 1_000;

export const recentSchema = z.record(z.string(), z.tuple([z.number(), z.string()]));
/** By record id: its change stamp and what it looked like. */
export type Remembered = z.infer<typeof recentSchema>;

export class Recent {
  readonly #seen: Map<string, [number, string]>;

  constructor(remembered: Remembered) {
    this.#seen = new Map(Object.entries(remembered));
  }

  /** Records that are new or look different. Those changed at or after `since` are remembered. */
  news(records: readonly VendorRecord[], since: number): VendorRecord[] {
    return records.filter((record) => this.#isNews(record, since));
  }

  remember(records: readonly VendorRecord[], since: number): void {
    for (const record of records) this.#isNews(record, since);
  }

  /** What windows that reach back to `since` will find again. */
  remembered(since: number): Remembered {
    return Object.fromEntries([...this.#seen].filter(([, [at]]) => at >= since));
  }

  #isNews(record: VendorRecord, since: number): boolean {
    const known = this.#seen.get(record.id);
    if (known === undefined && record.modifiedAt < since) return true;
    const look = lookOf(record);
    if (known !== undefined || this.#seen.size < mostRemembered) {
      this.#seen.set(record.id, [record.modifiedAt, look]);
    }
    return known?.[1] !== look;
  }
}

function lookOf({ body, tombstone }: VendorRecord): string {
  return fingerprint(canonicalJson({ body, tombstone: tombstone ?? null }), 12);
}
