/** What a push would do: one planned write per record, field by field, and what stands in the way of others. */
import type { Entity } from '../canonical/model.ts';
import type { Write } from '../connector/contract.ts';
import type { CompiledField, CompiledObject } from '../mapping/compiled.ts';
import type { Json } from '../support/json.ts';

export interface Plan {
  readonly writes: readonly PlannedWrite[];
  readonly obstacles: readonly Obstacle[];
}

export interface PlannedWrite {
  readonly entity: Entity;
  readonly object: CompiledObject;
  readonly write: Write;
  readonly fields: readonly PlannedField[];
  /** Record ids that the write carries beside the fields, by vendor field. */
  readonly references?: Readonly<Record<string, string>>;
  /** Text ref of the record; for one that is not landed yet, under its external id. */
  readonly ref: string;
  /** As the vendor stamps it, the last change that the plan knows of: landed, or written by us; 0 when there is none. */
  readonly basis: number;
  /** Someone else may write these fields too: the landed copy must be fresh before we overwrite. */
  readonly needsFresh: boolean;
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
  readonly field?: string;
}

export const nothing: Plan = { writes: [], obstacles: [] };

export function planOf(writes: readonly PlannedWrite[], obstacles: readonly Obstacle[] = []): Plan {
  return { writes, obstacles };
}
