/** Where a pull stands, and where the next one begins. */
import { z } from 'zod';
import type { Checkpoint, VendorRecord } from '../../../src/connector/contract/reading.ts';
import { clockToleranceMs } from '../../../src/connector/vendor-clock.ts';
import { fingerprint } from '../../../src/support/fingerprint.ts';
import type { Start } from '../wire/soql.ts';

const start = z.object({ at: z.number(), id: z.string().exactOptional() });

const shape = z.object({
  /** Where reading begins, or goes on when the cursor has expired; null: at the beginning. */
  from: start.nullable(),
  /** Path of the next page of the run under way; null when at rest. */
  cursor: z.string().nullable(),
  /** When the run under way began, by Salesforce's clock; ms. */
  readAt: z.number(),
  /** Last row, by (stamp, Id), that any finished run read. */
  high: start.nullable(),
  /** Fingerprints of rows that were handed out and will be read again within the overlap. */
  known: z.array(z.string()),
  /** Rows up to this stamp are not in `known` although they may be read again; null: none. */
  forgotten: z.number().nullable(),
  /** The deletion log has been read up to here; ms. */
  sweptTo: z.number(),
  /** Fields that could not be read, and when to ask for them again. */
  absent: z.object({ fields: z.array(z.string()), until: z.number() }).nullable(),
});
export type PullState = z.infer<typeof shape>;

/** Null where there is none, or none that this version understands: then everything is read again. */
export function parseCheckpoint(checkpoint: Checkpoint | null): PullState | null {
  return shape.safeParse(checkpoint).data ?? null;
}

/** Such a checkpoint was taken from a clock that was wrong. */
export function isFromTheFuture({ from, high, sweptTo }: PullState, now: number): boolean {
  return Math.max(from?.at ?? 0, high?.at ?? 0, sweptTo) > now + clockToleranceMs;
}

/** Rows that are kept for recognition at most; beyond that, re-read rows are handed out again, which is harmless. */
const mostKnown = 5_000;
/** Looking back over this few rows costs nothing: they come in the call that is made anyway (pages hold 200 at least). */
const freeLookBack = 200;

interface Entry {
  readonly record: VendorRecord;
  print: string | null;
}

/**
 * The rows at the end of what was read, which the next run may read again. They are recognised by content, not
 * by stamp: SystemModstamp counts whole seconds, and a row may change twice within one.
 */
export class RecentRows {
  readonly #overlapMs: number;
  readonly #carried: readonly string[];
  #entries: Entry[] = [];
  #forgotten: number | null;
  #fewest = freeLookBack;

  constructor(overlapMs: number, carried: readonly string[], forgotten: number | null) {
    this.#overlapMs = overlapMs;
    this.#carried = carried;
    this.#forgotten = forgotten;
  }

  /** Takes the rows of one page, in reading order. */
  add(records: readonly VendorRecord[], isLast: boolean): void {
    // A page that others follow was full: no more rows than that come in one call.
    if (!isLast) this.#fewest = Math.min(this.#fewest, records.length);
    const newest = records.at(-1)?.modifiedAt;
    if (newest === undefined) return;
    const oldest = newest - this.#overlapMs;
    this.#entries = this.#entries.filter(({ record }) => record.modifiedAt >= oldest);
    for (const record of records) {
      if (record.modifiedAt >= oldest && !this.#hasForgotten(record.modifiedAt))
        this.#entries.push({ record, print: null });
    }
    if (this.#entries.length <= mostKnown) return;
    this.#forgotten = newest;
    this.#entries = [];
  }

  /** What a run that is resumed after the row `last` has to know; `readAt` is when the run began. */
  soFar(last: Start | null, readAt: number): { known: string[]; forgotten: number | null } {
    const settled = readAt - this.#overlapMs;
    const known = this.#since(settled);
    if (last === null) return { known, forgotten: this.#forgotten };
    // Older rows are not kept: there may be any number of them, and late commits do not reach there.
    return { known, forgotten: Math.max(this.#forgotten ?? 0, Math.min(last.at, settled - 1)) };
  }

  /**
   * Where the next run begins after one that began at `readAt` and ended with `high`. A transaction may commit
   * up to the overlap after the stamp that its rows carry, so whatever is older than that at `readAt` has been
   * seen. Looking back further is free while it stays within a few rows, and forgives a wrong clock.
   */
  next(high: Start, readAt: number): { from: Start; known: string[] } {
    const back = high.at - this.#overlapMs;
    const few = this.#entries.length <= this.#fewest && this.#carried.length === 0;
    if (few && !this.#hasForgotten(back)) return { from: { at: back }, known: this.#since(back) };
    const settled = readAt - this.#overlapMs;
    if (settled > high.at) return { from: high, known: [] };
    return { from: { at: settled }, known: this.#since(settled) };
  }

  /** Fingerprints of the rows from `at` on; none at all when some of them are forgotten. */
  #since(at: number): string[] {
    if (this.#hasForgotten(at)) return [];
    const recent = this.#entries.filter(({ record }) => record.modifiedAt >= at);
    return [...this.#carried, ...recent.map(printOf)];
  }

  #hasForgotten(since: number): boolean {
    return this.#forgotten !== null && this.#forgotten >= since;
  }
}

function printOf(entry: Entry): string {
  entry.print ??= printOfRow(entry.record);
  return entry.print;
}

export function printOfRow(record: VendorRecord): string {
  return fingerprint(JSON.stringify(record.body), 16);
}
