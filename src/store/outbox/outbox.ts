/** Writes from intent to outcome, and what we remember of each field that we wrote. */
import { sql } from 'kysely';
import type { Json } from '../../support/json.ts';
import type { FieldMemory, Outbox, WriteReason, WriteRecord } from '../contract/outbox.ts';
import type { Database } from '../database/database.ts';
import { fromJson } from '../database/json.ts';
import { prefixRange } from '../database/prefix.ts';
import type { Row } from '../database/tables.ts';
import { redact, type WrittenPlace, withoutRedacted } from './redact.ts';

type Outcomes = Parameters<Outbox['settle']>[0];

export class SqlOutbox implements Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async intend(writes: readonly WriteRecord[], memories: readonly FieldMemory[]): Promise<void> {
    await this.#database.write(async (session) => {
      const kept = await withoutRedacted(session, writes);
      await session.upsert('outbox_write', kept.map(writeRow));
      await session.upsert('field_memory', memories.map(memoryRow));
    });
  }

  async settle(outcomes: Outcomes): Promise<void> {
    if (outcomes.length === 0) return;
    await this.#database.write(async (session) => {
      const columns = {
        id: 'text',
        status: 'text',
        record_id: 'text?',
        fault: 'text?',
        at: 'integer',
      } as const;
      const rows = outcomes.map(({ id, status, recordId, fault, at }) => [
        id,
        status,
        recordId ?? null,
        fault ?? null,
        at,
      ]);
      await session.run(sql`
        update outbox_write set
          status = outcome.status, at = outcome.at, fault = outcome.fault,
          record_id = coalesce(outcome.record_id, outbox_write.record_id)
        from ${session.dialect.rows('outcome', columns, rows)} where outbox_write.id = outcome.id`);
    });
  }

  async memories(refs: readonly string[]): Promise<FieldMemory[]> {
    if (refs.length === 0) return [];
    const { db, dialect } = this.#database.read;
    const query = db.selectFrom('field_memory').selectAll().where(dialect.among('ref', refs));
    return (await query.orderBy('ref').orderBy('field').execute()).map(memoryOf);
  }

  async remembered(prefix: string, after: string | null, limit: number): Promise<string[]> {
    const { from, to } = prefixRange(prefix);
    const rows = await this.#database.read.all(
      sql<{ ref: string }>`select distinct ref from field_memory
        where ref >= ${from} and ref < ${to} and ref > ${after ?? ''} order by ref limit ${limit}`,
    );
    return rows.map(({ ref }) => ref);
  }

  async remember(memories: readonly FieldMemory[]): Promise<void> {
    await this.#database.write((session) => session.upsert('field_memory', memories.map(memoryRow)));
  }

  async forget(memories: readonly { ref: string; field: string }[]): Promise<void> {
    if (memories.length === 0) return;
    await this.#database.write((session) => {
      const rows = session.dialect.rows(
        'gone',
        { ref: 'text', field: 'text' },
        memories.map(({ ref, field }) => [ref, field]),
      );
      return session.run(
        sql`delete from field_memory where (ref, field) in (select ref, field from ${rows})`,
      );
    });
  }

  async forgetAll(refs: readonly string[]): Promise<void> {
    if (refs.length > 0) await this.#database.write((session) => session.remove('field_memory', 'ref', refs));
  }

  async writes(filter: Parameters<Outbox['writes']>[0], limit: number): Promise<WriteRecord[]> {
    const { db, among } = this.#database.read;
    let query = db.selectFrom('outbox_write').selectAll();
    if (filter.run !== undefined) query = query.where('run', '=', filter.run);
    if (filter.connection !== undefined) query = query.where('connection', '=', filter.connection);
    if (filter.entityId !== undefined) query = query.where('entity_id', '=', filter.entityId);
    if (filter.ids !== undefined) query = query.where(among('id', filter.ids));
    if (filter.entityIds !== undefined) query = query.where(among('entity_id', filter.entityIds));
    return (await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()).map(writeOf);
  }

  async hasCreated(connection: string, object: string): Promise<boolean> {
    const row = await this.#database.read.db
      .selectFrom('outbox_write')
      .select('id')
      .where('connection', '=', connection)
      .where('object', '=', object)
      .where('op', '=', 'upsert')
      .where('status', '=', 'written')
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async writtenOften(
    connection: string,
    entityIds: readonly string[],
    since: number,
    many: number,
  ): Promise<string[]> {
    const { db, among } = this.#database.read;
    const rows = await db
      .selectFrom('outbox_write')
      .select('entity_id')
      .where(among('entity_id', entityIds))
      .where('at', '>=', since)
      .where('connection', '=', connection)
      .groupBy('entity_id')
      .having((count) => count.fn.countAll(), '>=', many)
      .orderBy('entity_id')
      .execute();
    return rows.map((row) => row.entity_id);
  }

  async redact(entityIds: readonly string[], places: readonly WrittenPlace[]): Promise<void> {
    if (entityIds.length === 0 || places.length === 0) return;
    const { clock } = this.#database;
    await this.#database.write((session) => redact(session, entityIds, places, clock.now()));
  }
}

function writeRow(write: WriteRecord): Row<'outbox_write'> {
  const { id, run, connection, object, entityId, recordId, op, fields, replaced, status, at, fault } = write;
  const { reasons } = write;
  return {
    ...{ id, run, connection, object, op, status, at },
    entity_id: entityId,
    record_id: recordId,
    fields: JSON.stringify(fields),
    replaced: JSON.stringify(replaced),
    fault: fault ?? null,
    reasons: reasons ? JSON.stringify(reasons) : null,
    edition: write.edition ?? null,
  };
}

function writeOf(row: Row<'outbox_write'>): WriteRecord {
  const { id, run, connection, object, at } = row;
  return {
    ...{ id, run, connection, object, at },
    entityId: row.entity_id,
    recordId: row.record_id,
    op: row.op as WriteRecord['op'],
    fields: fromJson<Record<string, Json>>(row.fields),
    replaced: fromJson<Record<string, Json>>(row.replaced),
    status: row.status as WriteRecord['status'],
    ...(row.fault === null ? {} : { fault: row.fault }),
    ...(row.reasons === null ? {} : { reasons: fromJson<Record<string, WriteReason>>(row.reasons) }),
    ...(row.edition === null ? {} : { edition: row.edition }),
  };
}

function memoryRow(memory: FieldMemory): Row<'field_memory'> {
  const { ref, field, path, canonical, sent, answer, value, valueAt, valueExact } = memory;
  const { basis, repeats, status } = memory;
  return {
    ...{ ref, field, path, canonical, basis, repeats, status },
    sent: JSON.stringify(sent),
    answer: answer === undefined ? null : JSON.stringify(answer),
    value: JSON.stringify(value),
    value_at: valueAt,
    value_exact: Number(valueExact),
  };
}

function memoryOf(row: Row<'field_memory'>): FieldMemory {
  const { ref, field, path, canonical, basis, repeats } = row;
  return {
    status: row.status as FieldMemory['status'],
    ...{ ref, field, path, canonical, basis, repeats },
    sent: fromJson<Json>(row.sent),
    ...(row.answer === null ? {} : { answer: fromJson<Json>(row.answer) }),
    value: fromJson<Json>(row.value),
    valueAt: row.value_at,
    valueExact: row.value_exact === 1,
  };
}
