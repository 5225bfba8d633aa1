/**
 * jsforce as typed transport. Everything it sends goes through the hub's HTTP policy, which signs, paces,
 * repeats and times out; what jsforce would do of that kind by itself never comes into play, because it is
 * given neither a token nor a network.
 */
import { PassThrough } from 'node:stream';
import { Connection } from 'jsforce/lib/connection.js';
import { Transport } from 'jsforce/lib/transport.js';
import type {
  HttpRequest as JsforceRequest,
  HttpResponse as JsforceResponse,
} from 'jsforce/lib/types/index.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import type { Context } from '../../../src/connector/contract/context.ts';
import type { Http, HttpRequest, HttpResponse } from '../../../src/connector/http.ts';
import type { SalesforceConfig } from '../config.ts';
import { sessionPlaceholder } from './auth.ts';

/** A call may run for ten minutes over there; writes with heavy automation use some of them. */
const writeTimeoutMs = 300_000;

export function connect(ctx: Pick<Context<SalesforceConfig>, 'config' | 'http'>): HubConnection {
  return new HubConnection(ctx.http, ctx.config.apiVersion);
}

export class HubConnection extends Connection {
  readonly #http: Http;
  /** When the last answer was given, by Salesforce's clock, ms; undefined before the first that told. */
  servedAt: number | undefined;
  /** When that answer was asked for. */
  askedAt: number | undefined;

  constructor(http: Http, version: string) {
    // No instance URL: paths stay relative, and the hub puts the token's own base before them.
    super({ version, accessToken: sessionPlaceholder });
    this.#http = http;
    this._transport = new HubTransport(http);
  }

  /** REST calls: overridden because the hub has parsed the body already, and jsforce would do it again. */
  override request<R = unknown>(request: string | JsforceRequest): StreamPromise<R> {
    const asked: JsforceRequest = typeof request === 'string' ? { method: 'GET', url: request } : request;
    const promise = this.#send({ ...asked, url: this._normalizeUrl(asked.url) }).then(parsed<R>);
    return StreamPromise.create(() => ({ stream: new PassThrough(), promise }));
  }

  async #send(request: JsforceRequest): Promise<HttpResponse> {
    const answer = await this.#http.send(toHub(request));
    this.servedAt = answer.servedAt ?? this.servedAt;
    this.askedAt = answer.askedAt ?? this.askedAt;
    return answer;
  }
}

/** The way of jsforce's SOAP calls, which read the raw answer. */
class HubTransport extends Transport {
  readonly #http: Http;

  constructor(http: Http) {
    super();
    this.#http = http;
  }

  override httpRequest(request: JsforceRequest): StreamPromise<JsforceResponse> {
    // jsforce reads from the stream as soon as it has it; one that can not be read would end the process.
    const stream = new PassThrough();
    return StreamPromise.create(() => ({ stream, promise: this.#http.send(toHub(request)).then(toJsforce) }));
  }
}

function toHub({ method, url, headers, body }: JsforceRequest): HttpRequest {
  if (method === 'OPTIONS') throw new TypeError('jsforce asked for OPTIONS, which the hub does not send');
  if (body !== undefined && body !== null && typeof body !== 'string')
    throw new TypeError('only text bodies are sent');
  return {
    method,
    url,
    headers: withoutLength(headers),
    ...(typeof body === 'string' ? { body } : {}),
    ...(method === 'GET' ? {} : { timeoutMs: writeTimeoutMs }),
    repeatable: isRepeatable(method, url),
  };
}

/** The length that jsforce counted is that of the body before the token was put into it. */
function withoutLength(headers: JsforceRequest['headers'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length'),
  );
}

/** Updates by id, upserts by external id and deletions may be repeated; so may upsertMetadata. A create may not. */
function isRepeatable(method: JsforceRequest['method'], url: string): boolean {
  return method !== 'POST' || url.includes('/services/Soap/m/');
}

function parsed<R>(answer: HttpResponse): R {
  return (answer.text === '' ? undefined : answer.json()) as R;
}

function toJsforce({ status, headers, text }: HttpResponse): JsforceResponse {
  return { statusCode: status, headers: { ...headers }, body: text };
}
