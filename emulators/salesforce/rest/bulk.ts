import type { Json } from '../../../src/support/json.ts';
import { isJsonObject } from '../../../src/support/json.ts';
import { csvLine } from '../bulk/csv.ts';
import { delimiters, type Job, lineEndings, showJob, showJobBriefly, showNewJob } from '../bulk/job.ts';
import { findForJob, type ResultKind } from '../bulk/work.ts';
import { ApiError } from '../errors.ts';
import { keyField } from '../write/upsert.ts';
import { type ApiAnswer, type ApiCall, jsonBody, noContent, ok, writerOf } from './call.ts';

const ingestOperations = ['insert', 'update', 'upsert', 'delete'];

export function openIngest(call: ApiCall): ApiAnswer {
  const body = jsonBody(call);
  const operation = String(body.operation ?? '');
  if (operation === 'hardDelete') throw hardDelete();
  if (!ingestOperations.includes(operation)) throw invalid(`Unsupported operation: ${operation}`);
  const object = call.org.access.object(String(body.object ?? ''));
  if (object === undefined) throw invalid(`Unable to find object: ${body.object}`);
  const key = operation === 'upsert' ? String(body.externalIdFieldName ?? '') : undefined;
  if (key === '') throw invalid('externalIdFieldName is required for upsert');
  if (key !== undefined) keyField(writerOf(call), object, key);
  const job = call.api.jobs.open({
    kind: 'ingest',
    operation,
    object: object.name,
    externalIdFieldName: key,
    version: call.version,
    ...format(body.lineEnding, body.columnDelimiter),
  });
  return ok(showNewJob(job));
}

function format(
  lineEnding: Json | undefined,
  columnDelimiter: Json | undefined,
): Pick<Job, 'lineEnding' | 'columnDelimiter'> {
  const chosen = {
    lineEnding: String(lineEnding ?? 'LF'),
    columnDelimiter: String(columnDelimiter ?? 'COMMA'),
  };
  if (lineEndings[chosen.lineEnding] === undefined) throw invalid(`Unsupported lineEnding: ${lineEnding}`);
  if (delimiters[chosen.columnDelimiter] === undefined)
    throw invalid(`Unsupported columnDelimiter: ${columnDelimiter}`);
  return chosen;
}

function invalid(message: string): ApiError {
  return new ApiError(400, 'INVALIDJOB', `InvalidJob : ${message}`);
}

function hardDelete(): ApiError {
  const message =
    'hardDelete operation requires special user profile permission, please contact your system administrator';
  return new ApiError(400, 'FEATURENOTENABLED', message);
}

const jobOf = ({ api, params }: ApiCall, kind: Job['kind']) => api.jobs.get(kind, params.id ?? '');

export function uploadIngest(call: ApiCall): ApiAnswer {
  const type = call.request.headers['content-type'] ?? '';
  if (!/^text\/csv/i.test(type)) {
    throw new ApiError(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      `Content-Type header specified in HTTP request is not supported: ${type}`,
    );
  }
  call.api.jobs.upload(jobOf(call, 'ingest'), call.request.body.toString('utf8'));
  return { status: 201 };
}

export const patchIngest = (call: ApiCall) => patch(call, 'ingest');
export const patchQuery = (call: ApiCall) => patch(call, 'query');
export const getIngest = (call: ApiCall) => ok(showJob(jobOf(call, 'ingest')));
export const getQuery = (call: ApiCall) => ok(showJob(jobOf(call, 'query')));
export const listIngest = (call: ApiCall) => list(call, 'ingest');
export const listQuery = (call: ApiCall) => list(call, 'query');
export const removeIngest = (call: ApiCall) => remove(call, 'ingest');
export const removeQuery = (call: ApiCall) => remove(call, 'query');

function patch(call: ApiCall, kind: Job['kind']): ApiAnswer {
  const job = jobOf(call, kind);
  const { state } = jsonBody(call);
  call.api.jobs.setState(job, String(state));
  return ok(showJobBriefly(job));
}

function list({ api }: ApiCall, kind: Job['kind']): ApiAnswer {
  return ok({ done: true, records: api.jobs.list(kind).map(showJob), nextRecordsUrl: null });
}

function remove(call: ApiCall, kind: Job['kind']): ApiAnswer {
  call.api.jobs.remove(jobOf(call, kind));
  return noContent;
}

const csv = { 'content-type': 'text/csv' };

export const successfulResults = (call: ApiCall) => results(call, 'successful');
export const failedResults = (call: ApiCall) => results(call, 'failed');
export const unprocessedRecords = (call: ApiCall) => results(call, 'unprocessed');

function results(call: ApiCall, kind: ResultKind): ApiAnswer {
  return { status: 200, headers: csv, body: call.api.jobs.results(jobOf(call, 'ingest'), kind) };
}

export function openQuery(call: ApiCall): ApiAnswer {
  const body = jsonBody(call);
  const operation = String(body.operation ?? '');
  if (operation !== 'query' && operation !== 'queryAll') throw invalid(`Unsupported operation: ${operation}`);
  const found = findForJob(call.org, String(body.query ?? ''), call.version, operation === 'queryAll');
  const { version } = call;
  const chosen = format(body.lineEnding, body.columnDelimiter);
  return ok(
    showNewJob(
      call.api.jobs.open({ kind: 'query', operation, object: found.object.name, version, found, ...chosen }),
    ),
  );
}

const defaultPage = 50_000;

/** Every page repeats the header row; the locator of the last one is the word `null`. */
export function queryResults(call: ApiCall): ApiAnswer {
  const { request } = call;
  const job = jobOf(call, 'query');
  const found = call.api.jobs.found(job);
  const from = Number(Buffer.from(request.query.get('locator') ?? '', 'base64').toString() || 0);
  if (!Number.isInteger(from) || from < 0 || from > found.length)
    throw new ApiError(400, 'INVALIDLOCATOR', 'Invalid locator');
  const to = Math.min(found.length, from + Number(request.query.get('maxRecords') ?? defaultPage));
  const separator = delimiters[job.columnDelimiter] ?? ',';
  const newline = lineEndings[job.lineEnding] ?? '\n';
  const lines = [csvLine(found.columns, separator, newline)];
  for (let index = from; index < to; index++) {
    const record = found.at(index);
    lines.push(
      csvLine(
        found.columns.map((path) => cellAt(record, path)),
        separator,
        newline,
      ),
    );
  }
  const locator = to < found.length ? Buffer.from(String(to)).toString('base64').replace(/=+$/, '') : 'null';
  const headers = { ...csv, 'Sforce-Locator': locator, 'Sforce-NumberOfRecords': String(to - from) };
  return { status: 200, headers, body: lines.join('') };
}

function cellAt(record: Json, path: string): string {
  let value: Json | undefined = record;
  for (const name of path.split('.'))
    value = isJsonObject(value ?? null) ? (value as { [key: string]: Json })[name] : null;
  return value === null || value === undefined ? '' : String(value);
}
