/**
 * What a connector is. A connector is an object, not a class tree; every ability is an optional member,
 * and its absence is the capability flag. A connector speaks its vendor's language only: records,
 * checkpoints, writes, faults. It knows nothing of people, deals, credit, SQL or mappings.
 *
 * Members are declared as methods on purpose: method parameters are bivariant, so a `Connector<MyConfig>`
 * stands wherever a `Connector` is asked for, and the hub hands each one the config that its schema parsed.
 */
import type { ZodType } from 'zod';
import type { Clock } from '../support/clock.ts';
import type { Json, JsonObject } from '../support/json.ts';
import type { Log } from '../support/log.ts';
import type { Fault } from './fault.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';

export interface Connector<C = unknown> {
  /** Short lower-case name of the system, as in `mappings/<id>.yaml`: `salesforce`. */
  readonly id: string;
  readonly title: string;
  /** What an admin fills in. Every field carries `.meta({ label, help, example, secret })`. */
  readonly config: ZodType<C>;
  readonly auth: Auth<C>;
  limits(config: C): Limits;
  /** Where relative URLs of `Http.send` start; a token may carry its own base (Salesforce `instance_url`). */
  baseUrl(config: C, token: Token | null): string;
  /** Names what the hub does next about an answer that is not a success; null when it is one. */
  fault(answer: HttpResponse): Fault | null;
  /** The cheapest call that proves the credentials. Throws `unauthorized`; lists missing permissions. */
  check(ctx: Context<C>): Promise<CheckResult>;
  /** The currency that the account itself is in. Absent: it does not say. */
  currency?(ctx: Context<C>): Promise<OwnCurrency>;
  /** Readable kinds of record, keyed by the vendor's object name. Order is the order of a backfill. */
  readonly streams?: Readonly<Record<string, Stream<C>>>;
  /**
   * Names those of several streams that may have news, in fewer calls than a pull of each would take. A stream
   * that has news is always named; so is one that cannot be judged this way. Reads nothing into the hub.
   */
  poll?(ctx: Context<C>, standing: readonly StreamPosition[]): Promise<ReadonlySet<string>>;
  /** Writable kinds of record, keyed by the vendor's object name. */
  sink?(object: string): Sink<C> | undefined;
  readonly webhooks?: Webhooks<C>;
  readonly fields?: Fields<C>;
  readonly files?: Files;
  readonly pages?: Pages<C>;
}

export interface Context<C = unknown> {
  /** The connection's name in `config/hub.yaml`; goes into every log line and error. */
  readonly connection: string;
  readonly config: C;
  /** The hub's one policy: pacing, retry, time-outs, token refresh. SDKs are run through it. */
  readonly http: Http;
  /** The hub's own: for waiting and for measuring how long something took. It may be wrong, and may jump. */
  readonly clock: Clock;
  /** The vendor's, by the Date headers of its answers: all that is compared with what the vendor stamps. */
  readonly vendorClock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** What `grant` left in `Token.extra` (own user id, scopes), signing in first if need be; never the token. */
  identity(): Promise<JsonObject>;
}

// ---------------------------------------------------------------------------------------------- reading

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
}

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
  /** Fewest calls of a first reading that ended with `checkpoint`, where it is not ⌈records ÷ page⌉. */
  leastPull?(records: number, checkpoint: Checkpoint): number;
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
   * a kill repeats one page at most. Starts from the beginning on null. Ends when it has caught up.
   * Ties on the timestamp, late commits and expired checkpoints lose nothing (bounded re-read instead);
   * a record may come again, a record may not be missed.
   */
  pull(ctx: Context<C>, checkpoint: Checkpoint | null, options?: PullOptions): AsyncGenerator<Page>;
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
  /** Vendor fields that some mapping reads beyond the stream's own list (custom fields). */
  readonly fields?: readonly string[];
  /** Those of `fields` that nobody misses where they are not: leaving one out is worth no word. */
  readonly unmissed?: readonly string[];
  /** Fields whose change times two-way rules need; `fieldTimes` tells them where the vendor keeps a history. */
  readonly history?: readonly string[];
  /** Fields of which every past value is wanted, from the first reading on, where the vendor keeps a history. */
  readonly past?: readonly string[];
}

// ---------------------------------------------------------------------------------------------- writing

