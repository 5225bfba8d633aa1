/**
 * What the road needs of a store. One implementation over Kysely serves SQLite and PostgreSQL; one suite
 * tests both. All times are ms UTC. A method that changes rows is atomic by itself; several become one by
 * `transaction`.
 */
import type { CanonicalEvent } from '../canonical/events.ts';
import type { Contribution, Entity, EntityKind, Link, RecordRef } from '../canonical/model.ts';
import type { TokenVault } from '../connector/auth.ts';
import type { Checkpoint, VendorRecord } from '../connector/contract.ts';
import type { Json, JsonObject } from '../support/json.ts';

export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  /**
   * All or nothing. A transaction inside a transaction is part of the outer one. Inside, only the store that
   * is handed over may be used. The work may be run again (PostgreSQL breaks deadlocks by ending one side), so
   * it does nothing but read and write the store.
   */
  transaction<T>(work: (store: Store) => Promise<T>): Promise<T>;
  readonly landing: Landing;
  readonly work: WorkSet;
  readonly facts: Facts;
  readonly entities: Entities;
  readonly credits: Credits;
  readonly fits: Fits;
  readonly outbox: Outbox;
  readonly connections: Connections;
  readonly runs: Runs;
  close(): Promise<void>;
}

// ------------------------------------------------------------------------------------------- 1 landing

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
}

/** What earlier versions say of a field's present value; see `versions.ts` for what follows from it. */
export interface FieldChange {
  /** `modifiedAt` of the last version that had another value. */
  readonly differedAt: number;
  /** False when that version did not have the field at all: it may not have been asked for. */
  readonly known: boolean;
  /** `modifiedAt` of the first version after that. */
  readonly since: number;
}

