/** Values that a CRM did not take, so that they do not hold up the rest of their record. */
import { sql } from 'kysely';
import type { Json } from '../../support/json.ts';
import type { Refusal, Refusals } from '../contract/refusals.ts';
import type { Database } from '../database/database.ts';
import { fromJson } from '../database/json.ts';
import { prefixRange } from '../database/prefix.ts';
import type { Row } from '../database/tables.ts';

export class SqlRefusals implements Refusals {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async keep(refusals: readonly Refusal[]): Promise<void> {
    if (refusals.length === 0) return;
    const rows = refusals.map(({ sent, ...rest }) => ({ ...rest, sent: JSON.stringify(sent) }));
    await this.#database.write((session) => session.upsert('refusal', rows));
  }

  async of(refs: readonly string[]): Promise<Refusal[]> {
    const { db, dialect } = this.#database.read;
    const query = db.selectFrom('refusal').selectAll().where(dialect.among('ref', refs));
    return (await query.orderBy('ref').orderBy('field').execute()).map(refusalOf);
  }

  async under(prefix: string): Promise<Refusal[]> {
    const { from, to } = prefixRange(prefix);
    const query = this.#database.read.db.selectFrom('refusal').selectAll();
    const found = query.where('key', '>=', from).where('key', '<', to);
    return (await found.orderBy('ref').orderBy('field').execute()).map(refusalOf);
  }

  async drop(refusals: readonly { ref: string; field: string }[]): Promise<void> {
    if (refusals.length === 0) return;
    await this.#database.write((session) => {
      const cells = refusals.map(({ ref, field }) => [ref, field]);
      const rows = session.dialect.rows('gone', { ref: 'text', field: 'text' }, cells);
      return session.run(sql`delete from refusal where (ref, field) in (select ref, field from ${rows})`);
    });
  }
}

function refusalOf({ sent, ...rest }: Row<'refusal'>): Refusal {
  return { ...rest, sent: fromJson<Json>(sent) };
}
