/**
 * Writes by Bulk API 2.0: one job for any number of records, then its result files. A job that is done is not a
 * success: each row has its own result, in any order, and is found again by the column that names the record.
 */
import { z } from 'zod';
import type { Outcome, Write } from '../../src/connector/contract.ts';
import { Fault } from '../../src/connector/fault.ts';
import type { HttpRequest } from '../../src/connector/http.ts';
import type { Desk } from './collections.ts';
import { isUnwritable, readCsv, writeCsvRow } from './csv.ts';
import { bulkRecordFault, expected } from './faults.ts';
import { longId } from './ids.ts';
import { type Group, keyOf, type Method, toCsvFields } from './writes.ts';

/** 150 MB after base64, so 100 MB before; less, because characters are counted here and bytes there. */
const mostCharacters = 50_000_000;
const largeBodyTimeoutMs = 600_000;
const firstPollMs = 500;
const longestPollMs = 20_000;
/** A job that takes longer is left alone, never deleted; its writes are told again later, which is harmless. */
const patienceMs = 60 * 60_000;

const job = z.looseObject({
  id: z.string(),
  state: z.enum(['Open', 'UploadComplete', 'InProgress', 'JobComplete', 'Failed', 'Aborted']),
  contentUrl: z.string().optional(),
  numberRecordsFailed: z.number().default(0),
  errorMessage: z.string().optional(),
});
type Job = z.infer<typeof job>;

const settled: ReadonlySet<Job['state']> = new Set(['JobComplete', 'Failed', 'Aborted']);

/** Returns the writes that stay undecided: what CSV cannot tell, and what the job did not get to. */
export async function sendByBulk(desk: Desk, { method, writes }: Group): Promise<Write[]> {
  const undecided = new Set(writes);
  const decide = (write: Write, outcome: Outcome) => {
    undecided.delete(write);
    desk.decide(outcome);
  };
  for (const file of filesOf(method, writes)) {
    const done = await runJob(desk, method, file.csv);
    if (done === null) break;
    const byKey = new Map(file.writes.map((write) => [keyOf(method, write), write]));
    for (const [key, outcome] of await resultsOf(desk, method, done)) {
      const write = byKey.get(key);
      if (write !== undefined) decide(write, { ...outcome, key: write.key });
    }
  }
  return [...undecided];
}

interface CsvFile {
  readonly csv: string;
  readonly writes: readonly Write[];
}

/** As few files as the upload limit allows. */
function* filesOf(method: Method, writes: readonly Write[]): Generator<CsvFile> {
  const rows = writes.flatMap((write) => {
    const fields = toCsvFields(write.fields);
    return fields === null || Object.values(fields).some(isUnwritable) ? [] : [{ write, fields }];
  });
  const columns = [...new Set(rows.flatMap(({ fields }) => Object.keys(fields)))];
  const header = writeCsvRow([keyColumn(method), ...columns]);
  let lines: string[] = [];
  let told: Write[] = [];
  let size = header.length;
  for (const { write, fields } of rows) {
    const line = writeCsvRow([keyOf(method, write), ...columns.map((column) => fields[column])]);
    if (size + line.length > mostCharacters && told.length > 0) {
      yield { csv: header + lines.join(''), writes: told };
      [lines, told, size] = [[], [], header.length];
    }
    lines.push(line);
    told.push(write);
    size += line.length;
  }
  if (told.length > 0) yield { csv: header + lines.join(''), writes: told };
}

function keyColumn(method: Method): string {
  return method.op === 'upsert' ? method.field : 'Id';
}

/** Null where this object does not take part in bulk jobs. */
async function runJob(desk: Desk, method: Method, csv: string): Promise<Job | null> {
  const open = await createJob(desk, method);
  if (open === null) return null;
  const path = `/services/data/v${desk.connection.version}/jobs/ingest/${open.id}`;
  await ask(desk, {
    method: 'PUT',
    url: open.contentUrl ?? `${path}/batches`,
    headers: { 'content-type': 'text/csv; charset=UTF-8' },
    body: csv,
    timeoutMs: largeBodyTimeoutMs,
  });
  await ask(desk, { method: 'PATCH', url: path, json: { state: 'UploadComplete' }, repeatable: true });
  const done = await settledJob(desk, path);
  if (done.state !== 'JobComplete') {
    const { id, state, errorMessage } = done;
    desk.ctx.log.warn(
      { object: desk.object, job: id, state, reason: errorMessage },
      'a bulk job ended early; its records go one call per 200',
    );
  }
  return done;
}

async function createJob(desk: Desk, method: Method): Promise<Job | null> {
  const field = method.op === 'upsert' ? { externalIdFieldName: method.field } : {};
  const json = { object: desk.object, operation: method.op, ...field, contentType: 'CSV', lineEnding: 'LF' };
  const url = `/services/data/v${desk.connection.version}/jobs/ingest`;
  try {
    // Repeatable: an empty job that nobody closes does nothing, and Salesforce drops it after seven days.
    return parsedJob((await ask(desk, { method: 'POST', url, json, repeatable: true })).json());
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'rejected') throw error;
    desk.ctx.log.info({ object: desk.object, code: error.code }, `no bulk job: ${error.message}`);
    return null;
  }
}

async function settledJob(desk: Desk, path: string): Promise<Job> {
  const { clock, signal } = desk.ctx;
  const deadline = clock.now() + patienceMs;
  for (let wait = firstPollMs; clock.now() < deadline; wait = Math.min(wait * 2, longestPollMs)) {
    await clock.sleep(wait, signal);
    const now = parsedJob((await ask(desk, { method: 'GET', url: path })).json());
    if (settled.has(now.state)) return now;
  }
  throw new Fault('unavailable', `Salesforce has not finished bulk job ${path} within an hour`, {
    code: 'JOB_TOO_SLOW',
  });
}

type Result =
  | { readonly status: 'written'; readonly id: string; readonly created: boolean }
  | { readonly status: 'failed'; readonly fault: Fault };

/** By the value that names the record. What neither file names was not processed. */
async function resultsOf(
  desk: Desk,
  method: Method,
  { id, numberRecordsFailed }: Job,
): Promise<Map<string, Result>> {
  const results = new Map<string, Result>();
  const column = keyColumn(method);
  for (const row of await resultFile(desk, id, 'successfulResults')) {
    results.set(keyIn(row, column), {
      status: 'written',
      id: longId(row.sf__Id ?? ''),
      created: row.sf__Created === 'true',
    });
  }
  if (numberRecordsFailed === 0) return results;
  for (const row of await resultFile(desk, id, 'failedResults')) {
    results.set(keyIn(row, column), {
      status: 'failed',
      fault: bulkRecordFault(row.sf__Error ?? '', desk.object),
    });
  }
  return results;
}

function keyIn(row: Readonly<Record<string, string>>, column: string): string {
  const key = row[column] ?? '';
  return column === 'Id' ? longId(key) : key;
}

async function resultFile(desk: Desk, id: string, name: string): Promise<Record<string, string>[]> {
  const url = `/services/data/v${desk.connection.version}/jobs/ingest/${id}/${name}`;
  const answer = await ask(desk, {
    method: 'GET',
    url,
    headers: { accept: 'text/csv' },
    timeoutMs: largeBodyTimeoutMs,
  });
  return readCsv(answer.text);
}

function ask(desk: Desk, request: HttpRequest) {
  return desk.ctx.http.send(request);
}

function parsedJob(body: unknown): Job {
  return expected(job, body, 'bulk job');
}
