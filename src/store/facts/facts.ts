/** What landed records say: contributions, links, events. */
import { type RawBuilder, sql } from 'kysely';
import { type CanonicalEvent, type EventType, eventTypes } from '../../canonical/events.ts';
import type { Contribution, EntityKind } from '../../canonical/model.ts';
import { defaultLimits, type Limits } from '../../canonical/pairs.ts';
import type { Facts, FactsChange, NormalizedRecord } from '../contract/facts.ts';
import type { Component } from '../contract/identity.ts';
import type { Database } from '../database/database.ts';
import type { Row } from '../database/tables.ts';
import { contributionsNamed, findComponents } from '../identity/components.ts';
import { formerHoldersAt } from '../identity/former.ts';
import { keyName } from '../names.ts';
import { eventOf } from './fact-rows.ts';
import { replaceFacts } from './facts-replace.ts';

export interface EventFilter {
  readonly types?: readonly string[];
  readonly subjects?: readonly string[];
  readonly after?: { readonly time: number; readonly id: string };
}

export class SqlFacts implements Facts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  replace(records: readonly NormalizedRecord[]): Promise<FactsChange> {
    return this.#database.write((session) => replaceFacts(session, records));
  }

  async components(
    names: readonly string[],
    limit: number,
    limits: Limits = defaultLimits,
  ): Promise<Component[]> {
    const { read, inTransaction } = this.#database;
    // Who looks in order to replace entities must not be overtaken by another who does the same.
    if (inTransaction) await read.dialect.alone(read.db, 'resolve');
    return findComponents(read, names, { limit, limits });
  }

  connected(names: readonly string[], limit: number, limits: Limits = defaultLimits): Promise<Component[]> {
    return findComponents(this.#database.read, names, { limit, limits, former: true });
  }

  async contributions(names: readonly string[]): Promise<Contribution[]> {
    if (names.length === 0) return [];
    return [...(await contributionsNamed(this.#database.read, names)).values()];
  }

  async holders(kind: EntityKind, keys: readonly string[], limit: number): Promise<string[]> {
    const { db, among } = this.#database.read;
    const wanted = keys.map((key) => keyName(kind, key));
    const query = db.selectFrom('contribution_key').select('name').distinct().where(among('key', wanted));
    return (await query.orderBy('name').limit(limit).execute()).map(({ name }) => name);
  }

  async formerHolders(kind: EntityKind, keys: readonly string[]): Promise<Map<string, string[]>> {
    const texts = new Map(keys.map((key) => [keyName(kind, key), key]));
    const rows = await formerHoldersAt(this.#database.read, [...texts.keys()]);
    const byKey = Map.groupBy(rows, ({ key }) => texts.get(key) ?? key);
    return new Map([...byKey].map(([key, found]) => [key, found.map(({ name }) => name)]));
  }

  async names(after: string | null, limit: number): Promise<string[]> {
    const { db } = this.#database.read;
    let query = db.selectFrom('contribution').select('name').orderBy('name').limit(limit);
    if (after !== null) query = query.where('name', '>', after);
    return (await query.execute()).map(({ name }) => name);
  }

  async pointing(keys: readonly string[]): Promise<Map<string, readonly string[]>> {
    if (keys.length === 0) return new Map();
    const { read } = this.#database;
    const rows = await read.all(sql<{ key: string; ref: string }>`
      select to_key as key, ref from link where ${read.among('to_key', keys)}
      union select from_key as key, ref from link where ${read.among('from_key', keys)}
      union select subject as key, ref from event where ${read.among('subject', keys)}
      order by key, ref`);
    const byKey = Map.groupBy(rows, ({ key }) => key);
    return new Map([...byKey].map(([key, found]) => [key, found.map(({ ref }) => ref)]));
  }

  async eventsNamed(ids: readonly string[]): Promise<CanonicalEvent[]> {
    const { db, among } = this.#database.read;
    return (await db.selectFrom('event').selectAll().where(among('id', ids)).execute()).map(eventOf);
  }

  async eventsOf(
    subjects: readonly string[],
    types: readonly EventType[],
  ): Promise<Map<string, CanonicalEvent[]>> {
    if (subjects.length === 0) return new Map();
    const { read } = this.#database;
    const rows = await read.all(
      sql<Row<'event'>>`
        select * from event where ${read.among('subject', subjects)} and ${read.among('type', types)}
        order by time, id`,
    );
    return Map.groupBy(rows.map(eventOf), ({ subject }) => subject);
  }

  async events(filter: EventFilter, limit: number): Promise<CanonicalEvent[]> {
    const rows = await this.#database.read.all(
      sql<Row<'event'>>`select * from event where ${this.#matching(filter)} order by time, id limit ${limit}`,
    );
    return rows.map(eventOf);
  }

  #matching({ types, subjects, after }: EventFilter): RawBuilder<unknown> {
    const { read } = this.#database;
    const conditions = [sql`1 = 1`];
    if (types)
      conditions.push(
        read.among(
          'type',
          eventTypes.filter((type) => types.some((prefix) => type.startsWith(prefix))),
        ),
      );
    if (subjects) conditions.push(read.among('subject', subjects));
    if (after) conditions.push(sql`(time, id) > (${after.time}, ${after.id})`);
    return sql.join(conditions, sql` and `);
  }
}
