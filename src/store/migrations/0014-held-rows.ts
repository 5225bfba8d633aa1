/** Writes of rows that wait until their deal has been told its credit. */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, keyedTable } = dialect.ddl;
  const statement = `create table held_row (
    key ${text} primary key not null, deal ${text} not null, at ${integer} not null) ${keyedTable}`;
  await sql.raw(statement).execute(db);
  await sql.raw('create index held_row_deal on held_row (deal)').execute(db);
}
