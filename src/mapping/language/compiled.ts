/** What the mapping engine hands to the road: a mapping file, compiled. See `mappings/README.md`. */

import type { CanonicalEvent, EventType } from '../../canonical/events.ts';
import type {
  CanonicalFields,
  Contribution,
  EntityKind,
  FieldKind,
  Link,
  RecordRef,
} from '../../canonical/model.ts';
import type { Sighting } from '../../canonical/sighting.ts';
import type { FieldSpec } from '../../connector/contract/fields.ts';
import type { Json, JsonObject } from '../../support/json.ts';

/** A landed record as the mapping sees it. */
export interface MappedRecord {
  readonly ref: RecordRef;
  readonly body: JsonObject;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Per vendor field: when its present value is known to have come about, exactly or at the latest. */
  readonly fieldTimes: Readonly<Record<string, { readonly at: number; readonly exact: boolean }>>;
  readonly tombstone?: { readonly kind: 'deleted' | 'erased' | 'merged'; readonly into?: string };
  /** When it was gone at the latest, with a tombstone. */
  readonly endedAt?: number;
  /** When the earliest version was stamped of which anything is known; absent: `modifiedAt`. */
  readonly since?: number;
  /** By path: what a watched field has held, where that was several values. */
  readonly past?: Readonly<Record<string, readonly Sighting[]>>;
  /** The currency of the record's own system, where it is known: of amounts whose record names none. */
  readonly currency?: string;
  /** Values of the object's JSONata expressions, put here by `CompiledObject.prepare`. */
  readonly computed?: Readonly<Record<string, Json>>;
  /** Of expressions that failed on this record. */
  readonly warnings?: readonly MappingWarning[];
}

export interface Normalized {
  readonly contributions: readonly Contribution[];
  readonly links: readonly Link[];
  /** Links that the record told of and tells of no more, with their ends. */
  readonly formerLinks?: readonly Link[];
  readonly events: readonly CanonicalEvent[];
  /** Values that a transform could not read: shown to the admin, never a crash. */
  readonly warnings: readonly MappingWarning[];
}

export interface MappingWarning {
  readonly field: string;
  readonly message: string;
  /** There is a value, and it counts as not said. */
  readonly unreadable?: boolean;
}

/** The rules of a field, in the admin's words. `prefer` also settles a `two-way` that time cannot. */
export type Rule =
  | { readonly kind: 'two-way'; readonly prefer?: string }
  | { readonly kind: 'always-use'; readonly system: string }
  | { readonly kind: 'prefer-unless-blank'; readonly system: string }
  /** With `ifBlank` the value counts only where no other system has one (what a visitor typed into a chat). */
  | { readonly kind: 'pull-only'; readonly ifBlank?: boolean }
  | { readonly kind: 'push-only' }
  | { readonly kind: 'off' };

export interface CompiledField {
  readonly entity: EntityKind;
  readonly canonical: string;
  readonly kind: FieldKind;
  /** Vendor field name, as writes and `describe` use it. */
  readonly vendor: string;
  /** Where the value stands in a landed body: `Phone`, `properties.phone`. */
  readonly path: string;
  readonly rule: Rule;
  /** A blank overwrites only with `clear`. */
  readonly blanks: 'keep' | 'clear';
  /** Vendor values that the field's picklist table names. */
  readonly picklist?: readonly string[];
  readonly line: number;
  readonly pulls: boolean;
  readonly pushes: boolean;
  /** Sent with a record that the hub creates, even if later changes are not pushed. */
  readonly creates: boolean;
  /** Travels along when something else is written; never a reason to write by itself (computed-at, run). */
  readonly silent: boolean;
  /** `missing` says why there is nothing to write: no way back, or no counterpart in the picklist table. */
  toVendor(fields: CanonicalFields, holder?: Holder): { readonly value: Json } | { readonly missing: string };
  /**
   * Whether two values of this vendor field mean the same: `(212) 555-0100` and `+12125550100`, 40 and "40.0",
   * two picklist values that the table maps to one. Writing the one over the other would be no change.
   */
  sameAs(held: Json, wanted: Json, holder?: Holder): boolean;
}

/** The record that holds a value or is to get it: it decides what a phone number or an amount means there. */
export type Holder = Pick<MappedRecord, 'body' | 'currency'>;

