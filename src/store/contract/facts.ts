/** Stage 2: what records say, in the words of the canonical model. */
import type { CanonicalEvent, EventType } from '../../canonical/events.ts';
import type { Contribution, EntityKind, Link, RecordRef } from '../../canonical/model.ts';
import type { Limits } from '../../canonical/pairs.ts';
import type { Component } from './identity.ts';

/** Contributions are named `<kind>|<text ref>`: a record may say something of several entities. */
export interface NormalizedRecord {
  readonly ref: RecordRef;
  readonly contributions: readonly Contribution[];
  readonly links: readonly Link[];
  /** Those that it told of before, with their ends (`until`). */
  readonly formerLinks?: readonly Link[];
  readonly events: readonly CanonicalEvent[];
  /** The version of the mapping that says so. */
  readonly version?: string;
}

export interface FactsChange {
  /** Contribution names to resolve again: own ones that changed or vanished, and holders of keys that were let go. */
  readonly resolve: readonly string[];
  /** One holder of each key to which a changed link or event points, of those that are not to be resolved anyway. */
  readonly pointed: readonly PointedAt[];
  /** Events that were not known before, whenever they took place. */
  readonly events: readonly Pick<CanonicalEvent, 'id' | 'type' | 'time' | 'source'>[];
}

export interface PointedAt {
  /** Name of a contribution. */
  readonly name: string;
  /** The time of the earliest event that may have become, or ceased to be, its entity's; `-Infinity` for a link. */
  readonly since: number;
}

export interface Facts {
  /** Replaces all that these records say. Says what has to be resolved again; nothing when nothing changed. */
  replace(records: readonly NormalizedRecord[]): Promise<FactsChange>;
  /**
   * All contributions that hang together with the named ones by shared keys (same kind), whole components.
   * Those that formed one entity until now stay together even if no key joins them any more: whoever replaces
   * that entity has all of it in hand, so one component may resolve to several entities, or to none.
   * A component over `limit` contributions is cut off and reported, never joined silently; the named ones are
   * among those that are left. Remembered pairs and decisions of an admin hang together as shared keys do; keys
   * that more people share than `limits` allow do not, and neither do keys that more than `limit` hold.
   * Inside a transaction, only one worker at a time gets past this call.
   */
  components(names: readonly string[], limit: number, limits?: Limits): Promise<Component[]>;
  /** Text refs of records that point at these keys (`kind:value`), by link or by event; keys without any are left out. */
  pointing(keys: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The same for who only looks, at what was as well as at what is: keys that were held before lead on, too. */
  connected(names: readonly string[], limit: number, limits?: Limits): Promise<Component[]>;
  /** By name; absent ones are left out. */
  contributions(names: readonly string[]): Promise<Contribution[]>;
  /** Names of the contributions to a kind of entity that hold one of these keys (`kind:value` texts), at most `limit`. */
  holders(kind: EntityKind, keys: readonly string[], limit: number): Promise<string[]>;
  /** By key, names of the contributions that held it before and hold it no more; keys without any are left out. */
  formerHolders(kind: EntityKind, keys: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Names of all contributions after `after`, in order. */
  names(after: string | null, limit: number): Promise<string[]>;
  /** By id; absent ones are left out. */
  eventsNamed(ids: readonly string[]): Promise<CanonicalEvent[]>;
  /** Those of some types, oldest first, by subject. */
  eventsOf(
    subjects: readonly string[],
    types: readonly EventType[],
  ): Promise<ReadonlyMap<string, readonly CanonicalEvent[]>>;
  /** Canonical events by type prefix, oldest first, after a position; for streams to other consumers. */
  events(
    filter: { types?: readonly string[]; subjects?: readonly string[]; after?: { time: number; id: string } },
    limit: number,
  ): Promise<CanonicalEvent[]>;
}
