/** What a push would do: one planned write per record, field by field, and what stands in the way of others. */
import type { Entity } from '../../../canonical/model.ts';
import type { Write } from '../../../connector/contract/writing.ts';
import type { CompiledField, CompiledObject } from '../../../mapping/language/compiled.ts';
import type { Json } from '../../../support/json.ts';

export interface Plan {
  readonly writes: readonly PlannedWrite[];
  readonly obstacles: readonly Obstacle[];
  readonly waits: readonly PlannedWait[];
}

/** A write that is due once another entity has a record in the system. */
export interface PlannedWait {
  readonly entity: Entity;
  readonly object: string;
  /** Id of that other entity. */
  readonly awaited: string;
  /** False: nothing says that the record will ever come. */
  readonly expected: boolean;
}

export interface PlannedWrite {
  readonly entity: Entity;
  readonly object: CompiledObject;
  readonly write: Write;
  readonly fields: readonly PlannedField[];
  /** Record ids that the write carries beside the fields, by vendor field or association. */
  readonly references?: Readonly<Record<string, string>>;
  /** Text ref of the record; for one that is not landed yet, under its external id. */
  readonly ref: string;
  /** As the vendor stamps it, the last change that the plan knows of: landed, or written by us; 0 when there is none. */
  readonly basis: number;
  /** Someone else may write these fields too: the landed copy must be fresh before we overwrite. */
  readonly needsFresh: boolean;
  /** The hub's own id, where the record is to get it. */
  readonly hubId?: HubId;
  /** Of a part, the rest of which waits: what was planned. */
  readonly whole?: PlannedWrite;
  /** Why the record as a whole is written, where no field tells. */
  readonly why?: string;
  /** What a new record goes without, though it is sent with a new record alone. */
  readonly withheld?: readonly Withheld[];
}

/** All that a write says of its record by name, ties by associations among it. */
export function saidBy({
  write,
  references = {},
}: Pick<PlannedWrite, 'write' | 'references'>): Write['fields'] {
  return write.op === 'delete' ? write.fields : { ...references, ...write.fields };
}

export interface Withheld {
  readonly field: string;
  readonly sent: Json;
  readonly code: string;
  readonly message: string;
}

export interface HubId {
  readonly vendor: string;
  /** Where it stands in a landed body. */
  readonly path: string;
  readonly value: string;
}

export interface PlannedField {
  readonly field: CompiledField;
  readonly from: Json;
  readonly to: Json;
  /** How often this very value was sent before without holding. */
  readonly repeats: number;
}

/** Something that keeps a wanted write from being planned, with what to do about it. */
export interface Obstacle {
  readonly entity: Entity;
  readonly object: string;
  readonly code: string;
  readonly message: string;
  /** Vendor field, and the canonical one. */
  readonly field?: string;
  readonly canonical?: string;
  /** What the record goes on showing there; absent where that is not known, or where there is no record. */
  readonly shows?: Json;
  /** Text ref of the record. */
  readonly ref?: string;
}

export const nothing: Plan = { writes: [], obstacles: [], waits: [] };

export function planOf(
  writes: readonly PlannedWrite[],
  obstacles: readonly Obstacle[] = [],
  waits: readonly PlannedWait[] = [],
): Plan {
  return { writes, obstacles, waits };
}
