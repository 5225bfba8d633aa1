/**
 * What credit was computed when, and from what: so that it can be computed again as of any date. `facts` names a row
 * of `credit_facts` of the same deal; null: there was nothing to credit from then on. Both split by `deal_id`.
 */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, table, keyedTable } = dialect.ddl;
  const statements = [
    `create table computation (
      deal_id ${text} not null, at ${integer} not null, ended_at ${integer} not null, told_at ${integer},
      rules ${text} not null, facts ${text}, digests ${text} not null, primary key (deal_id, at)) ${keyedTable}`,
    `create table credit_facts (
      deal_id ${text} not null, hash ${text} not null, body ${text} not null, primary key (deal_id, hash)) ${table}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
