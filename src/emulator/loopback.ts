/** The HTTP server under every emulator: 127.0.0.1 only, with a request log and faults on demand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, systemClock } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import type { FaultBoard, InjectedFault, RequestLog } from './contract.ts';
import { createFaultBoard, type DrawingBoard, type Route } from './faults.ts';
import { createRequestLog, type RecordingLog } from './log.ts';

export interface LoopbackRequest {
  readonly method: string;
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

/** What the vendor says when it refuses; the rest of the faults look alike everywhere. */
export interface VendorFaults {
  throttle(request: LoopbackRequest): LoopbackAnswer;
  dailyLimit(request: LoopbackRequest): LoopbackAnswer;
  unauthorized(request: LoopbackRequest): LoopbackAnswer;
  serverError?(request: LoopbackRequest): LoopbackAnswer;
  /** Faults that only this vendor has, by the name that `what: 'vendor'` asks for. */
  readonly named?: Readonly<Record<string, (request: LoopbackRequest) => LoopbackAnswer>>;
}

export interface LoopbackOptions {
  /** 0 or absent: any free port. */
  readonly port?: number | undefined;
  /** Stamps the log; waiting is always real time, because clients' time-outs are. */
  readonly clock?: Clock | undefined;
  route(request: LoopbackRequest): Route;
  /** What it throws is a bug of the emulator: it becomes a 500 and is named on stderr. */
  answer(request: LoopbackRequest): LoopbackAnswer | Promise<LoopbackAnswer>;
  readonly vendorFaults: VendorFaults;
}

export interface Loopback {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
  readonly requests: RequestLog;
  readonly faults: FaultBoard;
  close(): Promise<void>;
}

const largestBody = 20 * 1024 * 1024;

interface Desk {
  readonly options: LoopbackOptions;
  readonly clock: Clock;
  readonly log: RecordingLog;
  readonly board: DrawingBoard;
  readonly closing: AbortController;
}

/** What is done with a request: an answer, or silence and a cut connection. */
type Reply = LoopbackAnswer | 'cut';

export async function startLoopback(options: LoopbackOptions): Promise<Loopback> {
  const desk: Desk = {
    options,
    clock: options.clock ?? systemClock,
    log: createRequestLog(),
    board: createFaultBoard(Object.keys(options.vendorFaults.named ?? {})),
    closing: new AbortController(),
  };
  // A connection that the server closes while the client sends its next request looks like a fault.
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    void serve(desk, incoming, outgoing);
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: desk.log,
    faults: desk.board,
    close: () => close(server, desk.closing),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(
        new Problem('failed', `cannot listen on 127.0.0.1:${port}: ${cause.message}`, {
          remedy: 'Choose another port, or 0 for any free one.',
          cause,
        }),
      );
    server.once('error', refuse);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

function close(server: Server, closing: AbortController): Promise<void> {
  closing.abort();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(desk: Desk, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = await read(incoming).catch(() => undefined);
  if (request === undefined) {
    incoming.socket.destroy();
    return;
  }
  const route = request.body.length > largestBody ? tooLargeRoute : desk.options.route(request);
  const fault = desk.board.draw(route);
  const reply = route === tooLargeRoute ? tooLarge : await replyWith(desk, request, fault);
  note(desk, request, route, fault, reply);
  if (reply === 'cut') incoming.socket.destroy();
  else send(outgoing, reply);
}

const tooLargeRoute: Route = { name: 'body too large', counted: false };
const tooLarge: LoopbackAnswer = { status: 413, body: 'Request body is larger than 20 MB' };

/** Undefined when the client went away in the middle. */
async function read(incoming: IncomingMessage): Promise<LoopbackRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBody + chunk.length) chunks.push(chunk);
  }
  return toRequest(incoming, chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
}

function toRequest(incoming: IncomingMessage, body: Buffer): LoopbackRequest {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  let query: URLSearchParams | undefined;
  return {
    method: incoming.method ?? 'GET',
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

async function replyWith(
  desk: Desk,
  request: LoopbackRequest,
  fault: InjectedFault | undefined,
): Promise<Reply> {
  const refusal = fault && refuse(desk.options.vendorFaults, fault, request);
  if (refusal !== undefined) return refusal;
  const answer = await work(desk, request);
  if (fault?.what === 'lost-answer') return 'cut';
  if (fault?.what === 'truncated') return truncate(answer);
  if (fault?.what === 'slow')
    await wait(fault.delayMs ?? 1_000, undefined, { signal: desk.closing.signal }).catch(() => {});
  return answer;
}

/** Faults that strike before any work is done; undefined for the others. */
function refuse(vendor: VendorFaults, fault: InjectedFault, request: LoopbackRequest): Reply | undefined {
  switch (fault.what) {
    case 'drop':
      return 'cut';
    case 'throttle':
      return vendor.throttle(request);
    case 'daily-limit':
      return vendor.dailyLimit(request);
    case 'unauthorized':
      return vendor.unauthorized(request);
    case 'server-error':
      return vendor.serverError?.(request) ?? { status: 500, json: { message: 'Internal Server Error' } };
    case 'html':
      return badGateway;
    case 'vendor':
      return vendor.named?.[fault.name ?? '']?.(request);
    default:
      return undefined;
  }
}

const badGateway: LoopbackAnswer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
};

async function work(desk: Desk, request: LoopbackRequest): Promise<LoopbackAnswer> {
  try {
    return await desk.options.answer(request);
  } catch (error) {
    const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`emulator bug in ${request.method} ${request.path}: ${bug}\n`);
    return { status: 500, json: { message: `emulator bug: ${bug.split('\n', 1)[0]}` } };
  }
}

function truncate(answer: LoopbackAnswer): LoopbackAnswer {
  const whole = bodyOf(answer).toString();
  const cut = whole.length < 2 ? '{"results":[{"id":' : whole.slice(0, Math.floor(whole.length / 2));
  return { status: 200, headers: { 'content-type': 'application/json', ...answer.headers }, body: cut };
}

function note(
  desk: Desk,
  request: LoopbackRequest,
  route: Route,
  fault: InjectedFault | undefined,
  reply: Reply,
): void {
  desk.log.add({
    at: desk.clock.now(),
    method: request.method,
    path: request.path,
    route: route.name,
    status: reply === 'cut' ? 0 : reply.status,
    counted: route.counted && fault?.what !== 'drop',
  });
}

function send(outgoing: ServerResponse, answer: LoopbackAnswer): void {
  const body = bodyOf(answer);
  const type = answer.json === undefined ? {} : { 'content-type': 'application/json;charset=utf-8' };
  const length =
    answer.status === 204 || answer.status === 304 ? {} : { 'content-length': Buffer.byteLength(body) };
  outgoing.writeHead(answer.status, { ...type, ...answer.headers, ...length });
  outgoing.end(body);
}

function bodyOf(answer: LoopbackAnswer): string | Buffer {
  if (answer.json !== undefined) return JSON.stringify(answer.json);
  return answer.body ?? '';
}
