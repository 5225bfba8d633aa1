/** Imports that writes went by, and the writes that wait for their outcome. */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, keyedTable } = dialect.ddl;
  const statements = [
    `create table push_job (
      id ${text} primary key not null, connection ${text} not null, object ${text} not null, job ${text} not null,
      waits_for ${text} not null, since ${integer} not null, resume_at ${integer} not null,
      said_at ${integer} not null) ${keyedTable}`,
    `create table job_write (
      id ${text} primary key not null, job ${text} not null, connection ${text} not null, object ${text} not null,
      kind ${text} not null, entity_id ${text} not null, ref ${text} not null, key ${text} not null, op ${text} not null,
      detail ${text} not null, mark ${integer}, fault ${text}) ${keyedTable}`,
    'create index job_write_job on job_write (job)',
    'create index job_write_entity on job_write (entity_id)',
    'create index job_write_ref on job_write (ref)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
