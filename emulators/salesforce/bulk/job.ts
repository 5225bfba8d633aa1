/** A bulk job and the shapes in which the API shows it. */
import { wireTime } from '../time.ts';

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

export const delimiters: Readonly<Record<string, string>> = {
  COMMA: ',',
  SEMICOLON: ';',
  TAB: '\t',
  PIPE: '|',
  CARET: '^',
  BACKQUOTE: '`',
};

export const lineEndings: Readonly<Record<string, string>> = { LF: '\n', CRLF: '\r\n' };

export interface Job {
  readonly id: string;
  readonly kind: 'ingest' | 'query';
  readonly operation: string;
  readonly object: string;
  readonly externalIdFieldName: string | undefined;
  readonly lineEnding: string;
  readonly columnDelimiter: string;
  readonly version: string;
  readonly createdById: string;
  /** Ms. */
  readonly createdAt: number;
  changedAt: number;
  state: JobState;
  errorMessage: string | undefined;
  processed: number;
  failed: number;
}

/** As `POST` answers; what `PATCH` answers lacks the last three. */
export function showNewJob(job: Job): object {
  const { lineEnding, columnDelimiter } = job;
  const content = job.kind === 'ingest' ? { contentUrl: contentUrl(job) } : {};
  return { ...showJobBriefly(job), ...content, lineEnding, columnDelimiter };
}

export function contentUrl({ id, version }: Job): string {
  return `services/data/v${version}/jobs/ingest/${id}/batches`;
}

export function showJobBriefly(job: Job): object {
  const key = job.externalIdFieldName;
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.createdById,
    createdDate: wireTime(job.createdAt),
    systemModstamp: wireTime(job.changedAt),
    state: job.state,
    ...(key === undefined ? {} : { externalIdFieldName: key }),
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.version),
  };
}

export function showJob(job: Job): object {
  const took = Math.max(0, job.changedAt - job.createdAt);
  return {
    ...showJobBriefly(job),
    jobType: job.kind === 'ingest' ? 'V2Ingest' : 'V2Query',
    ...(job.state === 'Open' ? { contentUrl: contentUrl(job) } : {}),
    lineEnding: job.lineEnding,
    columnDelimiter: job.columnDelimiter,
    numberRecordsProcessed: job.processed,
    ...(job.kind === 'ingest' ? { numberRecordsFailed: job.failed } : {}),
    retries: 0,
    totalProcessingTime: took,
    ...(job.kind === 'ingest' ? { apiActiveProcessingTime: took, apexProcessingTime: 0 } : {}),
    ...(job.errorMessage === undefined ? {} : { errorMessage: job.errorMessage }),
  };
}