export interface Write {
  /** The caller's name for this write; comes back in its outcome. Unique within one `push`. */
  readonly key: string;
  /**
   * `update` needs `id`. `upsert` needs `externalId`. `delete` needs either. There is no blind create: a
   * repeated create must be an update (design, hard rule 3).
   */
  readonly op: 'update' | 'upsert' | 'delete';
  readonly id?: string;
  readonly externalId?: { readonly field: string; readonly value: string };
  /** Vendor field names and values; null clears. References by external id: `{ object, field, value }`. */
  readonly fields: Readonly<Record<string, Json>>;
  /** To be tied to the record in the vendor's own way (HubSpot associations). */
  readonly associations?: readonly Association[];
  /** Conditional write, where the vendor has one. */
  readonly version?: string;
}

export interface Association {
  readonly object: string;
  readonly id: string;
  /** The vendor's own type id or label; the object pair's default when absent. */
  readonly type?: string;
}

export type Outcome =
  | {
      readonly key: string;
      readonly status: 'written';
      readonly id: string;
      readonly created: boolean;
      /** What the vendor made of our values, where its answer says. */
      readonly answer?: Readonly<Record<string, Json>>;
      readonly modifiedAt?: number;
    }
  | { readonly key: string; readonly status: 'failed'; readonly fault: Fault };

export interface Sink<C = unknown> {
  readonly batchSize: number;
  /**
   * One outcome per write, aligned by key even if the vendor shuffles; resolves when each outcome is known
   * (bulk jobs too). One bad record spoils only itself. Throws only when no write of the batch was decided
   * (no connection, sign-in); the caller then repeats the whole push, which is harmless.
   */
  push(ctx: Context<C>, writes: readonly Write[]): Promise<Outcome[]>;
}

// ---------------------------------------------------------------------------------------------- sign-in

export interface Token {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Ms since the epoch; absent where the vendor does not tell and a 401 is the only signal. */
  readonly expiresAt?: number;
  readonly baseUrl?: string;
  /** Whatever else the connector wants to find again (own user id, granted scopes). */
  readonly extra?: JsonObject;
  /** Fingerprint of `Auth.account`, put here by the auth layer. */
  readonly account?: string;
}

export interface Auth<C = unknown> {
  /**
   * A fresh token. Called by the auth layer alone: at most once per request, one at a time per connection
   * across processes; the answer is stored before it is used. Absent: nothing to sign in to.
   */
  grant?(ctx: GrantContext<C>, previous: Token | null): Promise<Token>;
  /**
   * The settings that say for whom a token is granted. When the admin changes one of them, a stored token is of
   * another account and is not used any more. Absent: stored tokens outlive any change of the settings.
   */
  account?(config: C): Json;
  /** Puts the token on a request. */
  sign(request: HttpRequest, token: Token): HttpRequest;
}

/** Signing in happens below the auth layer, so `http` here carries no token. */
export type GrantContext<C = unknown> = Omit<Context<C>, 'identity'>;

export interface CheckResult {
  /** Who we are over there, for the admin to recognise: organisation and user. */
  readonly account: string;
  /** Where the account's own pages start, for `Pages.address`. */
  readonly site?: string;
  readonly missingPermissions: readonly string[];
}

export interface OwnCurrency {
  /** What amounts are in whose record names none, as the vendor writes it; null: not known. */
  readonly code: string | null;
  /** Records may be in different currencies, and have a field that says in which. */
  readonly several: boolean;
}

// ---------------------------------------------------------------------------------------------- limits

export interface Limits {
  /** Rate pools by name; a request names its pool, `default` otherwise. */
  readonly pools: Readonly<Record<string, PoolLimit>>;
  /** Calls per day, where the plan is known; the vendor's own headers correct it. */
  readonly daily?: number;
  /** Share of every allowance that is left for the customer's other apps, 0 to 1. */
  readonly reserve: number;
  /** What the answer's headers say about the allowance. */
  usage?(answer: HttpResponse): Usage | null;
}

export interface PoolLimit {
  readonly requests: number;
  readonly perMs: number;
  readonly concurrency: number;
}

export interface Usage {
  readonly daily?: { readonly limit: number; readonly used: number };
  readonly window?: {
    readonly pool: string;
    readonly limit: number;
    readonly remaining: number;
    readonly perMs: number;
  };
}

// ---------------------------------------------------------------------------------------------- webhooks

