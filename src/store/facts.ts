/** What landed records say: contributions, links, events. */
import { type RawBuilder, sql } from 'kysely';
import { type CanonicalEvent, type EventType, eventTypes } from '../canonical/events.ts';
import { parseRef } from '../canonical/model.ts';
import { findComponents } from './components.ts';
import type { Component, Facts, FactsChange, NormalizedRecord } from './contract.ts';
import type { Database } from './database.ts';
import { replaceFacts } from './facts-replace.ts';
import { fromJson } from './json.ts';
import type { Row } from './tables.ts';

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

  async components(names: readonly string[], limit: number): Promise<Component[]> {
    const { read, inTransaction } = this.#database;
    // Who looks in order to replace entities must not be overtaken by another who does the same.
    if (inTransaction) await read.dialect.alone(read.db, 'resolve');
    return findComponents(read, names, limit);
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

export function eventOf(row: Row<'event'>): CanonicalEvent {
  const { id, type, time, ref, subject, data } = row;
  return { id, type: type as EventType, time, source: parseRef(ref), subject, data: fromJson(data) };
}
