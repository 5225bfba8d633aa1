/** What one pull knows between two pages: what it read, what was known before, and what to remember. */
import type { Context } from '../../../src/connector/contract/context.ts';
import type { Checkpoint, VendorRecord } from '../../../src/connector/contract/reading.ts';
import type { SalesforceConfig } from '../config.ts';
import type { Target } from '../wire/objects.ts';
import { absentFields } from '../wire/selection.ts';
import type { Start } from '../wire/soql.ts';
import { type PullState, printOfRow, RecentRows } from './checkpoint.ts';

type StreamPosition = Pick<PullState, 'from' | 'cursor' | 'known' | 'forgotten'>;

export class Run {
  readonly readAt: number;
  readonly #ctx: Context<SalesforceConfig>;
  readonly #target: Target;
  readonly #recent: RecentRows;
  readonly #known: ReadonlySet<string>;
  /** The last row of all runs before. */
  readonly #before: Start | null;
  #last: Start | null;
  #sweptTo: number;

  /** `readAt`: when this run began, as far as it is not the rest of an interrupted one. */
  constructor(ctx: Context<SalesforceConfig>, target: Target, before: PullState | null, readAt: number) {
    const interrupted = before !== null && before.cursor !== null;
    const overlapMs = ctx.config.overlapMinutes * 60_000;
    this.#ctx = ctx;
    this.#target = target;
    this.#recent = interrupted
      ? new RecentRows(overlapMs, before.known, before.forgotten)
      : new RecentRows(overlapMs, [], unreadBefore(before?.from ?? null));
    this.#known = new Set(before?.known);
    this.#before = before?.high ?? null;
    this.#last = interrupted ? before.from : null;
    this.readAt = interrupted ? before.readAt : readAt;
    // What was deleted before the first read was never handed out.
    this.#sweptTo = before?.sweptTo ?? readAt;
  }

  /** Where reading goes on when the cursor has expired. */
  get last(): Start | null {
    return this.#last;
  }

  get sweptTo(): number {
    return this.#sweptTo;
  }

  set sweptTo(ms: number) {
    this.#sweptTo = ms;
  }

  /** Takes one page in; returns its news: rows of the overlap that are as they were handed out are none. */
  take(records: readonly VendorRecord[], isLast: boolean): readonly VendorRecord[] {
    this.#recent.add(records, isLast);
    const last = records.at(-1);
    if (last !== undefined) this.#last = { at: last.modifiedAt, id: last.id };
    const before = this.#before;
    if (before === null || this.#known.size === 0) return records;
    return records.filter((record) => record.modifiedAt > before.at || !this.#known.has(printOfRow(record)));
  }

  /** Between two pages; without a cursor, the next page is asked for by its place. */
  underWay(cursor: string | null): Checkpoint {
    const { known, forgotten } = this.#recent.soFar(this.#last, this.readAt);
    return this.#checkpoint(cursor === null ? this.#last : this.#before, {
      from: this.#last,
      cursor,
      known: [...new Set([...this.#known, ...known])],
      forgotten,
    });
  }

  /** After the last page: where the next run begins, what it leaves out, and the checkpoint that says so. */
  atRest(): { from: Start | null; absent: PullState['absent']; checkpoint: Checkpoint } {
    const high = this.#last ?? this.#before;
    const next = high === null ? { from: null, known: [] } : this.#recent.next(high, this.readAt);
    return {
      from: next.from,
      absent: this.#absent(),
      checkpoint: this.#checkpoint(high, { ...next, cursor: null, forgotten: null }),
    };
  }

  #checkpoint(high: Start | null, standing: StreamPosition): Checkpoint {
    return { ...standing, high, readAt: this.readAt, sweptTo: this.#sweptTo, absent: this.#absent() };
  }

  #absent(): PullState['absent'] {
    const absent = absentFields(this.#ctx, this.#target.object);
    return absent === null ? null : { fields: [...absent.fields], until: absent.until };
  }
}

/** Rows up to this stamp are not read by a run that begins at `start`. */
function unreadBefore(start: Start | null): number | null {
  if (start === null) return null;
  return start.id === undefined ? start.at - 1 : start.at;
}
