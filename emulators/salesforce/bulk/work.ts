/** What a bulk job does once its data is complete, and what it has to show for it. */
import { ApiError } from '../errors.ts';
import type { Org } from '../org.ts';
import { dataRealm } from '../realm.ts';
import { type Found, runSoql } from '../soql/run.ts';
import { keyField } from '../write/upsert.ts';
import { apiWriter } from '../write/writer.ts';
import { CsvFault, csvLine, parseCsv, quote } from './csv.ts';
import { BatchFault, ingestRows, type RowResult } from './ingest.ts';
import { delimiters, type Job, type JobState, lineEndings } from './job.ts';

export type ResultKind = 'successful' | 'failed' | 'unprocessed';

/** What a job works on, and what came of it. */
export interface Content {
  csv: string | undefined;
  header: readonly string[];
  rows: readonly string[][];
  results: readonly RowResult[];
  readonly found: Found | undefined;
}

const notInBulk: Partial<Record<Found['kind'], string>> = {
  groups: 'FeatureNotEnabled : Aggregate Relationships not supported in Bulk Query',
  count: 'FeatureNotEnabled : Aggregate Relationships not supported in Bulk Query',
  'records with children': 'FeatureNotEnabled : Aggregate Relationships not supported in Bulk Query',
};

export function finishQuery(job: Job, { found }: Content): JobState {
  job.errorMessage = found && notInBulk[found.kind];
  if (found === undefined || job.errorMessage !== undefined) return 'Failed';
  job.processed = found.total;
  return 'JobComplete';
}

export function carryOut(org: Org, job: Job, content: Content): JobState {
  try {
    content.rows = readContent(job, content);
    const writer = apiWriter(org);
    const object = org.access.object(job.object);
    if (object === undefined) throw new BatchFault(`InvalidBatch : Object not found : ${job.object}`);
    const key =
      job.externalIdFieldName === undefined ? undefined : keyField(writer, object, job.externalIdFieldName);
    const plan = { writer, object, operation: job.operation, key };
    content.results = ingestRows(plan, content.header, content.rows);
  } catch (error) {
    job.errorMessage = whyFailed(error);
    return 'Failed';
  }
  job.processed = content.results.length;
  job.failed = content.results.filter((result) => 'error' in result).length;
  return 'JobComplete';
}

function whyFailed(error: unknown): string {
  if (error instanceof BatchFault) return error.message;
  if (error instanceof CsvFault || error instanceof ApiError) return `InvalidBatch : ${error.message}`;
  throw error;
}

function readContent(job: Job, content: Content): string[][] {
  const csv = content.csv ?? '';
  if (job.lineEnding === 'LF' && /\r\n/.test(csv.slice(0, csv.indexOf('\n') + 1))) {
    throw new BatchFault(
      'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF',
    );
  }
  const [header = [], ...rows] = parseCsv(csv.replace(/^\uFEFF/, ''), delimiters[job.columnDelimiter] ?? ',');
  content.header = header;
  return rows;
}

/** The order of the rows is nobody's promise. */
export function writeResults(
  job: Job,
  { header, rows, results }: Content,
  kind: ResultKind,
  org: Org,
): string {
  const separator = delimiters[job.columnDelimiter] ?? ',';
  const newline = lineEndings[job.lineEnding] ?? '\n';
  const names = header.map((name) => (/[",\s]/.test(name) ? quote(name) : name));
  const title = (...first: string[]) => [...first.map(quote), ...names].join(separator) + newline;
  const line = (cells: readonly string[]) => csvLine(cells, separator, newline);
  if (kind === 'unprocessed') return title() + (results.length > 0 ? '' : rows.map(line).join(''));
  const shuffled = org.chance.shuffled(results);
  if (kind === 'failed') {
    const failed = shuffled.flatMap((result) =>
      'error' in result ? [line(['', result.error, ...result.cells])] : [],
    );
    return title('sf__Id', 'sf__Error') + failed.join('');
  }
  const successful = shuffled.flatMap((result) =>
    'id' in result ? [line([result.id, String(result.created), ...result.cells])] : [],
  );
  return title('sf__Id', 'sf__Created') + successful.join('');
}

/** Throws what a wrong query is answered with. */
export function findForJob(org: Org, soql: string, version: string, withDeleted: boolean): Found {
  return runSoql(dataRealm(org), soql, { version, withDeleted });
}
