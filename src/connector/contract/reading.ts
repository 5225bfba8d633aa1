/** Reading: records, pages and streams. */
import type { Json, JsonObject } from '../../support/json.ts';
import type { Context } from './context.ts';

/** One row as the vendor gave it. */
export interface VendorRecord {
  readonly object: string;
  readonly id: string;
  /** As it came, untouched. Associations that the vendor keeps outside the row go under their own key. */
  readonly body: JsonObject;
  readonly createdAt?: number;
  /** The vendor's change stamp in ms; orders the versions of one record. */
  readonly modifiedAt: number;
  /**
   * When the row was asked for, by the vendor's clock and not later than it was, where a record can change without
   * its stamp moving (HubSpot associations, whole seconds): of two readings with one stamp, the later one counts.
   */
  readonly readAt?: number;
  /** The vendor's version of the row (ETag), where it has one for conditional writes. */
  readonly version?: string;
  /** When each field's value last changed, where the vendor tells (HubSpot property history). */
  readonly fieldTimes?: Readonly<Record<string, number>>;
  /** True when the vendor says that the last change was made with this connection's credentials. */
  readonly byUs?: boolean;
  /** Fields that were asked for and may not be read, by vendor name: what they hold is unknown, and no blank. */
  readonly unread?: readonly string[];
  readonly tombstone?: Tombstone;
}

export type Tombstone =
  | {
      readonly kind: 'deleted' | 'erased';
      /** Nobody said so: the record no longer came. One that comes again later is live again. */
      readonly presumed?: true;
    }
  | { readonly kind: 'merged'; readonly into: string };

/** Opaque to the hub; stored in the same transaction as the page that it closes. */
export type Checkpoint = Json;

export interface Page {
  readonly records: readonly VendorRecord[];
  readonly checkpoint: Checkpoint;
  /** What came and is no record, for instance without a time. It is kept, and waits for a person with the reason. */
  readonly unreadable?: readonly Unreadable[];
}

export interface Unreadable {
  /** The same for the same thing that comes again. */
  readonly name: string;
  /** As `webhooks.parse` of the same connector takes it, which says what is wrong with it. */
  readonly body: string;
}

/** How a pull ends that the vendor keeps waiting: to be taken up from its last checkpoint, later. */
export interface Rest {
  /** When to come again, ms from now; the vendor's own advice where it gives one. */
  readonly resumeInMs: number;
  /** For the admin, continues "waits for": `an export of leads`. */
  readonly waitsFor: string;
}

/** Pages, then nothing when the pull has caught up, or a `Rest`. */
// biome-ignore lint/suspicious/noConfusingVoidType: what a generator returns that just ends.
export type Pages = AsyncGenerator<Page, Rest | void>;

export interface Stream<C = unknown> {
  /** What an admin calls it. */
  readonly title: string;
  /**
   * A pull from the beginning yields every live record: one that does not come is gone. Absent where a pull yields
   * a window of time, or facts that stay facts when the vendor forgets them (chat events, form submissions).
   */
  readonly complete?: true;
  /** How many records one call may bring: the denominator of "the least possible number of calls". */
  readonly pageSize: number;
  /** The same for readings that ask for `PullOptions.past`, where that makes pages smaller. */
  readonly pageSizeWithPast?: number;
  /** Fewest calls to fetch so many records, where it is not ⌈records ÷ page⌉. */
  leastFetch?(records: number): number;
  /**
   * The steps in which the change stamp counts, ms; absent: so fine that no two changes share one. A record that is
   * read before the step of its stamp is over may change again and keep the stamp.
   */
  readonly stampStepMs?: number;
  /** When to look for changes unless the admin says otherwise (cron), where a look costs many calls. */
  readonly schedule?: string;
  /**
   * Yields pages in the order in which they must be stored. Page and checkpoint are committed together:
   * a kill repeats one page at most. Starts from the beginning on null. Ends when it has caught up, or with a
   * `Rest` where the vendor needs longer than a request may take (an export): what was asked for then stands in the
   * checkpoint of a page, which may be empty, so that nobody asks for it again. A pull never sleeps that long itself.
   * Ties on the timestamp, late commits and expired checkpoints lose nothing (bounded re-read instead);
   * a record may come again, a record may not be missed.
   */
  pull(ctx: Context<C>, checkpoint: Checkpoint | null, options?: PullOptions): Pages;
  /**
   * Ids of all live records, in the fewest calls; in any order, and one may come twice. For vendors that do not say
   * what was deleted: what has landed and is not among them is looked for by `fetch`, else withdrawn.
   */
  ids?(ctx: Context<C>, options?: PullOptions): AsyncGenerator<readonly string[]>;
  /** How many live records there are, by the vendor's own count. */
  count?(ctx: Context<C>, options?: PullOptions): Promise<number>;
  /**
   * Names of what the vendor lets be read apart only (mailboxes, forms, shops). Each is pulled by itself, with
   * `PullOptions.part` and a checkpoint of its own. Record ids are unique over all parts.
   */
  parts?(ctx: Context<C>): Promise<readonly string[]>;
  /** How many parts may be pulled at the same time; one after the other when absent. */
  readonly partsAtOnce?: number;
  /** Re-reads the named records; ids that no longer exist come back as tombstones. */
  fetch?(ctx: Context<C>, ids: readonly string[], options?: PullOptions): Promise<VendorRecord[]>;
}

/** Where one stream stands that has been read before. */
export interface StreamPosition {
  readonly object: string;
  readonly checkpoint: Checkpoint;
  readonly options?: PullOptions;
}

export interface PullOptions {
  /** The part to pull, of a stream that has parts. */
  readonly part?: string;
  /** Vendor fields that some mapping reads beyond the stream's own list (custom fields). */
  readonly fields?: readonly string[];
  /** Those of `fields` that nobody misses where they are not: leaving one out is worth no word. */
  readonly unmissed?: readonly string[];
  /** Fields whose change times two-way rules need; `fieldTimes` tells them where the vendor keeps a history. */
  readonly history?: readonly string[];
  /** Fields of which every past value is wanted, from the first reading on, where the vendor keeps a history. */
  readonly past?: readonly string[];
}