/** A vendor field that the mapping reads or writes, and where the file says so. */
export interface FieldUse {
  readonly vendor: string;
  /** Where it stands in a landed body. */
  readonly path: string;
  readonly line: number;
  /** Not every account has it; nobody misses it where it is not there. */
  readonly optional: boolean;
}

export interface CompiledObject {
  readonly object: string;
  /** Hash of this object's part of the mapping and of the engine's version: a new one marks normalize. */
  readonly version: string;
  readonly entity: EntityKind | null;
  /** All kinds that its records contribute to. */
  readonly entities: readonly EntityKind[];
  /** These, and the kinds that its records tie to one another. */
  readonly concerns: readonly EntityKind[];
  readonly line: number;
  readonly fields: readonly CompiledField[];
  /** Every vendor field that pulling must ask for. */
  readonly vendorFields: readonly string[];
  /** Paths of fields that say who a record is and whom it ties: their earlier values are kept. */
  readonly watched: ReadonlySet<string>;
  /** Those whose past values are read as events: pulling must ask for their history. */
  readonly histories: readonly string[];
  /** The same with lines, for `check`. */
  readonly uses: readonly FieldUse[];
  /** When the hub may create a record here; absent: never. `when` sees the canonical fields. */
  readonly create?: CreateRule;
  /** What becomes of our record when its entity is withdrawn; absent: nothing. */
  readonly onWithdraw?: 'delete';
  /** Records that the hub must never write, such as a converted lead. */
  readOnly?(body: JsonObject): boolean;
  /** Vendor field that holds the hub's own id of the entity (unique, provisioned); upserts go through it. */
  readonly externalId?: string;
  /** Events that are sent there, once each; absent: none. */
  readonly sender?: CompiledSender;
  /** References to other records that a write of this object carries: canonical link → vendor field. */
  readonly references: readonly CompiledReference[];
  /** Fields that `provision` must make exist. */
  readonly provisions: readonly FieldSpec[];
  /** Fields that it makes only when asked for; where they are not there nobody misses them. */
  readonly details: readonly FieldSpec[];
  /**
   * Present only where the mapping uses JSONata, which evaluates asynchronously: `normalize` wants the record
   * that this gives. Everything else in a mapping is synchronous, so that replaying is fast.
   */
  prepare?(record: MappedRecord): Promise<MappedRecord>;
  normalize(record: MappedRecord): Normalized;
}

export interface CompiledSender {
  readonly types: ReadonlySet<EventType>;
  readonly since: 'connected' | 'beginning';
  /** `missing`: a value of its person or deal that the event does not go without. */
  body(told: ToldEvent): { readonly body: JsonObject } | { readonly missing: string };
}

export interface ToldEvent {
  readonly event: CanonicalEvent;
  /** Whose it is, and the deal that it is about; null where nobody knows, or there is none. */
  readonly person: CanonicalFields | null;
  readonly deal: CanonicalFields | null;
}

export interface CompiledReference {
  readonly vendor: string;
  /** The vendor objects of which one is named: the first that has the record. */
  readonly objects: readonly string[];
  /** Tied by an association of the type that `vendor` names, in place of a field. */
  readonly association?: true;
  /** Canonical field of the writing entity that holds the other entity's id. */
  readonly from: string;
}

export interface CreateRule {
  when(fields: CanonicalFields): boolean;
  /** What of `when` does not hold, as the admin wrote it: `chatLeadAt: present`. */
  unmet(fields: CanonicalFields): string[];
  /** Canonical fields that `when` looks at: what the record is made for. */
  readonly needs: readonly string[];
  /** Other objects of the same system that make creation needless when they already hold the entity. */
  readonly unless: readonly string[];
  /** Vendor fields that the system demands, with what to send where the entity has no value for them. */
  readonly defaults: Readonly<Record<string, Json>>;
}

/** What a mapping file says of records that do not say it themselves. */
export interface FileDefaults {
  readonly country?: string;
  readonly currency?: string;
  /** Where the file says so. */
  readonly line: number;
}

export interface CompiledMapping {
  readonly connection: string;
  readonly file: string;
  readonly defaults: FileDefaults;
  /** Hash of the content that matters; a new one marks normalize for the records of changed objects. */
  readonly version: string;
  readonly objects: Readonly<Record<string, CompiledObject>>;
}
