/** The life of one job of Bulk API 2.0: created, filled, closed, waited for. It is never deleted. */
import { z } from 'zod';
import { Fault } from '../../../src/connector/fault.ts';
import { expected } from '../wire/faults.ts';
import type { Desk } from './collections.ts';
import type { Method } from './writes.ts';

const largeBodyTimeoutMs = 600_000;
const firstPollMs = 500;
const longestPollMs = 20_000;
/** A job that takes longer is left alone; its writes are told again later, which is harmless. */
const patienceMs = 60 * 60_000;

const jobInfo = z.looseObject({
  id: z.string(),
  state: z.enum(['Open', 'UploadComplete', 'InProgress', 'JobComplete', 'Failed', 'Aborted']),
  contentUrl: z.string().optional(),
  numberRecordsFailed: z.number().default(0),
  errorMessage: z.string().optional(),
});
type JobInfo = z.infer<typeof jobInfo>;

const settled: ReadonlySet<JobInfo['state']> = new Set(['JobComplete', 'Failed', 'Aborted']);

/** A job that has ended. */
export interface Job {
  readonly object: string;
  readonly failures: number;
  file(name: 'successfulResults' | 'failedResults'): Promise<string>;
}

/** Null where this object does not take part in bulk jobs. */
export async function runJob(desk: Desk, method: Method, csv: string): Promise<Job | null> {
  const { ctx, object } = desk;
  const open = await createJob(desk, method);
  if (open === null) return null;
  const url = `${jobsUrl(desk)}/${open.id}`;
  const headers = { 'content-type': 'text/csv; charset=UTF-8' };
  const upload = {
    url: open.contentUrl ?? `${url}/batches`,
    headers,
    body: csv,
    timeoutMs: largeBodyTimeoutMs,
  };
  await ctx.http.send({ method: 'PUT', ...upload });
  await ctx.http.send({ method: 'PATCH', url, json: { state: 'UploadComplete' }, repeatable: true });
  const { id, state, errorMessage: reason, numberRecordsFailed } = await ended(desk, url);
  if (state !== 'JobComplete') {
    ctx.log.warn(
      { object, job: id, state, reason },
      'a bulk job ended early; its records go one call per 200',
    );
  }
  return { object, failures: numberRecordsFailed, file: (name) => resultFile(desk, `${url}/${name}`) };
}

function jobsUrl({ connection }: Desk): string {
  return `/services/data/v${connection.version}/jobs/ingest`;
}

async function createJob(desk: Desk, method: Method): Promise<JobInfo | null> {
  const { ctx, object } = desk;
  const field = method.op === 'upsert' ? { externalIdFieldName: method.field } : {};
  const json = { object, operation: method.op, ...field, contentType: 'CSV', lineEnding: 'LF' };
  try {
    // Repeatable: an empty job that nobody closes does nothing, and Salesforce drops it after seven days.
    const answer = await ctx.http.send({ method: 'POST', url: jobsUrl(desk), json, repeatable: true });
    return expected(jobInfo, answer.json(), 'bulk job');
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'rejected') throw error;
    ctx.log.info({ object, code: error.code }, `no bulk job: ${error.message}`);
    return null;
  }
}

async function ended({ ctx: { clock, http, signal } }: Desk, url: string): Promise<JobInfo> {
  const deadline = clock.now() + patienceMs;
  for (let wait = firstPollMs; clock.now() < deadline; wait = Math.min(wait * 2, longestPollMs)) {
    await clock.sleep(wait, signal);
    const answer = await http.send({ method: 'GET', url });
    const job = expected(jobInfo, answer.json(), 'bulk job');
    if (settled.has(job.state)) return job;
  }
  throw new Fault('unavailable', `Salesforce has not ended the bulk job ${url} within an hour`, {
    code: 'JOB_TOO_SLOW',
  });
}

async function resultFile({ ctx }: Desk, url: string): Promise<string> {
  const headers = { accept: 'text/csv' };
  return (await ctx.http.send({ method: 'GET', url, headers, timeoutMs: largeBodyTimeoutMs })).text;
}