export interface Landing {
  /**
   * Merges the records into what is there. The result depends only on the set of versions ever put, not
   * on their order or repetition: the newest version is the body; of those before it, it is kept when each
   * field last held another value. Newest is the greatest `modifiedAt`; at the same time a tombstone beats a
   * body, a later reading (`readAt`) an earlier one, and more fields fewer, so that a field that is newly
   * asked for arrives. A bare tombstone leaves the last body in sight, for its keys still join; one of kind
   * `erased` takes all that is older away for good.
   * Returns the records of which anything that later stages see has changed.
   */
  put(connection: string, records: readonly VendorRecord[]): Promise<RecordRef[]>;
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

// ------------------------------------------------------------------------------------------- work

export const stages = ['fetch', 'normalize', 'resolve', 'attribute', 'push'] as const;
export type Stage = (typeof stages)[number];

/** A claimed piece of work. `version` is the mark that was claimed: later marks survive `done`. */
export interface Claim {
  readonly stage: Stage;
  readonly key: string;
  readonly version: number;
  readonly attempts: number;
}

/** Why a piece of work waits for a person. */
export interface ParkedReason {
  /** The vendor's own code and words. */
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  /** The record that it is about, where known. */
  readonly record?: string;
}

export interface ParkedWork {
  readonly stage: Stage;
  readonly key: string;
  readonly at: number;
  readonly reason: ParkedReason;
}

export interface WorkSet {
  /** Marks keys dirty; twice is once. A mark on a parked key brings it back. */
  mark(stage: Stage, keys: readonly string[]): Promise<void>;
  /**
   * Takes up to `limit` keys that nobody holds and that are due, oldest mark first. The claim lapses after
   * `leaseMs`. `prefix` narrows to keys that start with it.
   */
  claim(stage: Stage, limit: number, leaseMs: number, prefix?: string): Promise<Claim[]>;
  /** Clears what was claimed; a key marked meanwhile stays dirty and free. */
  done(claims: readonly Claim[]): Promise<void>;
  /** Gives back, to be tried again at `dueAt`; counts an attempt. */
  retry(claims: readonly Claim[], dueAt: number): Promise<void>;
  /** Gives back at once, no attempt counted (held writes, cancelled runs). */
  release(claims: readonly Claim[]): Promise<void>;
  park(claim: Claim, reason: ParkedReason): Promise<void>;
  parked(filter?: { stage?: Stage; prefix?: string }): Promise<ParkedWork[]>;
  /** Parked work back to work, or out for good. Returns how many. */
  unpark(filter: { stage?: Stage; key?: string; prefix?: string }): Promise<number>;
  drop(filter: { stage?: Stage; key?: string; prefix?: string }): Promise<number>;
  /** Dirty, unparked keys by stage. */
  counts(): Promise<Readonly<Record<Stage, number>>>;
  /** Dirty, unparked keys of a stage that start with `prefix`. */
  count(stage: Stage, prefix: string): Promise<number>;
  /** Those of the keys that are dirty and not parked, each with whether somebody is at work on it. */
  dirty(stage: Stage, keys: readonly string[]): Promise<ReadonlyMap<string, 'free' | 'claimed'>>;
  /** When the earliest dirty key falls due; null when nothing is dirty. */
  nextDueAt(): Promise<number | null>;
  /** Calls back soon after anyone marks work, in this process or (PostgreSQL notify, SQLite poll) another. */
  onMark(listener: () => void): () => void;
}

// ------------------------------------------------------------------------------------------- 2 normalize

/** Contributions are named `<kind>|<text ref>`: a record may say something of several entities. */
export interface NormalizedRecord {
  readonly ref: RecordRef;
  readonly contributions: readonly Contribution[];
  readonly links: readonly Link[];
  readonly events: readonly CanonicalEvent[];
}

export interface FactsChange {
  /** Contribution names to resolve again: own ones that changed or vanished, and those that hold a key to
   * which a changed link or event points. */
  readonly resolve: readonly string[];
}

export interface Facts {
  /** Replaces all that these records say. Says what has to be resolved again; nothing when nothing changed. */
  replace(records: readonly NormalizedRecord[]): Promise<FactsChange>;
  /**
   * All contributions that hang together with the named ones by shared keys (same kind), whole components.
   * Those that formed one entity until now stay together even if no key joins them any more: whoever replaces
   * that entity has all of it in hand, so one component may resolve to several entities, or to none.
   * A component over `limit` contributions is cut off and reported, never joined silently; the named ones are
   * among those that are left. Inside a transaction, only one worker at a time gets past this call.
   */
  components(names: readonly string[], limit: number): Promise<Component[]>;
  /** Canonical events by type prefix, oldest first, after a position; for streams to other consumers. */
  events(
    filter: { types?: readonly string[]; subjects?: readonly string[]; after?: { time: number; id: string } },
    limit: number,
  ): Promise<CanonicalEvent[]>;
}

export interface Component {
  readonly contributions: readonly Contribution[];
  /** Ids of the entities to which these contributions belonged until now. */
  readonly entities: readonly string[];
  readonly overLimit: boolean;
}

// ------------------------------------------------------------------------------------------- 3 resolve

export interface ResolvedEntity {
  readonly entity: Entity;
  /** `kind:value` texts of the keys that lead to this entity and to no other. */
  readonly keys: readonly string[];
}

export interface Entities {
  /**
   * Puts resolved entities in the place of `before` (ids that the same contributions formed until now);
   * ids in `before` that are not among the new ones end, with a line in the merge log, and their children
   * with them. What `setDerived` set stays. Members are contribution names.
   * Returns the ids whose fields, members or existence changed, ended ones and their children included.
   */
  replace(resolved: readonly ResolvedEntity[], before: readonly string[], at: number): Promise<string[]>;
  get(ids: readonly string[]): Promise<Entity[]>;
  /** By `kind:value` key text. */
  byKey(kind: EntityKind, keys: readonly string[]): Promise<Readonly<Record<string, string>>>;
  scan(kind: EntityKind, after: string | null, limit: number): Promise<Entity[]>;
  count(kind: EntityKind): Promise<number>;
  /** Deals with a person among these, through links of either. */
  dealsOf(personIds: readonly string[]): Promise<string[]>;
  /** Ids of each deal's organizations and persons, by deal. */
  partiesOf(dealIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Persons, roles and touches of each deal, all of them: the journey's raw material. */
  dealFacts(dealIds: readonly string[]): Promise<DealFacts[]>;
  /** What happened to each person, and where they belong: the raw material of fits. */
  personFacts(personIds: readonly string[]): Promise<PersonFacts[]>;
  /** Organizations by person; people without one are left out. */
  organizationsOf(personIds: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>>;
  /**
   * Sets the fields that the hub itself computes (chat credit), in place of those set before, apart from the
   * resolved ones and over them. Returns the ids that changed; entities that are gone are passed over.
   */
  setDerived(derived: readonly { id: string; fields: Entity['fields'] }[]): Promise<string[]>;
  /**
   * Puts the hub's own child entities (chat touches) of some parents in place of those there before. Returns the
   * ids that changed or ended.
   */
  replaceChildren(kind: EntityKind, families: readonly Family[]): Promise<string[]>;
  merges(entityId: string): Promise<readonly MergeLine[]>;
}

export interface Family {
  readonly parent: string;
  readonly children: readonly Entity[];
}

export interface DealFacts {
  readonly dealId: string;
  readonly people: readonly {
    readonly id: string;
    readonly role: string | null;
    readonly primary: boolean;
  }[];
  /** `touch.*` events of those people, and the deal's own `deal.*` events, oldest first. */
  readonly events: readonly { readonly person: string | null; readonly event: CanonicalEvent }[];
}

export interface PersonFacts {
  readonly personId: string;
  readonly deals: readonly string[];
  readonly organizations: readonly string[];
  /** `touch.*` events and `chat.session_started`, oldest first. */
  readonly events: readonly CanonicalEvent[];
}

export interface MergeLine {
  readonly at: number;
  readonly kind: EntityKind;
  readonly what: 'joined' | 'split';
  readonly from: readonly string[];
  readonly into: readonly string[];
}

// ------------------------------------------------------------------------------------------- 4 attribute

export interface CreditLine {
  readonly dealId: string;
  readonly model: string;
  /** Event id of the touch; `baseline` for what would have happened anyway. */
  readonly touch: string;
  readonly channel: string;
  readonly time: number;
  readonly share: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
  readonly version: string;
}

/** One computing of a deal's credit: what came out, and all that is needed to compute it again. */
export interface Computation {
  readonly dealId: string;
  readonly at: number;
  /** Where the journey ended. */
  readonly endedAt: number;
  /** The time that the deal shows: that of the first computing with this outcome. Null: it shows none. */
  readonly toldAt: number | null;
  /** Names the models and settings. */
  readonly rules: string;
  /** What was known of the deal; null: there is nothing to credit. */
  readonly facts: { readonly hash: string; readonly body: string } | null;
  readonly lines: readonly CreditLine[];
  /** Everything else that came out (what is written onto the deal), as a hash. */
  readonly written: string;
}

/** A computation as it is kept: of its outcome only what proves that computing it again gave the same. */
export interface KeptComputation extends Omit<Computation, 'facts' | 'lines' | 'written'> {
  /** Null: there was nothing to credit. */
  readonly facts: string | null;
  /** See `digestsOf`. */
  readonly digests: Readonly<Record<string, string>>;
}

export interface Credits {
  /**
   * Puts these lines in the place of the deals' earlier ones. What came out as before is not written again; of what
   * came out different, or from other facts, it is kept how it was computed.
   */
  keep(computed: readonly Computation[]): Promise<void>;
  /** The last computation up to a time; null when the deal had none yet. */
  computedBy(dealId: string, at: number): Promise<KeptComputation | null>;
  /** Takes out of the past what is kept of deals of these records' people (erasure). Returns the deals. */
  forget(refs: readonly string[]): Promise<string[]>;
  ofDeal(dealId: string): Promise<CreditLine[]>;
  /** Sums of these deals by model, channel and currency. */
  totals(dealIds: readonly string[]): Promise<ChannelTotal[]>;
}

export interface ChannelTotal {
  readonly model: string;
  readonly channel: string;
  readonly share: number;
  readonly amountMinor: number;
  readonly currency: string;
}

// ------------------------------------------------------------------------------------------- fits

/** A model fitted to data. Once promoted it is kept for good, so that what it credited can be credited again. */
export interface Fit {
  /** Names the parameters, not the moment: the same data give the same version. */
  readonly version: string;
  /** Id of the model: `hazard`, `markov:2` … */
  readonly model: string;
  readonly fittedAt: number;
  /** The time from which its data come, ms. */
  readonly window: { readonly from: number; readonly to: number };
  readonly counts: Readonly<Record<string, number>>;
  readonly quality: JsonObject;
  /** Everything that is needed to apply it. */
  readonly snapshot: JsonObject;
}

export interface KeptFit extends Omit<Fit, 'snapshot'> {
  /** `promoted`: credits deals; `retired`: did so once; `candidate`: never did. */
  readonly status: 'candidate' | 'promoted' | 'retired';
  /** When it last began to credit deals, and when it ceased to. */
  readonly promotedAt: number | null;
  readonly retiredAt: number | null;
}

export interface Promotion {
  readonly model: string;
  /** What credits deals from then on; null: no fit of this model does. */
  readonly version: string | null;
  readonly at: number;
  readonly what: 'promoted' | 'rolled back';
}

export interface Fits {
  /** A version that is there already stays as it is. Returns whether it was new. */
  save(fit: Fit): Promise<boolean>;
  /** Newest first. */
  list(filter?: { model?: string; limit?: number }): Promise<KeptFit[]>;
  get(version: string): Promise<(KeptFit & Fit) | null>;
  /**
   * Takes out what no deal and no promotion ever rested on, but for the `keep` newest fits of the model. Returns how
   * many.
   */
  prune(model: string, keep: number): Promise<number>;
  /** The version that credits deals, or that did at a time. */
  promoted(model: string, at?: number): Promise<string | null>;
  /** False when the version is unknown, or credits deals already. */
  promote(version: string, at: number): Promise<boolean>;
  /** Back to the version before the present one, or to none. Null when the model has no promoted fit. */
  rollback(model: string, at: number): Promise<Promotion | null>;
  /** Oldest first. */
  promotions(filter?: { model?: string }): Promise<Promotion[]>;
  /** Another number after every promotion and rollback, by whatever process. */
  turn(): Promise<number>;
}

// ------------------------------------------------------------------------------------------- 5 push

/** One write to one record, from intent to outcome. Kept for undo and audit. */
export interface WriteRecord {
  readonly id: string;
  readonly run: string;
  readonly connection: string;
  readonly object: string;
  readonly entityId: string;
  /** Null until a created record's id is known. */
  readonly recordId: string | null;
  readonly op: 'update' | 'upsert' | 'delete';
  readonly fields: Readonly<Record<string, Json>>;
  /** Values that the write replaces, as last landed. */
  readonly replaced: Readonly<Record<string, Json>>;
  readonly status: 'intended' | 'written' | 'failed';
  readonly at: number;
  readonly fault?: string;
}

/** What we last wrote to a field, and what the vendor made of it. */
export interface FieldMemory {
  /**
   * `intended` until the vendor is known to have taken it: a write that may never have arrived is made again.
   * `overtaken` once somebody there has put something else in its place.
   */
  readonly status: 'intended' | 'written' | 'overtaken';
  readonly ref: string;
  /** Vendor field, as writes name it. */
  readonly field: string;
  /** Where it stands in a landed body. */
  readonly path: string;
  readonly canonical: string;
  readonly sent: Json;
  /** Absent until the vendor's version of our value has been seen. */
  readonly answer?: Json;
  /** The canonical value that was sent, with the time it had then. */
  readonly value: Json;
  readonly valueAt: number;
  readonly valueExact: boolean;
  /** `modifiedAt` of the landed record when we wrote, or of the vendor's answer. */
  readonly basis: number;
  /** How often the same value was sent in a row: the brake on loops. */
  readonly repeats: number;
}

export interface Outbox {
  /** Stored before anything is sent: writes and field memories together. */
  intend(writes: readonly WriteRecord[], memories: readonly FieldMemory[]): Promise<void>;
  settle(
    outcomes: readonly {
      id: string;
      status: 'written' | 'failed';
      recordId?: string;
      fault?: string;
      at: number;
    }[],
  ): Promise<void>;
  memories(refs: readonly string[]): Promise<FieldMemory[]>;
  remember(memories: readonly FieldMemory[]): Promise<void>;
  forget(memories: readonly { ref: string; field: string }[]): Promise<void>;
  /** Newest first. */
  writes(
    filter: { run?: string; connection?: string; entityId?: string },
    limit: number,
  ): Promise<WriteRecord[]>;
  /** Those of the entities for which at least `many` writes left for the connection at `since` (ms) or later. */
  writtenOften(
    connection: string,
    entityIds: readonly string[],
    since: number,
    many: number,
  ): Promise<string[]>;
}

// ------------------------------------------------------------------------------------------- connections

export interface Connections {
  /** Sealed at rest; `exclusively` is a lease that holds across processes. */
  readonly vault: TokenVault;
  checkpoint(connection: string, stream: string): Promise<Checkpoint | null>;
  saveCheckpoint(connection: string, stream: string, checkpoint: Checkpoint | null): Promise<void>;
  /** Small facts of the hub itself: mapping versions, held pushes, last pull times. */
  state(key: string): Promise<Json | null>;
  saveState(key: string, value: Json | null): Promise<void>;
  /** Runs `work` if nobody holds the lease, anywhere; renews it while running. False when it is held. */
  leased(name: string, ttlMs: number, work: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
  /** True the first time a replay key is seen; old keys are dropped after `keepMs`. */
  firstSeen(connection: string, replayKey: string, at: number, keepMs: number): Promise<boolean>;
}

export interface Run {
  readonly id: string;
  readonly kind: string;
  readonly connection: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly status: 'running' | 'done' | 'failed' | 'held';
  readonly counts: Readonly<Record<string, number>>;
  readonly message?: string;
}

export interface Runs {
  start(run: { id: string; kind: string; connection?: string; at: number }): Promise<void>;
  finish(
    id: string,
    result: {
      status: 'done' | 'failed' | 'held';
      at: number;
      counts: Readonly<Record<string, number>>;
      message?: string;
    },
  ): Promise<void>;
  recent(limit: number): Promise<Run[]>;
}
