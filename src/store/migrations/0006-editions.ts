/**
 * Which processes there are, and which version of each mapping, of the writes and of the settings is in force, and who computed what by which. What
 * stood in `state` for this is let go: the first start of this version computes everything once more.
 */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, table } = dialect.ddl;
  const statements = [
    `create table edition (
      name ${text} primary key not null, version ${text} not null, number ${integer} not null,
      edited_at ${integer} not null, since ${integer} not null, marked ${text}, past ${text} not null,
      holders ${text} not null) ${table}`,
    `create table holder (
      id ${text} primary key not null, host ${text} not null, pid ${integer} not null, since ${integer} not null) ${table}`,
    `alter table fact add column version ${text}`,
    `alter table outbox_write add column edition ${text}`,
    `delete from state where key like 'mapping:%' or key like 'writes:%' or key = 'credited by'`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
