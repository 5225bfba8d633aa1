/** Moves everything from one database to another of either kind, and proves that it arrived. */
import { createHash, type Hash } from 'node:crypto';
import { sql } from 'kysely';
import { Problem } from '../support/problem.ts';
import type { Database } from './database/database.ts';
import type { Session } from './database/session.ts';
import { columns, primaryKeys, type Row, type TableName, tableNames } from './database/tables.ts';

export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 over all rows in key order, the same for the same rows in either kind of database. */
  readonly checksum: string;
}

const batchSize = 1_000;

/** Who has a database open is no part of what it holds. */
const copied = tableNames.filter((table) => table !== 'holder');

/**
 * Copies table by table in key order, then reads the copy back and compares count and checksum of each table.
 * The source stands still meanwhile: one snapshot is read, and an embedded source takes no writes. The target
 * must hold nothing and gets everything or nothing. Throws a `configuration` Problem otherwise.
 */
export async function copyStore(from: Database, to: Database): Promise<CopiedTable[]> {
  return from.transaction(async ({ read: source }) => {
    await source.dialect.freeze(source.db);
    return to.transaction(async ({ read: target }) => {
      await refuseNonEmpty(target);
      const report: CopiedTable[] = [];
      for (const table of copied) report.push(await copyTable(source, target, table));
      return report;
    });
  });
}

async function copyTable(source: Session, target: Session, table: TableName): Promise<CopiedTable> {
  const sent = new Tally(table);
  for await (const batch of batches(source, table)) {
    await target.insert(table, batch);
    sent.add(batch);
  }
  const arrived = new Tally(table);
  for await (const batch of batches(target, table)) arrived.add(batch);
  const [wanted, got] = [sent.result(), arrived.result()];
  if (wanted.rows === got.rows && wanted.checksum === got.checksum) return got;
  throw new Problem(
    'failed',
    `Table ${table} did not arrive as it was: ${wanted.rows} rows sent, ${got.rows} arrived.`,
    { remedy: 'Nothing was kept in the target; the source is as it was. Try again, and report this.' },
  );
}

async function refuseNonEmpty(target: Session): Promise<void> {
  for (const table of copied) {
    const [row] = await target.all(sql`select 1 from ${sql.table(table)} limit 1`);
    if (row === undefined) continue;
    throw new Problem('configuration', `The target database is not empty: ${table} has rows.`, {
      remedy: 'Copy to a new database or schema.',
    });
  }
}

async function* batches<T extends TableName>(session: Session, table: T): AsyncGenerator<Row<T>[]> {
  const keys: readonly string[] = primaryKeys[table];
  const order = sql.join(keys.map((key) => sql.ref(key)));
  let place = sql``;
  for (;;) {
    const rows = sql<Row<T>>`select * from ${sql.table(table)} ${place} order by ${order} limit ${batchSize}`;
    const batch = await session.all(rows);
    yield batch;
    const last: Readonly<Record<string, unknown>> | undefined = batch[batchSize - 1];
    if (!last) return;
    place = sql`where (${order}) > (${sql.join(keys.map((key) => last[key]))})`;
  }
}

class Tally {
  readonly #table: TableName;
  readonly #names: readonly string[];
  readonly #hash: Hash = createHash('sha256');
  #rows = 0;

  constructor(table: TableName) {
    this.#table = table;
    this.#names = Object.keys(columns[table]);
  }

  add(batch: readonly Readonly<Record<string, unknown>>[]): void {
    this.#rows += batch.length;
    for (const row of batch) this.#hash.update(JSON.stringify(this.#names.map((name) => row[name])));
  }

  result(): CopiedTable {
    return { table: this.#table, rows: this.#rows, checksum: this.#hash.digest('hex') };
  }
}
