/** Deliveries that were acknowledged and wait to be understood, each as it came. */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, keyedTable } = dialect.ddl;
  const statement = `create table inbox (
    key ${text} primary key not null, at ${integer} not null, size ${integer} not null, request ${text} not null,
    encoding ${text} not null, body ${text} not null) ${keyedTable}`;
  await sql.raw(statement).execute(db);
}
