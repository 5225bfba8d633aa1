/**
 * The bottom layer: bytes out, bytes in. It follows no redirect to another origin, reads no meaning into a
 * status, and turns every lost connection into an `unavailable` fault.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { type Call, isRepeatable, nameOf, type Send } from './call.ts';
import { Fault } from './fault.ts';
import type { HttpRequest, HttpResponse, HttpStream } from './http.ts';
import { textResponse } from './response.ts';

export interface Wire {
  readonly text: Send<HttpResponse>;
  readonly stream: Send<HttpStream>;
}

const mostRedirects = 5;

// A kept-alive connection may be closed by the vendor at the moment a request is written to it; nobody can
// tell then whether the request was seen. A request that must not be repeated gets a connection of its own.
const agents = {
  kept: {
    httpAgent: new HttpAgent({ keepAlive: true, scheduling: 'lifo' }),
    httpsAgent: new HttpsAgent({ keepAlive: true, scheduling: 'lifo' }),
  },
  fresh: { httpAgent: new HttpAgent({ keepAlive: false }), httpsAgent: new HttpsAgent({ keepAlive: false }) },
};

export function openWire(): Wire {
  const client = axios.create({
    responseType: 'stream',
    maxRedirects: 0,
    maxBodyLength: Number.POSITIVE_INFINITY,
    validateStatus: () => true,
    transformRequest: [(data) => data],
  });
  return {
    text: async (call) => {
      const answer = await exchange(client, call);
      return textResponse(
        answer.status,
        headersOf(answer),
        await readAll(answer.data, call),
        nameOf(call.request),
      );
    },
    stream: async (call) => {
      const answer = await exchange(client, call);
      return { status: answer.status, headers: headersOf(answer), body: guarded(answer.data, call) };
    },
  };
}

async function exchange(client: AxiosInstance, call: Call): Promise<AxiosResponse<Readable>> {
  let url = absolute(call.request);
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const answer = await once(client, call, url);
    const location = answer.status >= 300 && answer.status < 400 ? headersOf(answer).location : undefined;
    if (location === undefined) return answer;
    answer.data.destroy();
    url = nextHop(call.request, url, location, answer.status);
  }
  throw new Fault('rejected', `${nameOf(call.request)}: more than ${mostRedirects} redirects`, {
    code: 'REDIRECT',
  });
}

async function once(client: AxiosInstance, call: Call, url: URL): Promise<AxiosResponse<Readable>> {
  const { request, signal } = call;
  try {
    return await client.request<Readable>({
      ...(isRepeatable(request) ? agents.kept : agents.fresh),
      method: request.method,
      url: url.href,
      headers: {
        accept: 'application/json',
        'user-agent': 'connector-hub',
        ...typeOf(request),
        ...request.headers,
      },
      data: bodyOf(request),
      signal,
    });
  } catch (error) {
    throw lost(call, error);
  }
}

/** Only where it is the same request to the same origin: the token goes nowhere else, a write stays a write. */
function nextHop(request: HttpRequest, from: URL, location: string, status: number): URL {
  const to = URL.parse(location, from);
  const sameMethod =
    status === 307 || status === 308 || request.method === 'GET' || request.method === 'HEAD';
  if (to !== null && to.origin === from.origin && sameMethod) return to;
  const target = to === null ? 'an unreadable address' : to.origin + to.pathname;
  throw new Fault(
    'rejected',
    `${nameOf(request)}: answered ${status}, a redirect to ${target}, which was not followed. ` +
      'If the account has moved, set its new address in the connection.',
    { status, code: 'REDIRECT' },
  );
}

function absolute(request: HttpRequest): URL {
  const url = URL.parse(request.url);
  if (url === null) throw new Fault('rejected', `${nameOf(request)}: not an absolute URL`, { code: 'URL' });
  for (const [name, value] of Object.entries(request.query ?? {})) {
    for (const one of typeof value === 'string' ? [value] : value) url.searchParams.append(name, one);
  }
  // Not every server reads "+" as a space in a query; all read %20.
  url.search = url.search.replaceAll('+', '%20');
  return url;
}

function typeOf(request: HttpRequest): Record<string, string> {
  if (request.json !== undefined) return { 'content-type': 'application/json' };
  if (request.form !== undefined) return { 'content-type': 'application/x-www-form-urlencoded' };
  return {};
}

function bodyOf(request: HttpRequest): string | Buffer | undefined {
  if (request.json !== undefined) return JSON.stringify(request.json);
  if (request.form !== undefined) return new URLSearchParams(request.form).toString();
  if (typeof request.body === 'string' || request.body === undefined) return request.body;
  return Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength);
}

function headersOf(answer: AxiosResponse): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value);
  }
  return headers;
}

async function readAll(body: Readable, call: Call): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of guarded(body, call)) chunks.push(chunk);
  return new TextDecoder().decode(Buffer.concat(chunks));
}

async function* guarded(body: Readable, call: Call): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (error) {
    throw lost(call, error);
  }
}

/** The client's own error is not kept as a cause: it carries the request with its headers. */
function lost(call: Call, error: unknown): unknown {
  if (call.signal.aborted) return call.signal.reason;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'LOST';
  const words = error instanceof Error && error.message !== '' ? error.message : code;
  return new Fault('unavailable', `${nameOf(call.request)}: no complete answer (${words})`, { code });
}
