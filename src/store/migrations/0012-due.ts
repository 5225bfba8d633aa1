/** When deals are to be credited again because time has passed. */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, keyedTable } = dialect.ddl;
  const statement = `create table due (deal_id ${text} primary key not null, at ${integer} not null) ${keyedTable}`;
  await sql.raw(statement).execute(db);
  await sql.raw('create index due_at on due (at)').execute(db);
}
