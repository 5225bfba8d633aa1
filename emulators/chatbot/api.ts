/** The read API as `docs/chat-events.md` describes it. */

import type { Clock } from '../../src/support/clock.ts';
import { fingerprint } from '../../src/support/fingerprint.ts';
import type { LoopbackAnswer, LoopbackRequest, VendorFaults } from '../loopback/loopback.ts';
import type { Feed } from './feed.ts';
import type { Knobs } from './knobs.ts';

export interface Desk {
  readonly feed: Feed;
  readonly knobs: Knobs;
  readonly clock: Clock;
  apiKey: string;
  /** Cursors of an earlier epoch are forgotten. */
  epoch: number;
}

const defaultLimit = 100;
const largestLimit = 1_000;
const mostLookups = 100;

type Handler = (desk: Desk, request: LoopbackRequest) => LoopbackAnswer;

const routes: ReadonlyMap<string, Handler> = new Map([
  ['GET /v1/events', listEvents],
  ['POST /v1/events/lookup', lookUp],
  ['GET /v1/account', account],
]);

export function routeOf({ method, path }: LoopbackRequest): { name: string; counted: boolean } {
  const known = routes.has(`${method} ${path}`);
  return { name: known ? `${method} ${path.replace('/v1/', '')}` : `${method} unknown`, counted: true };
}

/** Every answer tells what is left of the second, refusals too. */
export function openApi(desk: Desk): (request: LoopbackRequest) => LoopbackAnswer {
  const second = countPerSecond(desk.clock);
  return (request) => {
    const limit = desk.knobs.requestsPerSecond;
    const used = second();
    const headers = {
      'x-ratelimit-limit': `${limit}`,
      'x-ratelimit-remaining': `${Math.max(0, limit - used)}`,
    };
    const answer = used > limit ? refusals.throttle(request) : handle(desk, request);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  };
}

function handle(desk: Desk, request: LoopbackRequest): LoopbackAnswer {
  if (request.headers.authorization !== `Bearer ${desk.apiKey}`) return refusals.unauthorized(request);
  const handler = routes.get(`${request.method} ${request.path}`);
  if (!handler) return refuse(404, 'not_found', `there is no ${request.method} ${request.path}`);
  if (handler !== account && !desk.knobs.mayRead)
    return refuse(403, 'missing_scope', 'this key lacks the scope events:read');
  return handler(desk, request);
}

function listEvents(desk: Desk, { query }: LoopbackRequest): LoopbackAnswer {
  const { feed, knobs } = desk;
  const limit = Number(query.get('limit') ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > largestLimit)
    return refuse(400, 'invalid_limit', `limit: expected 1 to ${largestLimit}`);
  const from = startOf(desk, query.get('after'), query.get('since'));
  if (typeof from !== 'number') return from;
  const { events, end } = feed.slice(from, Math.min(limit, knobs.pageSize));
  const received = feed.at(end - 1)?.receivedAt;
  const asOf = received === undefined ? null : new Date(received).toISOString();
  return { status: 200, json: { events, next: cursorAt(desk.epoch, end), more: end < feed.length, asOf } };
}

function startOf(desk: Desk, after: string | null, since: string | null): number | LoopbackAnswer {
  if (after !== null && since !== null) return refuse(400, 'invalid_query', 'give either after or since');
  if (since !== null) {
    const ms = Date.parse(since);
    return Number.isNaN(ms)
      ? refuse(400, 'invalid_since', 'since: expected an ISO 8601 time')
      : desk.feed.since(ms);
  }
  if (after === null) return 0;
  const position = positionOf(desk.epoch, after);
  return position ?? refuse(410, 'cursor_expired', 'this cursor is not known any more; read on with since');
}

function cursorAt(epoch: number, position: number): string {
  const text = `${epoch}.${position}`;
  return Buffer.from(`${text}.${fingerprint(text, 6)}`).toString('base64url');
}

function positionOf(epoch: number, cursor: string): number | undefined {
  const [, position = ''] = Buffer.from(cursor, 'base64url').toString().split('.');
  return cursorAt(epoch, Number(position)) === cursor ? Number(position) : undefined;
}

function lookUp(desk: Desk, request: LoopbackRequest): LoopbackAnswer {
  const ids = idsIn(request);
  if (!ids || ids.length > mostLookups)
    return refuse(400, 'invalid_ids', `expected {"ids": [...]} with at most ${mostLookups} ids`);
  return { status: 200, json: { events: ids.flatMap((id) => desk.feed.find(id) ?? []) } };
}

function idsIn(request: LoopbackRequest): string[] | undefined {
  try {
    const body = request.json();
    const ids: unknown = typeof body === 'object' && body !== null && 'ids' in body ? body.ids : undefined;
    return Array.isArray(ids) && ids.every((id) => typeof id === 'string') ? ids : undefined;
  } catch {
    return undefined;
  }
}

function account({ knobs }: Desk): LoopbackAnswer {
  const scopes = knobs.mayRead ? ['events:read'] : [];
  return { status: 200, json: { account: { id: 'acc_1', name: 'Lumenfold website chat' }, scopes } };
}

function refuse(status: number, code: string, message: string, headers = {}): LoopbackAnswer {
  return { status, headers, json: { error: { code, message } } };
}

export const refusals: VendorFaults = {
  throttle: () => refuse(429, 'rate_limited', 'too many requests', { 'retry-after': '1' }),
  dailyLimit: () => refuse(429, 'daily_limit', 'no calls left today', { 'retry-after': '3600' }),
  unauthorized: () => refuse(401, 'invalid_key', 'this key is unknown or was revoked'),
  serverError: () => refuse(500, 'internal', 'something went wrong'),
};

/** How many requests this second has seen, this one included. */
function countPerSecond(clock: Clock): () => number {
  let current = 0;
  let count = 0;
  return () => {
    const second = Math.floor(clock.now() / 1_000);
    count = second === current ? count + 1 : 1;
    current = second;
    return count;
  };
}
