/**
 * What is kept of entities of many statements (see `growth.ts`). They are few. Their members and keys are no longer
 * repeated in the row of the entity: an empty text there says that they are in `member` and `entity_key`.
 */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, keyedTable } = dialect.ddl;
  const statements = [
    `create table growth (entity_id ${text} primary key not null, data ${text} not null) ${keyedTable}`,
    `create table growth_key (
      entity_id ${text} not null, key ${text} not null, likeness ${text} not null,
      primary key (entity_id, key, likeness)) ${keyedTable}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
