/**
 * Only pushes are claimed by scope, each system for itself. Every record that lands makes a mark, so an index that
 * holds the marks of all stages costs a backfill for nothing.
 */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db }: Session): Promise<void> {
  await sql.raw('drop index work_scope').execute(db);
  await sql.raw(`create index work_push on work (scope, ready_at, key) where stage = 'push'`).execute(db);
}
