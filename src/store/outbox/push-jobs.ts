/** Jobs that writes went by, and the writes that wait for them. */
import { sql } from 'kysely';
import type { EntityKind } from '../../canonical/model.ts';
import type { Json } from '../../support/json.ts';
import type { JobWrite, PushJob, PushJobs } from '../contract/push-jobs.ts';
import type { Database } from '../database/database.ts';
import { fromJson } from '../database/json.ts';
import type { Row } from '../database/tables.ts';

export class SqlPushJobs implements PushJobs {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async keep(jobs: readonly PushJob[], writes: readonly JobWrite[]): Promise<void> {
    if (jobs.length === 0) return;
    await this.#database.write(async (session) => {
      await session.upsert('push_job', jobs.map(jobRow));
      await session.upsert('job_write', writes.map(writeRow));
    });
  }

  async running(connection: string): Promise<PushJob[]> {
    const query = this.#database.read.db.selectFrom('push_job').selectAll();
    const found = query.where('connection', '=', connection).orderBy('since').orderBy('id');
    return (await found.execute()).map(jobOf);
  }

  async get(id: string): Promise<PushJob | null> {
    const query = this.#database.read.db.selectFrom('push_job').selectAll().where('id', '=', id);
    const row = await query.executeTakeFirst();
    return row ? jobOf(row) : null;
  }

  async rest(
    id: string,
    { waitsFor, resumeAt, saidAt }: Pick<PushJob, 'waitsFor' | 'resumeAt' | 'saidAt'>,
  ): Promise<void> {
    await this.#database.write((session) =>
      session.run(
        sql`update push_job set waits_for = ${waitsFor}, resume_at = ${resumeAt}, said_at = ${saidAt} where id = ${id}`,
      ),
    );
  }

  async writesOf(id: string): Promise<JobWrite[]> {
    const query = this.#database.read.db.selectFrom('job_write').selectAll();
    return (await query.where('job', '=', id).orderBy('id').execute()).map(writeOf);
  }

  async concerning(
    connection: string,
    entityIds: readonly string[],
    refs: readonly string[],
  ): Promise<JobWrite[]> {
    const { read } = this.#database;
    const rows = await read.all(
      sql<Row<'job_write'>>`select * from job_write where connection = ${connection}
        and (${read.among('entity_id', entityIds)} or ${read.among('ref', refs)}) order by id`,
    );
    return rows.map(writeOf);
  }

  async collected(id: string, refused: ReadonlyMap<string, Json>): Promise<void> {
    await this.#database.write(async (session) => {
      const writes = await session.all(sql<Row<'job_write'>>`select * from job_write where job = ${id}`);
      await session.run(sql`delete from job_write where job = ${id}`);
      await session.run(sql`delete from push_job where id = ${id}`);
      const left = writes.flatMap((row) => {
        const fault = refused.get(row.id);
        return fault === undefined ? [] : [{ ...row, fault: JSON.stringify(fault) }];
      });
      await session.upsert('job_write', left);
    });
  }

  async drop(writeIds: readonly string[]): Promise<void> {
    if (writeIds.length > 0)
      await this.#database.write((session) => session.remove('job_write', 'id', writeIds));
  }
}

function jobRow({ waitsFor, resumeAt, saidAt, job, ...rest }: PushJob): Row<'push_job'> {
  return {
    ...rest,
    job: JSON.stringify(job),
    waits_for: waitsFor,
    resume_at: resumeAt,
    said_at: saidAt,
  };
}

function jobOf({ waits_for, resume_at, said_at, job, ...rest }: Row<'push_job'>): PushJob {
  return {
    ...rest,
    job: fromJson<Json>(job),
    waitsFor: waits_for,
    resumeAt: resume_at,
    saidAt: said_at,
  };
}

type Detail = Pick<JobWrite, 'alternateKey' | 'references' | 'hubId' | 'mapping' | 'withheld'>;

function writeRow(write: JobWrite): Row<'job_write'> {
  const { alternateKey, references, hubId, mapping, withheld, entityId, fault, ...rest } = write;
  const detail: Detail = { alternateKey, references, hubId, mapping, withheld };
  return {
    ...rest,
    entity_id: entityId,
    detail: JSON.stringify(detail),
    fault: fault === null ? null : JSON.stringify(fault),
  };
}

function writeOf({ entity_id, detail, fault, kind, op, ...rest }: Row<'job_write'>): JobWrite {
  return {
    ...rest,
    ...fromJson<Detail>(detail),
    kind: kind as EntityKind,
    op: op as JobWrite['op'],
    entityId: entity_id,
    fault: fault === null ? null : fromJson<Json>(fault),
  };
}
