/**
 * The bottom layer: bytes out, bytes in. It follows no redirect to another origin, reads no meaning into a
 * status, and turns every lost connection into an `unavailable` fault. Proxy settings of the environment
 * (`HTTPS_PROXY`, `NO_PROXY` …) are obeyed by the client underneath.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { type Call, isRepeatable, nameOf, type Send } from './call.ts';
import { Fault } from './fault.ts';
import type { HttpResponse, HttpStream } from './http.ts';
import { bodyOf, contentTypeOf, nextHop, urlOf } from './request.ts';
import { textResponse } from './response.ts';

export interface Wire {
  readonly text: Send<HttpResponse>;
  readonly stream: Send<HttpStream>;
}

type RawAnswer = AxiosResponse<Readable>;

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

/** Errors of looking up and connecting: nothing of the request has left yet. */
const beforeSending = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** `idleMs`: how long a stream may stay silent between two pieces. */
export function openWire(idleMs: number): Wire {
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
        await wholeText(answer, call),
        nameOf(call.request),
      );
    },
    stream: async (call) => {
      const answer = await exchange(client, call);
      const body = pieces(answer.data, call, call.request.timeoutMs ?? idleMs);
      return { status: answer.status, headers: headersOf(answer), body };
    },
  };
}

async function exchange(client: AxiosInstance, call: Call): Promise<RawAnswer> {
  let url = urlOf(call.request);
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const answer = await once(client, call, url);
    const to = nextHop(call.request, url, answer.status, headersOf(answer).location);
    if (to === null) return answer;
    answer.data.destroy();
    url = to;
  }
  throw new Fault('rejected', `${nameOf(call.request)}: more than ${mostRedirects} redirects`, {
    code: 'REDIRECT',
  });
}

async function once(client: AxiosInstance, call: Call, url: URL): Promise<RawAnswer> {
  const { request, signal } = call;
  try {
    return await client.request<Readable>({
      ...(isRepeatable(request) ? agents.kept : agents.fresh),
      method: request.method,
      url: url.href,
      headers: {
        accept: 'application/json',
        'user-agent': 'connector-hub',
        ...contentTypeOf(request),
        ...request.headers,
      },
      data: bodyOf(request),
      signal,
    });
  } catch (error) {
    throw lost(call, error);
  }
}

function headersOf(answer: AxiosResponse): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value);
  }
  return headers;
}

async function wholeText(answer: RawAnswer, call: Call): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer.data) chunks.push(chunk);
  } catch (error) {
    throw lost(call, error);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The clock of silence stands still while the reader is busy with a piece. */
async function* pieces(body: Readable, call: Call, idleMs: number): AsyncGenerator<Uint8Array> {
  const silence = () => body.destroy(new Error(`silent for ${idleMs} ms`));
  let timer = setTimeout(silence, idleMs);
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(silence, idleMs);
    }
  } catch (error) {
    throw lost(call, error);
  } finally {
    clearTimeout(timer);
  }
}

/** The client's own error is not kept as a cause: it carries the request with its headers. */
function lost(call: Call, error: unknown): unknown {
  if (call.signal.aborted) return call.signal.reason;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'LOST';
  const words = error instanceof Error && error.message !== '' ? error.message : code;
  return new Fault('unavailable', `${nameOf(call.request)}: no complete answer (${words})`, {
    code,
    ...(beforeSending.has(code) && { unsent: true }),
  });
}
