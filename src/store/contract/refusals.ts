/** Values that a system did not take. */
import type { Json } from '../../support/json.ts';

/** A value that a CRM did not take, in its words. It is not sent again while nothing about it has changed. */
export interface Refusal {
  readonly ref: string;
  readonly field: string;
  /** The key of stage 5 that wanted it written. */
  readonly key: string;
  readonly sent: Json;
  readonly code: string;
  readonly message: string;
  /** Version of the object's mapping, and a print of the CRM's description of the field, at that time. */
  readonly mapping: string;
  readonly described: string;
  readonly at: number;
}

export interface Refusals {
  keep(refusals: readonly Refusal[]): Promise<void>;
  of(refs: readonly string[]): Promise<Refusal[]>;
  /** Of keys that start with `prefix`. */
  under(prefix: string): Promise<Refusal[]>;
  /** Those values may be sent again. */
  drop(refusals: readonly { ref: string; field: string }[]): Promise<void>;
}
