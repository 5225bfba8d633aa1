/** The HTTP side of the org: sign-in, sessions, allowance, and who answers what. */
import type { LoopbackAnswer, LoopbackRequest, VendorFaults } from '../../../src/emulator/loopback.ts';
import { ApiError } from './errors.ts';
import type { Api } from './rest/call.ts';
import { versions } from './rest/limits.ts';
import { callMetadata, soapFault, soapSession } from './rest/metadata.ts';
import { refreshBusy, revoke, type SignIn, token, userInfo } from './rest/oauth.ts';
import { dispatch, routeName } from './rest/router.ts';
import { concurrentLimit, dailyLimit } from './rest/usage.ts';

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

/** Not counted against the allowance. */
const signInRoutes: readonly SignInRoute[] = [
  {
    name: 'POST oauth2/token',
    path: /^\/services\/oauth2\/token\/?$/,
    needsSession: false,
    answer: ({ signIn }, request) => token(signIn, request),
  },
  {
    name: 'POST oauth2/revoke',
    path: /^\/services\/oauth2\/revoke\/?$/,
    needsSession: false,
    answer: ({ signIn }, request) => revoke(signIn, request),
  },
  {
    name: 'GET oauth2/userinfo',
    path: /^\/services\/oauth2\/userinfo\/?$/,
    needsSession: true,
    answer: ({ signIn }) => userInfo(signIn),
  },
  {
    name: 'GET id',
    path: /^\/id\/\w+\/\w+\/?$/,
    needsSession: true,
    answer: ({ signIn }) => userInfo(signIn),
  },
  {
    name: 'GET versions',
    path: /^\/services\/data\/?$/,
    needsSession: false,
    answer: ({ api }) => ({ status: 200, json: versions(api.org.knobs.apiVersion) }),
  },
];

const soapPath = /^\/services\/Soap\/m\/\d+\.\d(\/\w+)?\/?$/;

export function routeOf(request: LoopbackRequest): { name: string; counted: boolean } {
  const signIn = signInRoutes.find((route) => route.path.test(request.path));
  if (signIn !== undefined) return { name: signIn.name, counted: false };
  if (soapPath.test(request.path)) return { name: 'POST Soap/m', counted: true };
  return { name: routeName(request.method, request.path), counted: true };
}

export async function answer(front: Front, request: LoopbackRequest): Promise<LoopbackAnswer> {
  const signIn = signInRoutes.find((route) => route.path.test(request.path));
  if (signIn !== undefined) {
    if (signIn.needsSession && !hasSession(front, request)) return { status: 403, body: 'Bad_OAuth_Token' };
    return signIn.answer(front, request);
  }
  const isSoap = soapPath.test(request.path);
  if (!hasSession(front, request)) return isSoap ? soapInvalidSession() : refuse(front.api, invalidSession());
  return work(front, request, isSoap);
}

function hasSession({ signIn }: Front, request: LoopbackRequest): boolean {
  const [scheme = '', given] = (request.headers.authorization ?? '').split(' ');
  const fromHeader = ['bearer', 'oauth'].includes(scheme.toLowerCase()) ? given : undefined;
  const fromEnvelope = soapPath.test(request.path) ? soapSession(request.body) : undefined;
  return [fromEnvelope ?? fromHeader].some((one) => one !== undefined && signIn.sessions.isOpen(one));
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

function invalidSession(): ApiError {
  return new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
}

function soapInvalidSession(): LoopbackAnswer {
  const message = 'INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session';
  return soapFault('sf:INVALID_SESSION_ID', message);
}

function refuse(api: Api, error: unknown): LoopbackAnswer {
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

/** What the fault board can make this vendor say. */
export function vendorFaults(api: () => Api): VendorFaults {
  const say = (error: ApiError) => () => refuse(api(), error);
  const locked = 'unable to obtain exclusive access to this record';
  return {
    throttle: say(concurrentLimit()),
    dailyLimit: say(dailyLimit()),
    unauthorized: say(invalidSession()),
    serverError: say(
      new ApiError(
        500,
        'UNKNOWN_EXCEPTION',
        'An unexpected error occurred. Please include this ErrorId if you contact support: 1518420-48213 (-1309112343)',
      ),
    ),
    named: {
      'server-unavailable': say(
        new ApiError(503, 'SERVER_UNAVAILABLE', 'The server is temporarily unavailable'),
      ),
      'query-timeout': say(
        new ApiError(400, 'QUERY_TIMEOUT', 'Your query request was running for too long.'),
      ),
      'row-lock': say(new ApiError(400, 'UNABLE_TO_LOCK_ROW', locked, [])),
      'refresh-busy': () => refreshBusy().toAnswer(),
      'authorisation-lost': () => ({
        status: 400,
        json: { error: 'invalid_grant', error_description: 'expired access/refresh token' },
      }),
    },
  };
}
