/** From a request to its answer: who asks, whether they may, what they ask. */
import { randomUUID } from 'node:crypto';
import type { Route } from '../../loopback/faults.ts';
import type { LoopbackAnswer, LoopbackRequest } from '../../loopback/loopback.ts';
import type { Portal } from '../portal.ts';
import { Refusal, toAnswer } from '../state/refusal.ts';
import type { Allowances } from './limits.ts';
import { findRoute, type Match } from './router.ts';
import { missingScope, scopeFor } from './scopes.ts';
import type { SignIn } from './sign-in.ts';

/** One running account. */
export interface Account {
  readonly portal: Portal;
  readonly signIn: SignIn;
  readonly allowances: Allowances;
}

/** Signing in is not counted against the customer's allowance. */
export function routeOf({ portal }: Account, request: LoopbackRequest): Route {
  if (isSignIn(request)) return { name: `${request.method} oauth`, counted: false };
  const match = findRoute(request, (word) => portal.findType(word)?.name ?? word);
  return { name: match?.name ?? `${request.method} unknown`, counted: true };
}

export function answer(account: Account, request: LoopbackRequest): LoopbackAnswer {
  const correlationId = randomUUID();
  const answered = orRefusal(correlationId, () => {
    if (isSignIn(request)) return signIn(account, request);
    return serve(account, request, correlationId);
  });
  const frame = { 'access-control-allow-credentials': 'false', 'X-HubSpot-Correlation-Id': correlationId };
  return { ...answered, headers: { ...frame, ...answered.headers } };
}

/** Reached by asking for some hundreds of properties: airweave-ai/airweave#1064. */
const longestUrl = 8_000;
const uriTooLong: LoopbackAnswer = {
  status: 414,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>414 Request-URI Too Large</title></head><body></body></html>',
};

/** Refusals carry the headers about the allowance too, once it is known who asks. */
function serve(
  { portal, signIn, allowances }: Account,
  request: LoopbackRequest,
  id: string,
): LoopbackAnswer {
  if (request.target.length > longestUrl) return uriTooLong;
  const bearer = signIn.identify(request);
  const match = findRoute(request, (word) => word);
  if (!match) throw noRoute(request);
  const { family, params, entry } = match;
  const answered = orRefusal(id, () => {
    allowances.use(entry.pool);
    assertScope(portal, match);
    return entry.handle({ portal, request, family, params });
  });
  return { ...answered, headers: { ...allowances.headers(entry.pool, bearer), ...answered.headers } };
}

function orRefusal(correlationId: string, work: () => LoopbackAnswer): LoopbackAnswer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return toAnswer(error, correlationId);
    throw error;
  }
}

function assertScope({ knobs, findType }: Portal, { entry, params }: Match): void {
  if (!entry.scope) return;
  const scope = scopeFor(entry.scope, findType(params.type ?? ''));
  if (knobs.missingScopes.includes(scope)) throw missingScope(scope);
}

function isSignIn({ path }: LoopbackRequest): boolean {
  return path.startsWith('/oauth/');
}

const tokenPath = /^\/oauth\/(v1|v3|2026-03|2026-09)\/token$/;
const describePath = /^\/oauth\/v1\/access-tokens\/([^/]+)$/;

function signIn({ signIn: desk }: Account, request: LoopbackRequest): LoopbackAnswer {
  if (request.method === 'POST' && tokenPath.test(request.path)) return desk.exchange(request);
  const token = describePath.exec(request.path)?.[1];
  if (request.method === 'GET' && token !== undefined) return desk.describe(decodeURIComponent(token));
  throw noRoute(request);
}

function noRoute({ method, path }: LoopbackRequest): Refusal {
  return new Refusal(404, { message: `No route for ${method} ${path}` });
}
