import type { Json } from '../support/json.ts';

/** When a value was seen in a field of a record, by the record's stamp; of lists by the time of reading. Ms. */
export interface Sighting {
  readonly value: Json;
  readonly first: number;
  /** Of the present value the same as `first`. */
  readonly last: number;
}
