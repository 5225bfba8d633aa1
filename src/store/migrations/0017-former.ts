/** What records said before: keys that they held, and links that they told of; and since when links are there. */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, keyedTable } = dialect.ddl;
  const statements = [
    `alter table link add column since ${integer}`,
    `create table former_key (
      key ${text} not null, name ${text} not null, primary key (key, name)) ${keyedTable}`,
    'create index former_key_name on former_key (name)',
    `create table former_link (
      ref ${text} not null, position ${integer} not null, relation ${text} not null,
      from_key ${text} not null, to_key ${text} not null, role ${text}, is_primary ${integer},
      since ${integer}, until ${integer} not null, primary key (ref, position)) ${keyedTable}`,
    'create index former_link_from on former_link (from_key)',
    'create index former_link_to on former_link (to_key)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
