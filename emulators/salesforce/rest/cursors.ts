import type { Json } from '../../../src/support/json.ts';
import { withChecksum } from '../../world/ids.ts';
import { ApiError } from '../errors.ts';
import { base62Digits } from '../ids.ts';
import type { Org } from '../org.ts';
import type { Found } from '../soql/run.ts';

export interface QueryPage {
  readonly totalSize: number;
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: readonly Json[];
}

interface Cursor {
  readonly found: Found;
  readonly size: number;
  readonly openedAt: number;
}

/** Query cursors: a result is read page by page, at any offset, until the cursor is too old or made room. */
export class Cursors {
  readonly #org: Org;
  readonly #cursors = new Map<string, Cursor>();
  #opened = 0;

  constructor(org: Org) {
    this.#org = org;
  }

  /** First page of a result; `base` is where its next pages will be asked for. */
  open(found: Found, batchSize: number | undefined, base: string): QueryPage {
    const cursor = { found, size: this.#pageSize(found, batchSize), openedAt: this.#org.clock.now() };
    const url = found.length <= cursor.size ? '' : `${base}/query/${this.#keep(cursor)}`;
    return page(cursor, 0, url);
  }

  /** `locator` is what stands behind `query/` in nextRecordsUrl. */
  more(locator: string, base: string): QueryPage {
    const [name = '', offset = ''] = locator.split('-');
    const cursor = this.#cursors.get(name);
    const from = /^\d+$/.test(offset) ? Number(offset) : Number.NaN;
    if (cursor === undefined || this.#isTooOld(cursor) || !(from < cursor.found.length)) {
      throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    }
    return page(cursor, from, `${base}/query/${name}`);
  }

  expire(): void {
    this.#cursors.clear();
  }

  #isTooOld({ openedAt }: Cursor): boolean {
    return this.#org.clock.now() - openedAt > this.#org.knobs.cursorLifeMs;
  }

  #pageSize({ columns }: Found, asked: number | undefined): number {
    const { pageSize, pageCells } = this.#org.knobs;
    const fitting = Math.floor(pageCells / Math.max(1, columns.length));
    return Math.max(1, Math.min(pageSize, asked ?? pageSize, fitting));
  }

  #keep(cursor: Cursor): string {
    this.#opened++;
    const name = withChecksum(`01g5gA${base62Digits(this.#opened)}`);
    this.#cursors.set(name, cursor);
    for (const oldest of this.#cursors.keys()) {
      if (this.#cursors.size <= this.#org.knobs.maxCursors) break;
      this.#cursors.delete(oldest);
    }
    return name;
  }
}

function page({ found, size }: Cursor, from: number, url: string): QueryPage {
  const to = Math.min(found.length, from + size);
  const records: Json[] = [];
  for (let index = from; index < to; index++) records.push(found.at(index));
  const done = to >= found.length;
  if (done) return { totalSize: found.total, done, records };
  return { totalSize: found.total, done, nextRecordsUrl: `${url}-${to}`, records };
}
