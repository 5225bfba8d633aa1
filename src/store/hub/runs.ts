/** What the hub did, when, and how it ended. */
import type { Run, Runs } from '../contract/runs.ts';
import type { Database } from '../database/database.ts';
import { fromJson } from '../database/json.ts';
import type { Row } from '../database/tables.ts';

type Result = Parameters<Runs['finish']>[1];

export class SqlRuns implements Runs {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async start({
    id,
    kind,
    connection,
    at,
  }: {
    id: string;
    kind: string;
    connection?: string;
    at: number;
  }): Promise<void> {
    const row = {
      id,
      kind,
      connection: connection ?? null,
      started_at: at,
      ended_at: null,
      status: 'running',
      counts: '{}',
      message: null,
    };
    await this.#database.write((session) => session.upsert('run', [row]));
  }

  async finish(id: string, { status, at, counts, message }: Result): Promise<void> {
    const end = { status, ended_at: at, counts: JSON.stringify(counts), message: message ?? null };
    await this.#database.write(({ db }) => db.updateTable('run').set(end).where('id', '=', id).execute());
  }

  async recent(limit: number): Promise<Run[]> {
    const query = this.#database.read.db
      .selectFrom('run')
      .selectAll()
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc');
    return (await query.limit(limit).execute()).map(runOf);
  }
}

function runOf(row: Row<'run'>): Run {
  return {
    id: row.id,
    kind: row.kind,
    connection: row.connection,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    status: row.status as Run['status'],
    counts: fromJson<Record<string, number>>(row.counts),
    ...(row.message === null ? {} : { message: row.message }),
  };
}
