/** The HTTP server under every emulator: 127.0.0.1 only, with a request log and faults on demand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/support/clock.ts';
import { Problem } from '../../src/support/problem.ts';
import type { FaultBoard, InjectedFault, RequestLog } from './contract.ts';
import {
  type LoopbackAnswer,
  type LoopbackRequest,
  largestBody,
  readRequest,
  sendAnswer,
  truncated,
} from './exchange.ts';
import { createFaultBoard, type DrawingBoard, type Route } from './faults.ts';
import { createRequestLog, type RecordingLog } from './log.ts';

export type { LoopbackAnswer, LoopbackRequest };

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

/** Whether a URL is too long is for the emulator to say. */
const maxHeaderSize = 256 * 1024;

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
  const server = createServer({ keepAliveTimeout: 60_000, maxHeaderSize }, (incoming, outgoing) => {
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
  // It fails when the client goes away in the middle.
  const request = await readRequest(incoming).catch(() => undefined);
  if (request === undefined) {
    incoming.socket.destroy();
    return;
  }
  const route = request.body.length > largestBody ? tooLargeRoute : routeOf(desk, request);
  const fault = desk.board.draw(route);
  const reply = route === tooLargeRoute ? tooLarge : await replyWith(desk, request, fault);
  note(desk, request, route, fault, reply);
  if (reply === 'cut') incoming.socket.destroy();
  else sendAnswer(outgoing, reply, desk.clock.now());
}

function routeOf(desk: Desk, request: LoopbackRequest): Route {
  try {
    return desk.options.route(request);
  } catch (error) {
    report(request, error);
    return { name: 'unknown', counted: false };
  }
}

const tooLargeRoute: Route = { name: 'body too large', counted: false };
const tooLarge: LoopbackAnswer = { status: 413, body: 'Request body is larger than 20 MB' };

async function replyWith(
  desk: Desk,
  request: LoopbackRequest,
  fault: InjectedFault | undefined,
): Promise<Reply> {
  const refusal = fault && refusals[fault.what]?.(desk.options.vendorFaults, request, fault.name ?? '');
  if (refusal !== undefined) return refusal;
  const answer = await work(desk, request);
  if (fault?.what === 'lost-answer') return 'cut';
  if (fault?.what === 'truncated') return truncated(answer);
  if (fault?.what === 'slow')
    await wait(fault.delayMs ?? 1_000, undefined, { signal: desk.closing.signal }).catch(() => {});
  return answer;
}

const badGateway: LoopbackAnswer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
};

/** Faults that strike before any work is done. The others strike after it. */
const refusals: Readonly<
  Partial<
    Record<
      InjectedFault['what'],
      (vendor: VendorFaults, request: LoopbackRequest, name: string) => Reply | undefined
    >
  >
> = {
  drop: () => 'cut',
  throttle: (vendor, request) => vendor.throttle(request),
  'daily-limit': (vendor, request) => vendor.dailyLimit(request),
  unauthorized: (vendor, request) => vendor.unauthorized(request),
  'server-error': (vendor, request) =>
    vendor.serverError?.(request) ?? { status: 500, json: { message: 'Internal Server Error' } },
  html: () => badGateway,
  vendor: (vendor, request, name) => vendor.named?.[name]?.(request),
};

async function work(desk: Desk, request: LoopbackRequest): Promise<LoopbackAnswer> {
  try {
    return await desk.options.answer(request);
  } catch (error) {
    return { status: 500, json: { message: `emulator bug: ${report(request, error)}` } };
  }
}

/** Names the bug on stderr; returns its first line. */
function report({ method, path }: LoopbackRequest, error: unknown): string {
  const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`emulator bug in ${method} ${path}: ${bug}\n`);
  return bug.split('\n', 1)[0] ?? '';
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
