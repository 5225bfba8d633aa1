/**
 * Fitted models. Which fit credits deals is not a column of the fit but a log: a version may be promoted, retired
 * and promoted again, and what was promoted at any time must be known. Both tables are small and stay whole.
 */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  const { text, integer, table } = dialect.ddl;
  const statements = [
    `create table fit (
      version ${text} primary key not null, model ${text} not null, fitted_at ${integer} not null,
      data_from ${integer} not null, data_to ${integer} not null, counts ${text} not null, quality ${text} not null,
      snapshot ${text} not null) ${table}`,
    'create index fit_model on fit (model, fitted_at)',
    `create table promotion (
      turn ${integer} primary key not null, model ${text} not null, version ${text}, at ${integer} not null,
      what ${text} not null) ${table}`,
    'create index promotion_model on promotion (model, turn)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