export interface WebhookRequest {
  readonly method: string;
  /** The public URL that was called, scheme and host included: signatures cover it. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type Verdict =
  | { readonly accepted: true; readonly replayKey: string }
  | { readonly accepted: false; readonly status: 400 | 401 | 403 | 413; readonly reason: string };

/** What a webhook named: re-read it. */
export interface Change {
  readonly object: string;
  readonly id: string;
}

export interface Delivery {
  readonly changes: readonly Change[];
  /** Whole records, for senders that are the only source of what they send (chat events). */
  readonly records: readonly VendorRecord[];
  /** Events of kinds that this connector does not follow; counted, not an error. */
  readonly ignored?: number;
}

export interface WebhookContext<C = unknown> {
  readonly config: C;
  /** The vendor's, as far as it has told the time: the hub's may be wrong. */
  readonly clock: Pick<Clock, 'now'>;
}

/** What is known of a delivery before its body is read. */
export type WebhookHead = Omit<WebhookRequest, 'body'>;
export type Refusal = Extract<Verdict, { readonly accepted: false }>;

export interface Webhooks<C = unknown> {
  /** The largest body that this sender sends; absent: the hub's own limit. */
  readonly maxBytes?: number;
  /** Refuses what no body could make acceptable, before the body is read. Never throws. */
  admit?(ctx: WebhookContext<C>, head: WebhookHead): Refusal | null;
  /** Raw bytes, constant-time comparison, age limit. Never throws. */
  verify(ctx: WebhookContext<C>, request: WebhookRequest): Verdict;
  /** Only names what changed. Throws `rejected` for a body that is not of the vendor's shape. */
  parse(ctx: WebhookContext<C>, request: WebhookRequest): Delivery;
  /** What the sender wants to hear; an empty 200 otherwise. */
  reply?(): { readonly contentType: string; readonly body: string };
}

// ---------------------------------------------------------------------------------------------- fields

export type FieldType =
  | 'text'
  | 'longtext'
  | 'number'
  | 'money'
  | 'percent'
  | 'boolean'
  | 'date'
  | 'time'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'multipicklist'
  | 'reference'
  | 'other';

export interface FieldDescription {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly maxLength?: number;
  readonly options?: readonly string[];
  /** Values other than the options are refused. */
  readonly restricted?: boolean;
}

/** A field (or, with `object` new to the CRM, an object) that the hub wants to exist. */
export interface FieldSpec {
  readonly object: string;
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly unique?: boolean;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly options?: readonly string[];
  /** For `reference`: the object it points to. */
  readonly to?: string;
  readonly help?: string;
}

export interface ProvisionStep {
  readonly what: 'object' | 'group' | 'field' | 'permission';
  readonly name: string;
  readonly status: 'exists' | 'missing' | 'created' | 'failed';
  readonly detail?: string;
}

export interface Fields<C = unknown> {
  describe(ctx: Context<C>, object: string): Promise<FieldDescription[]>;
  /** Plans, and with `apply` creates, what is missing, with field permissions. Twice is once. */
  provision(
    ctx: Context<C>,
    wanted: readonly FieldSpec[],
    options: { apply: boolean },
  ): Promise<ProvisionStep[]>;
}

// ---------------------------------------------------------------------------------------------- files

/** Import of a file of the connector's own records, a line each (NDJSON). */
export interface Files {
  /** Throws `rejected` naming what is wrong with the line. */
  parseLine(line: string): VendorRecord[];
}

// ---------------------------------------------------------------------------------------------- pages

export interface NamedRecord {
  readonly id: string;
  readonly object?: string;
}

/** A record of another account of the vendor; continues "The address is of …". */
export interface NamedElsewhere {
  readonly elsewhere: string;
}

/** An id that cannot be: `mistyped` says why; a whole sentence. */
export interface NamedWrongly {
  readonly mistyped: string;
}

/** The pages in which people look at records: what they click, and what they copy from the address bar. */
export interface Pages<C = unknown> {
  /**
   * Address of a record's page; null where it cannot be told without asking the vendor. `site` is what `check` last
   * said, null before the first check.
   */
  address(config: C, site: string | null, object: string, id: string): string | null;
  /** The record that a copied address or an id names, in the form in which it has landed; null: not of this vendor. */
  named(text: string, site: string | null): NamedRecord | NamedElsewhere | NamedWrongly | null;
}
