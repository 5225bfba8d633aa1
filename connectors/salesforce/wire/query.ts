/** Pages of a query. */
import { z } from 'zod';
import type { JsonObject } from '../../../src/support/json.ts';
import type { HubConnection } from './connection.ts';
import { expected } from './faults.ts';

/** The most rows that one call brings; wide rows come in smaller pages. */
export const pageSize = 2_000;

export interface QueryPage {
  readonly rows: readonly JsonObject[];
  /** Path of the next page, good for two days at most; null after the last one. */
  readonly next: string | null;
}

/** The rows are taken as they are: there may be two thousand of them. */
const queryResult = z.object({
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
  records: z.custom<readonly JsonObject[]>(Array.isArray),
});

/** Deleted and archived rows included. */
export function queryAll(connection: HubConnection, soql: string): Promise<QueryPage> {
  return pageAt(connection, `/queryAll?q=${encodeURIComponent(soql)}`);
}

/** All rows of a small result, live ones only. */
export async function query(connection: HubConnection, soql: string): Promise<JsonObject[]> {
  return rest(connection, await pageAt(connection, `/query?q=${encodeURIComponent(soql)}`));
}

/** The rows of a page and of all that follow it. */
export async function rest(connection: HubConnection, first: QueryPage): Promise<JsonObject[]> {
  const rows = [...first.rows];
  for (let path = first.next; path !== null; ) {
    const page = await pageAt(connection, path);
    rows.push(...page.rows);
    path = page.next;
  }
  return rows;
}

export async function pageAt(connection: HubConnection, path: string): Promise<QueryPage> {
  const { done, nextRecordsUrl, records } = expected(
    queryResult,
    await connection.request(path),
    'query result',
  );
  return { rows: records, next: done ? null : (nextRecordsUrl ?? null) };
}
