/**
 * The connection whose news a piece of work comes from: the later stages are shared out by it, as the first ones are by
 * their keys. Empty where no connection has caused it, and for what waits already.
 */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const statements = [
    `alter table work add column cause ${dialect.ddl.text} not null default ''`,
    `update work set cause = scope where stage in ('inbox', 'fetch', 'normalize')`,
    // One for each stage: SQLite takes an index of some rows only for a statement that names their condition. It begins
    // with the stage all the same, or the primary key would be taken for the better one.
    `create index work_resolve_cause on work (stage, cause, ready_at, key) where stage = 'resolve'`,
    `create index work_attribute_cause on work (stage, cause, ready_at, key) where stage = 'attribute'`,
    `create index work_push_cause on work (scope, cause, ready_at, key) where stage = 'push'`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
