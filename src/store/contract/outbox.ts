/** Stage 5: what was written to systems, from intent to outcome. */
import type { Json } from '../../support/json.ts';

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
  /** `pending`: the vendor has it, and says later what became of it. */
  readonly status: 'intended' | 'pending' | 'written' | 'failed';
  readonly at: number;
  readonly fault?: string;
  /** Why each field was written, by vendor field; absent for writes of hubs that did not keep it. */
  readonly reasons?: Readonly<Record<string, WriteReason>>;
  /** The version of mapping and switches that wanted it. */
  readonly edition?: string;
}

/** Why one field was written. */
export interface WriteReason {
  /** Text ref of the record that the value comes from; null where the hub itself computed it. */
  readonly from: string | null;
  /** How the field's owner was decided. */
  readonly rule: string;
  /** Since when the source holds the value, at the latest; null where nobody's record does. */
  readonly since: number | null;
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
      status: Exclude<WriteRecord['status'], 'intended'>;
      recordId?: string;
      fault?: string;
      at: number;
    }[],
  ): Promise<void>;
  memories(refs: readonly string[]): Promise<FieldMemory[]>;
  /** Refs with this prefix of which anything is remembered, a page of them in order. */
  remembered(prefix: string, after: string | null, limit: number): Promise<string[]>;
  remember(memories: readonly FieldMemory[]): Promise<void>;
  forget(memories: readonly { ref: string; field: string }[]): Promise<void>;
  /** Of records that are gone. */
  forgetAll(refs: readonly string[]): Promise<void>;
  /** Newest first. */
  writes(
    filter: {
      run?: string;
      connection?: string;
      entityId?: string;
      entityIds?: readonly string[];
      ids?: readonly string[];
    },
    limit: number,
  ): Promise<WriteRecord[]>;
  /** Whether the hub ever made a record in this object. */
  hasCreated(connection: string, object: string): Promise<boolean>;
  /** Those of the entities for which at least `many` writes left for the connection at `since` (ms) or later. */
  writtenOften(
    connection: string,
    entityIds: readonly string[],
    since: number,
    many: number,
  ): Promise<string[]>;
  /**
   * Takes the values of these fields out of what was written of the entities and of the hub's own children of them
   * (erasure), and of what writes of the next 30 days replace: neither a list of writes nor an undo has them any
   * more.
   */
  redact(
    entityIds: readonly string[],
    places: readonly { connection: string; object: string; field: string }[],
  ): Promise<void>;
}
