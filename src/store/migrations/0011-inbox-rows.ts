/**
 * On SQLite the inbox becomes a table in the order of arrival. A row that is kept in key order holds a quarter of a
 * page at most (https://sqlite.org/withoutrowid.html): every body beyond that cost a page of its own to acknowledge.
 */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, table, keyedTable } = dialect.ddl;
  if (table === keyedTable) return;
  const columns = 'key, at, size, request, encoding, body';
  const statements = [
    'alter table inbox rename to inbox_by_key',
    `create table inbox (
      key ${text} primary key not null, at ${integer} not null, size ${integer} not null, request ${text} not null,
      encoding ${text} not null, body ${text} not null) ${table}`,
    `insert into inbox (${columns}) select ${columns} from inbox_by_key order by at, key`,
    'drop table inbox_by_key',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
