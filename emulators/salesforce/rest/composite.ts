/** Several calls in one: `composite` (in order, with references), `composite/batch` (independent). */
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';
import { ApiError } from '../errors.ts';
import { type ApiAnswer, type ApiCall, type ApiRequest, asList, jsonBody, ok } from './call.ts';

interface Part {
  readonly method: string;
  readonly url: string;
  readonly referenceId: string;
  readonly body: Json | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

interface PartAnswer {
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly httpStatusCode: number;
  readonly referenceId: string;
}

const mostParts = 25;
const mostQueries = 5;

export function composite(call: ApiCall): ApiAnswer {
  const body = jsonBody(call);
  const parts = asList(body.compositeRequest).filter(isJsonObject).map(readPart);
  checkParts(parts);
  const allOrNone = body.allOrNone === true;
  const answers = call.org.journal.attempt(
    () => runParts(call, parts),
    (all) => !allOrNone || all.every(succeeded),
  );
  const halted = allOrNone && !answers.every(succeeded);
  return ok({ compositeResponse: halted ? answers.map(halt) : answers });
}

function readPart(json: JsonObject): Part {
  return {
    method: String(json.method).toUpperCase(),
    url: String(json.url),
    referenceId: String(json.referenceId),
    body: json.body,
    headers: isJsonObject(json.httpHeaders ?? null) ? lowerCase(json.httpHeaders as JsonObject) : {},
  };
}

function lowerCase(headers: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

function checkParts(parts: readonly Part[]): void {
  if (parts.length === 0 || parts.length > mostParts) {
    const message = `The composite request must contain 1 to ${mostParts} subrequests`;
    throw new ApiError(400, 'INVALID_INPUT', message);
  }
  const queries = parts.filter(({ url }) => /\/(query|queryAll|composite\/sobjects)(\/|\?|$)/i.test(url));
  if (queries.length > mostQueries) {
    const message = `Limit of ${mostQueries} query and sObject Collections subrequests exceeded`;
    throw new ApiError(400, 'LIMIT_EXCEEDED', message);
  }
  const names = parts.map((part) => part.referenceId);
  const bad = names.find((name, index) => !/^\w+$/.test(name) || names.indexOf(name) !== index);
  if (bad !== undefined) throw new ApiError(400, 'INVALID_INPUT', `Invalid or repeated reference ID: ${bad}`);
}

function succeeded(answer: PartAnswer): boolean {
  return answer.httpStatusCode < 400;
}

function halt(answer: PartAnswer): PartAnswer {
  if (!succeeded(answer)) return answer;
  const message = 'The transaction was rolled back since another operation in the same transaction failed.';
  return {
    ...answer,
    httpHeaders: {},
    httpStatusCode: 400,
    body: [{ errorCode: 'PROCESSING_HALTED', message }],
  };
}

function runParts(call: ApiCall, parts: readonly Part[]): PartAnswer[] {
  const done = new Map<string, unknown>();
  return parts.map((part) => {
    const answer = runPart(call, part, done);
    if (succeeded(answer)) done.set(part.referenceId, answer.body);
    return answer;
  });
}

function runPart(call: ApiCall, part: Part, done: ReadonlyMap<string, unknown>): PartAnswer {
  const { referenceId } = part;
  try {
    const url = substitute(part.url, done);
    const body =
      part.body === undefined ? undefined : (JSON.parse(substitute(JSON.stringify(part.body), done)) as Json);
    const answer = call.dispatch(toRequest(part.method, url, body, part.headers));
    const { Location } = answer.headers ?? {};
    const httpHeaders = Location === undefined ? {} : { Location };
    return { body: answer.json ?? null, httpHeaders, httpStatusCode: answer.status, referenceId };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { body: error.body(), httpHeaders: {}, httpStatusCode: error.status, referenceId };
  }
}

/** `@{ref.records[0].Id}`: what an earlier part answered. */
function substitute(text: string, done: ReadonlyMap<string, unknown>): string {
  return text.replace(/@\{([^}]+)\}/g, (_, path: string) => {
    const [name = '', ...steps] = path.split(/[.[\]]+/).filter((step) => step !== '');
    const value = steps.reduce<unknown>(stepInto, done.get(name));
    if (value !== undefined) return String(value);
    throw new ApiError(
      400,
      'INVALID_REFERENCE_ID',
      `Invalid reference specified. No value for ${path} found in ${name}`,
    );
  });
}

function stepInto(value: unknown, step: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
}

function toRequest(
  method: string,
  url: string,
  body: Json | undefined,
  headers: Readonly<Record<string, string>>,
): ApiRequest {
  const { pathname, searchParams } = new URL(url, 'http://org');
  const text = body === undefined ? '' : JSON.stringify(body);
  return {
    method,
    path: pathname,
    query: searchParams,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(text),
    json: () => JSON.parse(text) as unknown,
  };
}

export function batch(call: ApiCall): ApiAnswer {
  const body = jsonBody(call);
  const requests = asList(body.batchRequests).filter(isJsonObject);
  if (requests.length === 0 || requests.length > mostParts) {
    throw new ApiError(400, 'INVALID_INPUT', `The batch must contain 1 to ${mostParts} subrequests`);
  }
  const results = requests.map((request) => {
    const url = String(request.url).replace(/^\/?(?=v\d)/, '/services/data/');
    const answer = call.dispatch(toRequest(String(request.method).toUpperCase(), url, request.richInput, {}));
    return { statusCode: answer.status, result: answer.json ?? null };
  });
  return ok({ hasErrors: results.some((result) => result.statusCode >= 400), results });
}
