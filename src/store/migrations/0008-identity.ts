/**
 * What is remembered of identity: pairs found, decisions of an admin, and ambiguous keys. All are small
 * beside the contributions; `pairing` and `decision` split by `one`, `doubt` by `key`.
 */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, keyedTable } = dialect.ddl;
  const statements = [
    `create table pairing (
      one ${text} not null, other ${text} not null, key ${text} not null, at ${integer} not null,
      primary key (one, other)) ${keyedTable}`,
    'create index pairing_other on pairing (other)',
    `create table decision (
      one ${text} not null, other ${text} not null, verdict ${text} not null, at ${integer} not null,
      primary key (one, other)) ${keyedTable}`,
    'create index decision_other on decision (other)',
    `create table doubt (
      key ${text} not null, entity_id ${text} not null, kind ${text} not null, reason ${text} not null,
      names ${text} not null, holders ${integer} not null, held ${integer} not null,
      primary key (key, entity_id)) ${keyedTable}`,
    'create index doubt_entity on doubt (entity_id)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
