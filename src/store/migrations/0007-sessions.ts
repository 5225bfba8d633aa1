/**
 * Which keys a conversation is tied to, so that its events find their person. `place` is the strength of the tie (see
 * `session-ties.ts`), `first_at` when it was first told. Split by `session`. `event.fallbacks` are the keys of the
 * event's subject besides the strongest, as a list in JSON.
 */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, keyedTable } = dialect.ddl;
  const statements = [
    `alter table event add column fallbacks ${text}`,
    `create table session_tie (
      session ${text} not null, key ${text} not null, place ${integer} not null, first_at ${integer} not null,
      primary key (session, key)) ${keyedTable}`,
    'create index session_tie_key on session_tie (key)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
