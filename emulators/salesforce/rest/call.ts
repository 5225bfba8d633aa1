/** One API call on its way through the router, and what every handler may use. */
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';
import type { BulkJobs } from '../bulk/jobs.ts';
import { ApiError, notFound } from '../errors.ts';
import type { Org } from '../org.ts';
import type { ObjectDef } from '../schema/model.ts';
import { apiWriter, type Writer } from '../write/writer.ts';
import type { Cursors } from './cursors.ts';
import type { Usage } from './usage.ts';

export interface Api {
  readonly org: Org;
  readonly cursors: Cursors;
  readonly jobs: BulkJobs;
  readonly usage: Usage;
  /** Where this org answers. */
  url(): string;
}

/** As it came over HTTP, or as a part of a composite request. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Throws `SyntaxError` when the body is no JSON. */
  json(): unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string;
}

export interface ApiCall {
  readonly api: Api;
  readonly org: Org;
  readonly request: ApiRequest;
  /** `62.0`. */
  readonly version: string;
  /** `/services/data/v62.0`. */
  readonly base: string;
  readonly params: Readonly<Record<string, string>>;
  /** Carries out a part of a composite request. */
  dispatch(request: ApiRequest): ApiAnswer;
}

export type Handler = (call: ApiCall) => ApiAnswer;

export const ok = (json: unknown): ApiAnswer => ({ status: 200, json });
export const noContent: ApiAnswer = { status: 204 };

export function writerOf({ org, request }: ApiCall): Writer {
  const rule = request.headers['sforce-duplicate-rule-header'] ?? '';
  return apiWriter(org, /allowSave\s*=\s*true/i.test(rule));
}

/** The object that the path names; what the user must not see is not there. */
export function pathObject({ org, params }: ApiCall): ObjectDef {
  const object = org.access.object(params.type ?? '');
  if (object === undefined) throw notFound();
  return object;
}

export function jsonBody({ request }: ApiCall): JsonObject {
  let json: unknown;
  try {
    json = request.json();
  } catch (error) {
    const message = error instanceof Error ? error.message : 'no JSON';
    throw new ApiError(400, 'JSON_PARSER_ERROR', `${message} at [line:1, column:1]`);
  }
  if (isJsonObject(json)) return json;
  const message = 'The HTTP entity body is required, but this request has no entity body.';
  throw new ApiError(400, 'JSON_PARSER_ERROR', message);
}

export function asList(json: Json | undefined): readonly Json[] {
  return Array.isArray(json) ? json : [];
}
