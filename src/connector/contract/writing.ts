/** Writing: what is sent to a vendor, and what came of it. */
import type { Json } from '../../support/json.ts';
import type { Fault } from '../fault.ts';
import type { Context } from './context.ts';
import type { Rest } from './reading.ts';

export interface Write {
  /** The caller's name for this write; comes back in its outcome. Unique within one `push`. */
  readonly key: string;
  /**
   * `update` needs `id`. `upsert` needs `alternateKey`. `delete` needs either. There is no blind create: a
   * repeated create must be an update (design, hard rule 3).
   */
  readonly op: 'update' | 'upsert' | 'delete';
  readonly id?: string;
  /**
   * Values of the unique fields by which the record is found, and with which it is created: one field (an external
   * id), or several that are unique together, such as campaign and deal of an influence. A vendor that finds records
   * by one field refuses a key of several, `rejected`, and writes nothing.
   */
  readonly alternateKey?: Readonly<Record<string, Json>>;
  /** Vendor field names and values; null clears. References by external id: `{ object, field, value }`. */
  readonly fields: Readonly<Record<string, Json>>;
  /** Of fields that hold the id of another record, where one of several objects may be meant: its object, by field. */
  readonly references?: Readonly<Record<string, string>>;
  /** To be tied to the record in the vendor's own way (HubSpot associations); none is taken away. Only where the sink `associates`. */
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

/** What became of a write. */
export type Decided =
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

/** The vendor has the write, and decides it later (an import). */
export interface Pending {
  readonly key: string;
  readonly status: 'pending';
  /** By which `collect` finds what became of it; the same for all writes that go by one job. Holds no secrets. */
  readonly job: Json;
  /** When to ask for the first time; `waitsFor`: `an import of leads`. */
  readonly rest: Rest;
}

export type Outcome = Decided | Pending;

export interface Sink<C = unknown> {
  readonly batchSize: number;
  /** It ties records by `Write.associations`; absent: by fields alone. */
  readonly associates?: true;
  /**
   * One outcome per write, aligned by key even if the vendor shuffles; resolves when each outcome is known, or
   * `pending` where the vendor needs longer than a request may take. One bad record spoils only itself. Throws only
   * when no write of the batch was decided (no connection, sign-in); the caller then repeats the whole push, which is
   * harmless.
   */
  push(ctx: Context<C>, writes: readonly Write[]): Promise<Outcome[]>;
  /**
   * What became of the writes that wait for a job, handed over as they were pushed but for `version`: one outcome per
   * write, or a `Rest` while the vendor is at work. Asking again is harmless, also after the outcomes came. Needed by
   * sinks whose pushes may be pending. Throws `expired` where the vendor knows of the job no more: the writes are
   * then sent again.
   */
  collect?(ctx: Context<C>, job: Json, writes: readonly Write[]): Promise<Decided[] | Rest>;
}
