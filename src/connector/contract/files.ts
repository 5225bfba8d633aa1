/** Files of a connector's own records. */
import type { VendorRecord } from './reading.ts';

/** Import of a file of the connector's own records, a line each (NDJSON). */
export interface Files {
  /** Throws `rejected` naming what is wrong with the line. */
  parseLine(line: string): VendorRecord[];
}
