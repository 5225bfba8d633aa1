/** The HTTP side of the org: sign-in, sessions, allowance, and who answers what. */
import type { LoopbackAnswer, LoopbackRequest } from '../loopback/loopback.ts';
import { ApiError } from './errors.ts';
import { absentAt } from './rest/absent.ts';
import type { Api } from './rest/call.ts';
import { identity, userInfo } from './rest/identity.ts';
import { versions } from './rest/limits.ts';
import { callMetadata, soapFault, soapSession } from './rest/metadata.ts';
import { revoke, type SignIn, token } from './rest/oauth.ts';
import { dispatch, routeName } from './rest/router.ts';

export interface Front {
  readonly api: Api;
  readonly signIn: SignIn;
}

type SignInHandler = (front: Front, request: LoopbackRequest) => LoopbackAnswer | Promise<LoopbackAnswer>;

interface SignInRoute {
  readonly name: string;
  readonly path: RegExp;
  readonly needsSession: boolean;
  readonly answer: SignInHandler;
}

/** Not counted against the allowance. Clients put two slashes in front, which the vendor's servers take for one. */
const signInRoutes: readonly SignInRoute[] = [
  {
    name: 'POST oauth2/token',
    path: /^\/+services\/oauth2\/token\/?$/,
    needsSession: false,
    answer: ({ signIn }, request) => token(signIn, request),
  },
  {
    name: 'POST oauth2/revoke',
    path: /^\/+services\/oauth2\/revoke\/?$/,
    needsSession: false,
    answer: ({ signIn }, request) => revoke(signIn, request),
  },
  {
    name: 'GET oauth2/userinfo',
    path: /^\/+services\/oauth2\/userinfo\/?$/,
    needsSession: true,
    answer: ({ signIn }) => userInfo(signIn),
  },
  {
    name: 'GET id',
    path: /^\/+id\/\w+\/\w+\/?$/,
    needsSession: true,
    answer: ({ signIn }) => identity(signIn),
  },
  {
    name: 'GET versions',
    path: /^\/+services\/data\/?$/,
    needsSession: false,
    answer: ({ api }) => ({ status: 200, json: versions(api.org.knobs.apiVersion) }),
  },
];

const soapPath = /^\/+services\/Soap\/m\/\d+\.\d(\/\w+)?\/?$/;

export function routeOf(request: LoopbackRequest): { name: string; counted: boolean } {
  const signIn = signInRoutes.find((route) => route.path.test(request.path));
  if (signIn !== undefined) return { name: signIn.name, counted: false };
  const absent = absentAt(request.path);
  if (absent !== undefined) return { name: absent.name, counted: false };
  if (soapPath.test(request.path)) return { name: 'POST Soap/m', counted: true };
  return { name: routeName(request.method, request.path), counted: true };
}

export async function answer(front: Front, request: LoopbackRequest): Promise<LoopbackAnswer> {
  const signIn = signInRoutes.find((route) => route.path.test(request.path));
  if (signIn !== undefined) {
    if (signIn.needsSession && !hasSession(front, request)) return { status: 403, body: 'Bad_OAuth_Token' };
    return signIn.answer(front, request);
  }
  const absent = absentAt(request.path);
  if (absent !== undefined) return absent.answer(request);
  const isSoap = soapPath.test(request.path);
  if (!hasSession(front, request)) return isSoap ? soapInvalidSession() : refuse(front.api, invalidSession());
  return work(front, request, isSoap);
}

function hasSession({ signIn }: Front, request: LoopbackRequest): boolean {
  const [scheme = '', given] = (request.headers.authorization ?? '').split(' ');
  const fromHeader = ['bearer', 'oauth'].includes(scheme.toLowerCase()) ? given : undefined;
  const fromEnvelope = soapPath.test(request.path) ? soapSession(request.body) : undefined;
  return signIn.sessions.isOpen(fromEnvelope ?? fromHeader ?? '');
}

async function work({ api }: Front, request: LoopbackRequest, isSoap: boolean): Promise<LoopbackAnswer> {
  const { org, usage } = api;
  try {
    usage.enter();
  } catch (error) {
    return refuse(api, error);
  }
  try {
    if (org.knobs.latencyMs > 0) await org.clock.sleep(org.knobs.latencyMs);
    usage.spend();
    const reply = isSoap ? callMetadata(org, request.body) : dispatch(api, request);
    return { ...reply, headers: { ...headersOf(api), ...reply.headers } };
  } catch (error) {
    return refuse(api, error);
  } finally {
    usage.leave();
  }
}

export function invalidSession(): ApiError {
  return new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
}

function soapInvalidSession(): LoopbackAnswer {
  const message = 'INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session';
  return soapFault('sf:INVALID_SESSION_ID', message);
}

export function refuse(api: Api, error: unknown): LoopbackAnswer {
  if (!(error instanceof ApiError)) throw error;
  return { status: error.status, headers: headersOf(api), json: error.body() };
}

/** Seen on every answer of the API. */
function headersOf({ usage, org }: Api): Record<string, string> {
  const expires = new Date(org.clock.now() + 365 * 24 * 60 * 60 * 1000).toUTCString();
  return {
    'Set-Cookie': `BrowserId=5cjebm54Eey2aJGXYl5z1Q; domain=.salesforce.com; path=/; expires=${expires}; Max-Age=31536000`,
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    'X-XSS-Protection': '1; mode=block',
    'X-Robots-Tag': 'none',
    'Cache-Control': 'no-cache,must-revalidate,max-age=0,no-store,private',
    'Sforce-Limit-Info': `api-usage=${usage.used}/${usage.limit}`,
    'content-type': 'application/json;charset=UTF-8',
    Vary: 'Accept-Encoding',
  };
}
