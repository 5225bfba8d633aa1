/** The ledger of what was sent once. */
import { sql } from 'kysely';
import type { SealedContent, Sent, SentEvent, SentStatus } from '../contract/sent.ts';
import type { Database } from '../database/database.ts';
import { fromJson } from '../database/json.ts';
import type { Row } from '../database/tables.ts';

export class SqlSent implements Sent {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(events: readonly SentEvent[]): Promise<void> {
    if (events.length > 0) await this.#database.write((session) => session.upsert('sent', events.map(rowOf)));
  }

  async forget(connection: string, object: string, events: readonly string[]): Promise<void> {
    if (events.length === 0) return;
    await this.#database.write((session) =>
      session.run(
        sql`delete from sent where connection = ${connection} and object = ${object} and ${session.among('event', events)}`,
      ),
    );
  }

  async of(connection: string, object: string, events: readonly string[]): Promise<SentEvent[]> {
    if (events.length === 0) return [];
    const { read } = this.#database;
    const rows = await read.all(
      sql<Row<'sent'>>`select * from sent where connection = ${connection} and object = ${object}
        and ${read.among('event', events)} order by event`,
    );
    return rows.map(eventOf);
  }

  async open(connection: string, now: number): Promise<SentEvent[]> {
    const rows = await this.#database.read.all(
      sql<Row<'sent'>>`select * from sent where connection = ${connection} and status in ('sealed', 'leaving')
        and due_at <= ${now} order by batch, event`,
    );
    return rows.map(eventOf);
  }

  async counts(connection: string): Promise<{ object: string; status: SentStatus; events: number }[]> {
    return this.#database.read.all(
      sql<{ object: string; status: SentStatus; events: number }>`select object, status, count(*) as events
        from sent where connection = ${connection} group by object, status order by object, status`,
    );
  }
}

function rowOf({ dueAt, content, fault, ...rest }: SentEvent): Row<'sent'> {
  return {
    ...rest,
    due_at: dueAt,
    content: content === null ? null : JSON.stringify(content),
    fault: fault === null ? null : JSON.stringify(fault),
  };
}

function eventOf({ due_at, content, fault, status, ...rest }: Row<'sent'>): SentEvent {
  return {
    ...rest,
    status: status as SentStatus,
    dueAt: due_at,
    content: content === null ? null : fromJson<SealedContent>(content),
    fault: fault === null ? null : fromJson<{ code: string; message: string }>(fault),
  };
}
