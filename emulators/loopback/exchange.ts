/** One request and its answer as plain values, off and onto the wire of `node:http`. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface LoopbackRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  /** Without the query, percent-encoding as it came. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Throws `SyntaxError` when the body is no JSON. */
  json(): unknown;
}

/** At most one of `body` and `json`; neither is an empty body. */
export interface LoopbackAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly json?: unknown;
}

export const largestBody = 20 * 1024 * 1024;

/** Reads the body whole; of one that is too large only enough is kept to know it. */
export async function readRequest(incoming: IncomingMessage): Promise<LoopbackRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (size <= largestBody) chunks.push(chunk);
    size += chunk.length;
  }
  const [only] = chunks;
  return toRequest(incoming, chunks.length === 1 && only ? only : Buffer.concat(chunks));
}

function toRequest(incoming: IncomingMessage, body: Buffer): LoopbackRequest {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  let query: URLSearchParams | undefined;
  return {
    method: incoming.method ?? 'GET',
    target,
    path: mark < 0 ? target : target.slice(0, mark),
    get query() {
      query ??= new URLSearchParams(mark < 0 ? '' : target.slice(mark));
      return query;
    },
    headers: oneEach(incoming.headers),
    body,
    json: () => JSON.parse(body.toString('utf8')) as unknown,
  };
}

function oneEach(headers: IncomingMessage['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}

/** `now`: the vendor's clock, which its Date header tells. */
export function sendAnswer(outgoing: ServerResponse, answer: LoopbackAnswer, now: number): void {
  const body = bodyOf(answer);
  const type = answer.json === undefined ? {} : { 'content-type': 'application/json;charset=utf-8' };
  const bodiless = answer.status === 204 || answer.status === 304;
  const length = bodiless ? {} : { 'content-length': Buffer.byteLength(body) };
  const date = new Date(now).toUTCString();
  outgoing.writeHead(answer.status, { date, ...type, ...answer.headers, ...length });
  outgoing.end(body);
}

/** The same answer as a 200 whose JSON stops in the middle. */
export function truncated(answer: LoopbackAnswer): LoopbackAnswer {
  const whole = bodyOf(answer).toString();
  const cut = whole.length < 2 ? '{"results":[{"id":' : whole.slice(0, Math.floor(whole.length / 2));
  return { status: 200, headers: { 'content-type': 'application/json', ...answer.headers }, body: cut };
}

function bodyOf(answer: LoopbackAnswer): string | Buffer {
  return answer.json === undefined ? (answer.body ?? '') : JSON.stringify(answer.json);
}
