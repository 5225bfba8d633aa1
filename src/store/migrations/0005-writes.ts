/** What a write waits for, what a CRM refused field by field, and why each value was written. */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, keyedTable } = dialect.ddl;
  const statements = [
    `create table waiting (
      awaited ${text} not null, key ${text} not null, expected ${integer} not null, at ${integer} not null,
      primary key (awaited, key)) ${keyedTable}`,
    'create index waiting_key on waiting (key)',
    `create table refusal (
      ref ${text} not null, field ${text} not null, key ${text} not null, sent ${text} not null, code ${text} not null,
      message ${text} not null, mapping ${text} not null, described ${text} not null, at ${integer} not null,
      primary key (ref, field)) ${keyedTable}`,
    'create index refusal_key on refusal (key)',
    `alter table outbox_write add column reasons ${text}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
