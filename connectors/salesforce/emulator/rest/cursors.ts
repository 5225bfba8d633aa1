/** Query cursors: a result is read page by page, at any offset, until the cursor is too old or made room. */
import { withChecksum } from '../../../../src/emulator/ids.ts';
import type { Json } from '../../../../src/support/json.ts';
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

export interface Cursors {
  /** First page of a result; `base` is where its next pages will be asked for. */
  open(found: Found, batchSize: number | undefined, base: string): QueryPage;
  /** `locator` is what stands behind `query/` in nextRecordsUrl. */
  more(locator: string, base: string): QueryPage;
  expire(): void;
}

interface Cursor {
  readonly found: Found;
  readonly size: number;
  readonly openedAt: number;
}

export function createCursors({ clock, knobs }: Org): Cursors {
  const cursors = new Map<string, Cursor>();
  let opened = 0;
  const pageSize = ({ columns }: Found, asked = knobs.pageSize) => {
    const fitting = Math.floor(knobs.pageCells / Math.max(1, columns.length));
    return Math.max(1, Math.min(knobs.pageSize, asked, fitting));
  };
  const keep = (cursor: Cursor) => {
    opened++;
    const name = withChecksum(`01g5gA${base62Digits(opened)}`);
    cursors.set(name, cursor);
    for (const oldest of cursors.keys()) {
      if (cursors.size <= knobs.maxCursors) break;
      cursors.delete(oldest);
    }
    return name;
  };
  return {
    open(found, batchSize, base) {
      const cursor = { found, size: pageSize(found, batchSize), openedAt: clock.now() };
      if (found.length <= cursor.size) return page(cursor, 0, '');
      return page(cursor, 0, `${base}/query/${keep(cursor)}`);
    },
    more(locator, base) {
      const [name = '', offset = ''] = locator.split('-');
      const cursor = cursors.get(name);
      const expired = cursor === undefined || clock.now() - cursor.openedAt > knobs.cursorLifeMs;
      if (expired || !/^\d+$/.test(offset) || Number(offset) >= cursor.found.length) {
        throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
      }
      return page(cursor, Number(offset), `${base}/query/${name}`);
    },
    expire: () => cursors.clear(),
  };
}

function page({ found, size }: Cursor, from: number, url: string): QueryPage {
  const to = Math.min(found.length, from + size);
  const records: Json[] = [];
  for (let index = from; index < to; index++) records.push(found.at(index));
  const done = to >= found.length;
  if (done) return { totalSize: found.total, done, records };
  return { totalSize: found.total, done, nextRecordsUrl: `${url}-${to}`, records };
}
