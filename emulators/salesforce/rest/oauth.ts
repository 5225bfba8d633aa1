/**
 * The token endpoint. No answer says when a token expires: the org's session policy decides, and the only sign
 * of it is a 401. https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_flows.htm
 */
import { createHmac } from 'node:crypto';
import type { LoopbackAnswer, LoopbackRequest } from '../../loopback/loopback.ts';
import type { Org } from '../org.ts';
import { checkAssertion } from './assertion.ts';
import type { Sessions } from './sessions.ts';

export interface SignIn {
  readonly org: Org;
  readonly sessions: Sessions;
  /** Refresh tokens whose refresh is under way. */
  readonly refreshing: Set<string>;
  url(): string;
}

class OAuthFault extends Error {
  override readonly name = 'OAuthFault';
  readonly error: string;

  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }

  toAnswer(): LoopbackAnswer {
    return {
      status: 400,
      headers: oauthHeaders,
      json: { error: this.error, error_description: this.message },
    };
  }
}

export const oauthHeaders = {
  'content-type': 'application/json;charset=UTF-8',
  'Cache-Control': 'no-cache, no-store',
  Pragma: 'no-cache',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-XSS-Protection': '1; mode=block',
};

type Grant = (signIn: SignIn, form: URLSearchParams) => Promise<object>;

const grants: Readonly<Record<string, Grant>> = {
  client_credentials: grantClient,
  refresh_token: grantRefresh,
  'urn:ietf:params:oauth:grant-type:jwt-bearer': grantAssertion,
};

export async function token(signIn: SignIn, request: LoopbackRequest): Promise<LoopbackAnswer> {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const [user, secret] = basicCredentials(request.headers.authorization);
  if (user !== undefined) form.set('client_id', user);
  if (secret !== undefined) form.set('client_secret', secret);
  const grant = grants[form.get('grant_type') ?? ''];
  try {
    if (grant === undefined) throw new OAuthFault('unsupported_grant_type', 'grant type not supported');
    return { status: 200, headers: oauthHeaders, json: await grant(signIn, form) };
  } catch (error) {
    if (error instanceof OAuthFault) return error.toAnswer();
    throw error;
  }
}

function basicCredentials(header: string | undefined): (string | undefined)[] {
  if (!header?.startsWith('Basic ')) return [];
  return Buffer.from(header.slice(6), 'base64').toString('utf8').split(':').map(decodeURIComponent);
}

async function grantClient(signIn: SignIn, form: URLSearchParams): Promise<object> {
  checkClient(signIn.org, form, true);
  return tokenBody(signIn, 'api');
}

async function grantRefresh(signIn: SignIn, form: URLSearchParams): Promise<object> {
  const { org, sessions, refreshing } = signIn;
  checkClient(org, form, form.has('client_secret'));
  const given = form.get('refresh_token') ?? '';
  if (refreshing.has(given)) throw refreshBusy();
  if (!sessions.isRefreshToken(given)) throw authorisationLost();
  refreshing.add(given);
  try {
    if (org.knobs.refreshMs > 0) await org.clock.sleep(org.knobs.refreshMs);
    const next = sessions.rotate(given);
    const body = tokenBody(signIn, 'refresh_token api');
    return next === undefined ? body : { ...body, refresh_token: next };
  } finally {
    refreshing.delete(given);
  }
}

/** Looks like a lost authorisation, but is worth another try. */
export function refreshBusy(): OAuthFault {
  return new OAuthFault('invalid_grant', 'token request is already being processed');
}

export function authorisationLost(): OAuthFault {
  return new OAuthFault('invalid_grant', 'expired access/refresh token');
}

async function grantAssertion(signIn: SignIn, form: URLSearchParams): Promise<object> {
  const { org } = signIn;
  const audiences = [signIn.url(), 'https://login.salesforce.com', 'https://test.salesforce.com'];
  const fault = checkAssertion(form.get('assertion') ?? '', {
    publicKey: org.knobs.jwtPublicKey,
    issuer: org.knobs.clientId,
    subject: org.knobs.username,
    audiences,
    now: org.clock.now(),
  });
  if (fault !== undefined) throw new OAuthFault('invalid_grant', fault);
  return tokenBody(signIn, 'api');
}

function checkClient({ knobs }: Org, form: URLSearchParams, withSecret: boolean): void {
  if (form.get('client_id') !== knobs.clientId)
    throw new OAuthFault('invalid_client_id', 'client identifier invalid');
  if (withSecret && form.get('client_secret') !== knobs.clientSecret) {
    throw new OAuthFault('invalid_client', 'invalid client credentials');
  }
}

function tokenBody({ org, sessions, url }: SignIn, scope: string): object {
  const id = `${url()}/id/${org.id}/${org.apiUserId}`;
  const issuedAt = String(org.clock.now());
  return {
    access_token: sessions.open(),
    signature: createHmac('sha256', org.knobs.clientSecret).update(`${id}${issuedAt}`).digest('base64'),
    scope,
    instance_url: url(),
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  };
}

export function revoke({ sessions }: SignIn, request: LoopbackRequest): LoopbackAnswer {
  const form = new URLSearchParams(request.body.toString('utf8'));
  sessions.end(form.get('token') ?? request.query.get('token') ?? '');
  return { status: 200 };
}
