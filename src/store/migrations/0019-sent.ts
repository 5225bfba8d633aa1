/** The ledger of events that were sent to systems, which cannot be read back. */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, keyedTable } = dialect.ddl;
  const statements = [
    `create table sent (
      connection ${text} not null, object ${text} not null, event ${text} not null, digest ${text} not null,
      batch ${text}, status ${text} not null, at ${integer} not null, due_at ${integer} not null, content ${text},
      fault ${text}, primary key (connection, object, event)) ${keyedTable}`,
    "create index sent_open on sent (connection, due_at) where status in ('sealed', 'leaving')",
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
