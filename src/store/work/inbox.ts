/**
 * Deliveries as they came: one row is enough to acknowledge one. Its key, the connection with the delivery's own
 * replay key, becomes its mark in stage `inbox` when work of that stage is claimed (`arrivals.ts`).
 */
import { isUtf8 } from 'node:buffer';
import { CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { Inbox, ReceivedDelivery } from '../contract/inbox.ts';
import type { Database } from '../database/database.ts';
import type { Dialect } from '../database/dialect.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { storableValue } from '../database/text.ts';

export class SqlInbox implements Inbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put(deliveries: readonly ReceivedDelivery[]): Promise<ReadonlySet<string>> {
    return this.#database.transaction(async (database) => {
      const fresh = await database.write((session) => insert(session, deliveries.map(rowOf)));
      if (fresh.size > 0) await database.announceWork();
      return fresh;
    });
  }

  async sizes(keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { read } = this.#database;
    const rows = await read.all(
      sql<Pick<Row<'inbox'>, 'key' | 'size'>>`select key, size from inbox where ${read.among('key', keys)}`,
    );
    return new Map(rows.map(({ key, size }) => [key, size]));
  }

  async get(keys: readonly string[]): Promise<ReceivedDelivery[]> {
    const { read } = this.#database;
    const rows = await read.all(
      sql<Row<'inbox'>>`select * from inbox where ${read.among('key', keys)} order by at, key`,
    );
    return rows.map(deliveryOf);
  }

  settle(deliveries: readonly Pick<ReceivedDelivery, 'key' | 'at'>[]): Promise<ReadonlySet<string>> {
    return this.#database.write(async (session) => {
      const fresh = new Set<string>();
      for (const { key, at } of deliveries) {
        if ((await session.insert('replay', [{ ...nameOf(key), at }])) === 1) fresh.add(key);
      }
      await session.remove(
        'inbox',
        'key',
        deliveries.map(({ key }) => key),
      );
      return fresh;
    });
  }

  async forgetReplays(before: number): Promise<void> {
    await this.#database.write((session) => session.run(sql`delete from replay where at < ${before}`));
  }
}

/** Returns the keys that were new. Row by row: bodies are large, and only a number comes back. */
async function insert(session: Session, rows: readonly Row<'inbox'>[]): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  for (const row of rows) if ((await insertOne(session, row)) === 1) taken.add(row.key);
  return taken;
}

/** The text is compiled once for each dialect: a sender waits for this statement, and nearly for it alone. */
const texts = new WeakMap<Dialect, string>();

async function insertOne({ db, dialect }: Session, row: Row<'inbox'>): Promise<number> {
  const text = texts.get(dialect) ?? insertion(row).compile(db).sql;
  texts.set(dialect, text);
  const result = await db.executeQuery(CompiledQuery.raw(text, parametersOf(row).map(storableValue)));
  return Number(result.numAffectedRows ?? 0n);
}

/** In the order in which `insertion` names them. */
function parametersOf(row: Row<'inbox'>): unknown[] {
  const { connection, key } = nameOf(row.key);
  return [row.key, row.at, row.size, row.request, row.encoding, row.body, connection, key];
}

function insertion(row: Row<'inbox'>): RawBuilder<unknown> {
  const [key, at, size, request, encoding, body, connection, name] = parametersOf(row);
  return sql`
    insert into inbox (key, at, size, request, encoding, body)
    select cast(${key} as text), cast(${at} as bigint), cast(${size} as bigint),
      cast(${request} as text), cast(${encoding} as text), cast(${body} as text)
    where not exists (select 1 from replay where connection = ${connection} and key = ${name})
    on conflict (key) do nothing`;
}

function nameOf(key: string): { connection: string; key: string } {
  const bar = key.indexOf('|');
  return { connection: key.slice(0, bar), key: key.slice(bar + 1) };
}

/** Text where it can be, so that a person can read it; PostgreSQL has no NUL in text. */
function rowOf({ key, at, request, body }: ReceivedDelivery): Row<'inbox'> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const encoding = isUtf8(bytes) && !bytes.includes(0) ? 'utf8' : 'base64';
  return {
    key,
    at,
    size: bytes.byteLength,
    request: JSON.stringify(request),
    encoding,
    body: bytes.toString(encoding),
  };
}

function deliveryOf({ key, at, request, encoding, body }: Row<'inbox'>): ReceivedDelivery {
  return {
    key,
    at,
    request: JSON.parse(request) as ReceivedDelivery['request'],
    body: Buffer.from(body, encoding === 'utf8' ? 'utf8' : 'base64'),
  };
}
