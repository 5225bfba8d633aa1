/** What credit can be grouped by besides its channel: null where nothing is told. */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text } = dialect.ddl;
  for (const column of ['campaign', 'source', 'medium', 'content', 'topic', 'bot'])
    await sql.raw(`alter table credit add column ${column} ${text}`).execute(db);
}
