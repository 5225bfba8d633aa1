/** A tiny Salesforce org: signs everybody in, and answers the rest as the test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import type { SalesforceConfig } from '../../../connectors/salesforce/config.ts';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import { memoryVault } from '../../../src/connector/auth.ts';
import type { Checkpoint, Page, PullOptions } from '../../../src/connector/contract/reading.ts';
import { type OpenConnection, openConnection } from '../../../src/connector/open.ts';
import type { Log } from '../../../src/support/log.ts';
import { silentLog } from '../../../src/support/log.ts';
import { type VirtualClock, virtualClock } from '../../../src/testing/clock.ts';

export const today = Date.UTC(2026, 2, 10, 12);
export const userId = '005000000000001AAA';
export const organizationId = '00D000000000001EAA';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Org {
  readonly ctx: OpenConnection<SalesforceConfig>;
  readonly clock: VirtualClock;
  readonly asked: Asked[];
  readonly url: string;
  /** SOQL of every query so far. */
  soql(): string[];
}

/** Closed when the test ends. */
export async function openOrg(
  answer: (asked: Asked, count: number) => Answer,
  config: Readonly<Record<string, unknown>> = {},
  log: Log = silentLog,
): Promise<Org> {
  const asked: Asked[] = [];
  const clock = virtualClock(today);
  const server = createServer((request, response) => {
    void read(request)
      .then((one) => {
        response.setHeader('date', new Date(clock.now()).toUTCString());
        if (one.path === '/services/oauth2/token') return send(response, { json: token(server) });
        asked.push(one);
        return send(response, answer(one, asked.length));
      })
      .catch((error: unknown) => send(response, { status: 500, text: `the test's org: ${String(error)}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const ctx = openConnection(salesforce, {
    connection: 'acme',
    config: { loginUrl: urlOf(server), clientId: 'the-key', clientSecret: 'the-secret', ...config },
    vault: memoryVault(),
    clock,
    log,
    signal: new AbortController().signal,
  });
  const soql = () => asked.flatMap(({ query }) => query.get('q') ?? []);
  return { ctx, clock, asked, url: urlOf(server), soql };
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://org');
  return {
    method: request.method ?? '',
    path,
    query,
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

function send(response: ServerResponse, { status = 200, json, text, headers }: Answer): void {
  const type = json === undefined ? 'text/plain' : 'application/json;charset=UTF-8';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(json === undefined ? (text ?? '') : JSON.stringify(json));
}

function urlOf(server: ReturnType<typeof createServer>): string {
  const address = server.address();
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

function token(server: ReturnType<typeof createServer>) {
  return {
    access_token: '00D000000000001!the.access.token',
    instance_url: urlOf(server),
    id: `https://login.salesforce.com/id/${organizationId}/${userId}`,
    token_type: 'Bearer',
    issued_at: String(today),
  };
}

/** Every page of a pull from `checkpoint` on. */
export async function pullAll(
  org: Org,
  object: string,
  checkpoint: Checkpoint | null = null,
  options: PullOptions = {},
): Promise<Page[]> {
  const pages: Page[] = [];
  const stream = salesforce.streams?.[object];
  if (stream === undefined) throw new Error(`no stream ${object}`);
  for await (const page of stream.pull(org.ctx, checkpoint, options)) pages.push(page);
  return pages;
}

export function idsOf(pages: readonly Page[]): string[] {
  return pages.flatMap(({ records }) => records.map(({ id }) => id));
}

/** The nth id of an object, in the order of Salesforce; 18 characters. */
export function id(prefix: string, n: number): string {
  const checksum = /[A-Z]$/.test(prefix) ? 'EAA' : 'AAA';
  return `${prefix}000000${String(n).padStart(6, '0')}${checksum}`;
}

export function stamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

export function result(records: readonly object[], next?: string) {
  return {
    totalSize: records.length,
    done: next === undefined,
    ...(next ? { nextRecordsUrl: next } : {}),
    records,
  };
}

export function refusal(errorCode: string, message: string, status = 400): Answer {
  return { status, json: [{ message, errorCode }] };
}
