/** Stage 1: records as the systems hold them. */
import type { RecordRef } from '../../canonical/model.ts';
import type { Sighting } from '../../canonical/sighting.ts';
import type { VendorRecord } from '../../connector/contract/reading.ts';
import type { JsonObject } from '../../support/json.ts';

/** A record as last received, with what is known of its earlier versions. */
export interface LandedRecord {
  readonly ref: RecordRef;
  readonly body: JsonObject;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly version?: string;
  readonly byUs: boolean;
  readonly tombstone?: { readonly kind: 'deleted' | 'erased' | 'merged'; readonly into?: string };
  /** Told by the vendor of the present values, by the field's path in the body: `properties.phone`. */
  readonly toldTimes: Readonly<Record<string, number>>;
  /** By path in the body: fields that held another value, or were missing, in an earlier version. */
  readonly changes: Readonly<Record<string, FieldChange>>;
  /** `modifiedAt` of the earliest version that is known: fields without a change are at least as old. */
  readonly since: number;
  /** By path: the values that a watched field has held, the present one among them; only where there were several. */
  readonly past: Readonly<Record<string, readonly Sighting[]>>;
  /** When it was gone at the latest: as its system says, else when it did not come. Only with a tombstone. */
  readonly endedAt?: number;
}

/** Paths in the bodies of an object's records whose earlier values are kept. */
export type Watched = (object: string) => ReadonlySet<string>;

/** What earlier versions say of a field's present value; see `versions.ts` for what follows from it. */
export interface FieldChange {
  /** `modifiedAt` of the last version that had another value. */
  readonly differedAt: number;
  /** False when that version did not have the field at all: it may not have been asked for. */
  readonly known: boolean;
  /** `modifiedAt` of the first version after that. */
  readonly since: number;
}

/** Two readings of one record that have one stamp and differ: which of them is the later one is a guess. */
export interface Tie {
  readonly ref: RecordRef;
  readonly modifiedAt: number;
  /** When the reading was asked for that came last, and when the one was that was there. */
  readonly readAt: number;
  readonly beforeAt: number;
}

/** What a landing changed. */
export interface LandedNews {
  /** Records that were not there. */
  readonly added: readonly RecordRef[];
  /** Records that were there and of which anything that later stages see has changed. */
  readonly changed: readonly RecordRef[];
}

export interface Landing {
  /**
   * Merges the records into what is there. The result depends only on the set of versions ever put, not
   * on their order or repetition: the newest version is the body; of those before it, it is kept when each
   * field last held another value. Newest is the greatest `modifiedAt`; at the same time a tombstone beats a
   * body, a later reading (`readAt`) an earlier one, and more fields fewer, so that a field that is newly
   * asked for arrives. A bare tombstone leaves the last body in sight, for its keys still join; one of kind
   * `erased` takes all that is older away for good.
   * Returns the records of which anything that later stages see has changed. `onTie` may be called more than once
   * for one tie. Of the paths that are `watched` earlier values are kept, from the first version with them on.
   */
  put(
    connection: string,
    records: readonly VendorRecord[],
    onTie?: (tie: Tie) => void,
    watched?: Watched,
  ): Promise<RecordRef[]>;
  /**
   * Puts records that a person hands over, if need be in place of what is there: of a live record the last one
   * handed over counts, whatever its `modifiedAt`, and nothing of the one before is kept. Equal content changes
   * nothing; deletions and erasures stay.
   */
  correct(connection: string, records: readonly VendorRecord[]): Promise<LandedNews>;
  /** By text ref; absent ones are left out. */
  get(refs: readonly string[]): Promise<LandedRecord[]>;
  /** Text refs after `after`, in order. */
  scan(
    filter: { connection?: string; object?: string },
    after: string | null,
    limit: number,
  ): Promise<string[]>;
  /** Live records (no tombstone) per object. */
  counts(connection: string): Promise<Readonly<Record<string, number>>>;
  /**
   * Takes a person's data out for good (erasure): body and earlier versions go, the tombstone stays. Versions
   * up to now that are put again stay out; a later change at the vendor brings the record back.
   */
  erase(refs: readonly string[]): Promise<void>;
}
