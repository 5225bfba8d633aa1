/** Resolved entities, their keys and members, and what the hub itself adds to them. */
import { sql } from 'kysely';
import type { Entity, EntityKind, Provenance } from '../canonical/model.ts';
import type { DealFacts, Entities, Family, MergeLine, PersonFacts, ResolvedEntity } from './contract.ts';
import type { Database } from './database.ts';
import { dealFacts, dealsOf, partiesOf } from './deals.ts';
import { fieldsText, replaceChildren, replaceEntities } from './entities-replace.ts';
import { fromJson, fromJsonOrNull } from './json.ts';
import { organizationsOf, personFacts } from './people.ts';
import type { Row } from './tables.ts';

export class SqlEntities implements Entities {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  replace(resolved: readonly ResolvedEntity[], before: readonly string[], at: number): Promise<string[]> {
    return this.#database.write((session) => replaceEntities(session, resolved, before, at));
  }

  replaceChildren(kind: EntityKind, families: readonly Family[]): Promise<string[]> {
    return this.#database.write((session) => replaceChildren(session, kind, families));
  }

  async get(ids: readonly string[]): Promise<Entity[]> {
    const { db, dialect } = this.#database.read;
    const rows = await db
      .selectFrom('entity')
      .selectAll()
      .where(dialect.among('id', ids))
      .orderBy('id')
      .execute();
    return rows.map(entityOf);
  }

  async byKey(kind: EntityKind, keys: readonly string[]): Promise<Record<string, string>> {
    const { db, dialect } = this.#database.read;
    const query = db.selectFrom('entity_key').select(['key', 'entity_id']).where('kind', '=', kind);
    const rows = await query.where(dialect.among('key', keys)).execute();
    return Object.fromEntries(rows.map(({ key, entity_id }) => [key, entity_id]));
  }

  async scan(kind: EntityKind, after: string | null, limit: number): Promise<Entity[]> {
    let query = this.#database.read.db.selectFrom('entity').selectAll().where('kind', '=', kind);
    if (after !== null) query = query.where('id', '>', after);
    return (await query.orderBy('id').limit(limit).execute()).map(entityOf);
  }

  async count(kind: EntityKind): Promise<number> {
    const [row] = await this.#database.read.all(
      sql<{ number: number }>`select count(*) as number from entity where kind = ${kind}`,
    );
    return row?.number ?? 0;
  }

  dealsOf(personIds: readonly string[]): Promise<string[]> {
    return dealsOf(this.#database.read, personIds);
  }

  partiesOf(dealIds: readonly string[]): Promise<Map<string, readonly string[]>> {
    return partiesOf(this.#database.read, dealIds);
  }

  dealFacts(dealIds: readonly string[]): Promise<DealFacts[]> {
    return dealFacts(this.#database.read, dealIds);
  }

  personFacts(personIds: readonly string[]): Promise<PersonFacts[]> {
    return personFacts(this.#database.read, personIds);
  }

  organizationsOf(personIds: readonly string[]): Promise<Record<string, string[]>> {
    return organizationsOf(this.#database.read, personIds);
  }

  setDerived(derived: readonly { id: string; fields: Entity['fields'] }[]): Promise<string[]> {
    const wanted = new Map(derived.map(({ id, fields }) => [id, fieldsText(fields)]));
    return this.#database.write(async (session) => {
      const rows = await session.db
        .selectFrom('entity')
        .select(['id', 'derived'])
        .where(session.among('id', [...wanted.keys()]))
        .orderBy('id')
        .execute();
      const changed = rows.flatMap(({ id, derived: present }) =>
        wanted.get(id) === present ? [] : [[id, wanted.get(id) ?? null]],
      );
      const news = session.dialect.rows('news', { id: 'text', derived: 'text' }, changed);
      await session.run(sql`update entity set derived = news.derived from ${news} where entity.id = news.id`);
      return changed.map(([id]) => String(id));
    });
  }

  async merges(entityId: string): Promise<MergeLine[]> {
    const query = this.#database.read.db.selectFrom('merge').selectAll().where('entity_id', '=', entityId);
    const rows = await query.orderBy('at').orderBy('line').execute();
    return rows.map(({ at, kind, what, came_from, went_into }) => ({
      at,
      kind: kind as EntityKind,
      what: what as MergeLine['what'],
      from: fromJson<string[]>(came_from),
      into: fromJson<string[]>(went_into),
    }));
  }
}

function entityOf(row: Row<'entity'>): Entity {
  return {
    id: row.id,
    kind: row.kind as EntityKind,
    fields: { ...fromJson<Entity['fields']>(row.fields), ...fromJsonOrNull<Entity['fields']>(row.derived) },
    provenance: fromJson<Record<string, Provenance>>(row.provenance),
    members: fromJson<string[]>(row.members),
    withdrawn: row.withdrawn === 1,
  };
}
