/** Jobs of vendors (imports) that writes of stage 5 went by, and the writes whose outcome they will tell. */
import type { EntityKind } from '../../canonical/model.ts';
import type { Json } from '../../support/json.ts';
import type { WriteRecord } from './outbox.ts';

export interface PushJob {
  readonly id: string;
  readonly connection: string;
  readonly object: string;
  /** The connector's own; it finds the job by it. */
  readonly job: Json;
  /** Continues "waits for". */
  readonly waitsFor: string;
  /** All ms, by the hub's clock: since when it runs, when to ask, and when that was said. */
  readonly since: number;
  readonly resumeAt: number;
  readonly saidAt: number;
}

/** A write that waits for a job, or that a job has refused and nobody has acted on yet. */
export interface JobWrite {
  /** Its id in the outbox, where its values are. */
  readonly id: string;
  /** The job's id. */
  readonly job: string;
  readonly connection: string;
  readonly object: string;
  readonly kind: EntityKind;
  readonly entityId: string;
  /** Text ref of the record; for one that is to be made, under its external id. */
  readonly ref: string;
  /** As `Write` has them. */
  readonly key: string;
  readonly op: WriteRecord['op'];
  readonly alternateKey: Readonly<Record<string, Json>> | null;
  /** Vendor fields that hold ids: of other records, and the hub's own. */
  readonly references: readonly string[];
  readonly hubId: string | null;
  /** Version of the object's mapping that wanted it. */
  readonly mapping: string;
  /** What a new record went without: to be kept as refused once it is made. */
  readonly withheld: readonly {
    readonly field: string;
    readonly sent: Json;
    readonly code: string;
    readonly message: string;
  }[];
  /** The mark of stage 5 that it was claimed by; null: no mark wanted it. */
  readonly mark: number | null;
  /** What the job said of it, where that was no; null while it waits. */
  readonly fault: Json | null;
}

export interface PushJobs {
  /** In the transaction that settles the writes. */
  keep(jobs: readonly PushJob[], writes: readonly JobWrite[]): Promise<void>;
  /** Those that are not collected, oldest first. */
  running(connection: string): Promise<PushJob[]>;
  get(id: string): Promise<PushJob | null>;
  /** To be asked again; says nothing where the job is collected. */
  rest(id: string, rest: Pick<PushJob, 'waitsFor' | 'resumeAt' | 'saidAt'>): Promise<void>;
  /** In a fixed order. */
  writesOf(id: string): Promise<JobWrite[]>;
  /** Those of these entities and of these records in one system, waiting or refused. */
  concerning(connection: string, entityIds: readonly string[], refs: readonly string[]): Promise<JobWrite[]>;
  /** The job is collected. Of its writes the refused ones stay until somebody has acted on them, each with its fault. */
  collected(id: string, refused: ReadonlyMap<string, Json>): Promise<void>;
  /** They have been acted on. */
  drop(writeIds: readonly string[]): Promise<void>;
}
