/** Resolved entities, their keys and members, and what the hub itself adds to them. */
import { sql } from 'kysely';
import type { Entity, EntityKind } from '../../canonical/model.ts';
import { eachInBreaths } from '../../support/breath.ts';
import type {
  Addition,
  Brought,
  DealFacts,
  Entities,
  Family,
  MergeLine,
  Newcomer,
  PersonFacts,
  PersonTouches,
  ResolvedEntity,
  WithoutPeople,
} from '../contract/entities.ts';
import type { Database } from '../database/database.ts';
import { fromJson } from '../database/json.ts';
import type { Row } from '../database/tables.ts';
import { ownersOf, touchesNear } from '../facts/event-owners.ts';
import { sharingSessions } from '../facts/session-ties.ts';
import { dealFacts, dealsOf, dealsOfPeople, dealsWithoutPeople, partiesOf } from './deals.ts';
import { movedKeys, replaceChildren, replaceEntities } from './entities-replace.ts';
import { entityOf, fieldsOf, fieldsText, isListed, membersListed } from './entity-row.ts';
import { grow, growing, newcomers } from './growth.ts';
import { touchesOfThoseApart } from './kept-apart.ts';
import { membersOf, organizationsOf, personFacts } from './people.ts';

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

  async newcomers(names: readonly string[]): Promise<Newcomer[]> {
    const { read, inTransaction } = this.#database;
    if (inTransaction) await read.dialect.alone(read.db, 'resolve');
    return newcomers(read, names);
  }

  grow(additions: readonly Addition[]): Promise<Brought[]> {
    return this.#database.write((session) => grow(session, additions));
  }

  growing(names: readonly string[]): Promise<Map<string, string>> {
    return growing(this.#database.read, names);
  }

  async get(ids: readonly string[]): Promise<Entity[]> {
    if (ids.length === 0) return [];
    const { db, dialect } = this.#database.read;
    const query = db.selectFrom('entity').selectAll().where(dialect.among('id', ids));
    return this.#whole(await query.orderBy('id').execute());
  }

  async #whole(rows: readonly Row<'entity'>[]): Promise<Entity[]> {
    const listed = rows.filter(isListed).map(({ id }) => id);
    const members = await membersListed(this.#database.read, listed);
    return rows.map((row) => entityOf(row, members.get(row.id)));
  }

  async byKey(kind: EntityKind, keys: readonly string[]): Promise<Record<string, string>> {
    if (keys.length === 0) return {};
    const { db, dialect } = this.#database.read;
    const query = db.selectFrom('entity_key').select(['key', 'entity_id']).where('kind', '=', kind);
    const rows = await query.where(dialect.among('key', keys)).execute();
    return Object.fromEntries(rows.map(({ key, entity_id }) => [key, entity_id]));
  }

  async fieldsByKey(kind: EntityKind, keys: readonly string[]): Promise<Map<string, Entity['fields']>> {
    if (keys.length === 0) return new Map();
    const { read } = this.#database;
    const rows = await read.all(sql<Pick<Row<'entity'>, 'fields' | 'derived'> & { readonly key: string }>`
      select entity_key.key, entity.fields, entity.derived
      from entity_key join entity on entity.id = entity_key.entity_id
      where entity_key.kind = ${kind} and ${read.among('entity_key.key', keys)}`);
    const fields = await eachInBreaths(rows, fieldsOf);
    return new Map(rows.map(({ key }, index) => [key, fields[index] ?? {}]));
  }

  async scan(kind: EntityKind, after: string | null, limit: number): Promise<Entity[]> {
    let query = this.#database.read.db.selectFrom('entity').selectAll().where('kind', '=', kind);
    if (after !== null) query = query.where('id', '>', after);
    return this.#whole(await query.orderBy('id').limit(limit).execute());
  }

  async count(kind: EntityKind): Promise<number> {
    const [row] = await this.#database.read.all(
      sql<{ number: number }>`select count(*) as number from entity where kind = ${kind}`,
    );
    return row?.number ?? 0;
  }

  ownersOf(subjects: readonly string[]): Promise<Record<string, string>> {
    return ownersOf(this.#database.read, subjects);
  }

  touchesNear(keys: readonly string[]): ReturnType<Entities['touchesNear']> {
    return touchesNear(this.#database.read, keys);
  }

  touchesOfThoseApart(personIds: readonly string[], until: number): Promise<PersonTouches[]> {
    return touchesOfThoseApart(this.#database.read, personIds, until);
  }

  async sharingSessions(resolved: readonly ResolvedEntity[], before: readonly string[]): Promise<string[]> {
    const { read } = this.#database;
    return sharingSessions(read, await movedKeys(read, resolved, before));
  }

  dealsOf(personIds: readonly string[], organizationIds: readonly string[] = []): Promise<string[]> {
    return dealsOf(this.#database.read, personIds, organizationIds);
  }

  dealsOfPeople(personIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    return dealsOfPeople(this.#database.read, personIds);
  }

  dealsWithoutPeople(): Promise<WithoutPeople> {
    return dealsWithoutPeople(this.#database.read);
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

  membersOf(organizationIds: readonly string[]): Promise<string[]> {
    return membersOf(this.#database.read, organizationIds);
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

  async merges(entityIds: readonly string[]): Promise<Map<string, MergeLine[]>> {
    if (entityIds.length === 0) return new Map();
    const { db, among } = this.#database.read;
    const query = db.selectFrom('merge').selectAll().where(among('entity_id', entityIds));
    const rows = Map.groupBy(
      await query.orderBy('at').orderBy('line').execute(),
      ({ entity_id }) => entity_id,
    );
    return new Map([...rows].map(([id, lines]) => [id, lines.map(mergeLineOf)]));
  }
}

function mergeLineOf({ at, kind, what, came_from, went_into }: Row<'merge'>): MergeLine {
  return {
    at,
    kind: kind as EntityKind,
    what: what as MergeLine['what'],
    from: fromJson<string[]>(came_from),
    into: fromJson<string[]>(went_into),
  };
}
