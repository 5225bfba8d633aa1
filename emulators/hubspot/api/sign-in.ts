/** Tokens: a private app's, which lives until it is rotated, and OAuth ones, which live half an hour. */
import { createHash } from 'node:crypto';
import { type Clock, iso } from '../../../src/support/clock.ts';
import type { LoopbackAnswer, LoopbackRequest } from '../../loopback/loopback.ts';
import type { Knobs } from '../knobs.ts';
import { appId, portalId } from '../portal.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import { allScopes } from './scopes.ts';

export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

export const client: Client = {
  clientId: '6f1c2e04-9a35-4d7f-8f0e-3b5a1d2c4e60',
  clientSecret: '0d9b7a52-54c1-4b0e-9f63-7f7e1a6c2b11',
};
const authorizationCode = 'code-7d1f';

/** `oauth` answers lack the headers about the daily allowance. */
export type Bearer = 'private-app' | 'oauth';

interface Grant {
  readonly expiresAt: number;
  revoked: boolean;
}

export class SignIn {
  readonly #clock: Clock;
  readonly #knobs: Knobs;
  readonly #seed: number;
  readonly #access = new Map<string, Grant>();
  #refreshToken: string;
  #appToken: string;
  #made = 0;

  constructor(clock: Clock, knobs: Knobs, seed: number) {
    this.#clock = clock;
    this.#knobs = knobs;
    this.#seed = seed;
    this.#refreshToken = this.#token('na1-', 40);
    this.#appToken = this.#token('pat-na1-', 36);
  }

  /** What an admin would have stored after the consent screen. */
  get refreshToken(): string {
    return this.#refreshToken;
  }

  /** Of the private app, as its settings page shows it. */
  get appToken(): string {
    return this.#appToken;
  }

  get #scopes(): string[] {
    return allScopes.filter((scope) => !this.#knobs.missingScopes.includes(scope));
  }

  /** All access tokens handed out so far stop working; the private app's is rotated and expired at once. */
  expireAll(): void {
    for (const grant of this.#access.values()) grant.revoked = true;
    this.#appToken = this.#token('pat-na1-', 36);
  }

  /** Throws 401. */
  identify({ headers }: LoopbackRequest): Bearer {
    const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (token === this.#appToken) return 'private-app';
    const grant = token === undefined ? undefined : this.#access.get(token);
    if (!grant) throw unknownToken();
    const since = this.#clock.now() - grant.expiresAt;
    if (grant.revoked || since >= 0) throw expiredToken(Math.max(0, since), grant.expiresAt);
    return 'oauth';
  }

  /** `POST /oauth/{version}/token`, form-encoded. */
  exchange(request: LoopbackRequest): LoopbackAnswer {
    const form = new URLSearchParams(request.body.toString());
    const fault = this.#findFault(form);
    if (fault) return { status: 400, json: fault };
    if (this.#knobs.rotateRefreshTokens) this.#refreshToken = this.#token('na1-', 40);
    const accessToken = this.#token('CL', 320);
    const expiresAt = this.#clock.now() + this.#knobs.tokenLife * 1000;
    this.#access.set(accessToken, { expiresAt, revoked: false });
    return {
      status: 200,
      json: {
        token_type: 'bearer',
        ...(request.path.startsWith('/oauth/v1/') ? {} : { token_use: 'access_token' }),
        refresh_token: this.#refreshToken,
        access_token: accessToken,
        hub_id: portalId,
        scopes: this.#scopes,
        expires_in: this.#knobs.tokenLife,
      },
    };
  }

  /** `GET /oauth/v1/access-tokens/{token}` */
  describe(token: string): LoopbackAnswer {
    const grant = this.#access.get(token);
    if (!grant || grant.revoked) throw notFound('access token not found');
    const seconds = Math.floor((grant.expiresAt - this.#clock.now()) / 1000);
    const owner = {
      hub_id: portalId,
      user_id: 12_345,
      user: 'admin@example.com',
      hub_domain: 'demo.example',
    };
    return {
      status: 200,
      json: {
        token,
        ...owner,
        app_id: appId,
        expires_in: seconds,
        scopes: this.#scopes,
        token_type: 'access',
      },
    };
  }

  #findFault(form: URLSearchParams): object | undefined {
    if (form.get('client_id') !== client.clientId)
      return oauthFault('BAD_CLIENT_ID', 'missing or invalid client id');
    if (form.get('client_secret') !== client.clientSecret)
      return oauthFault('BAD_CLIENT_SECRET', 'missing or invalid client secret');
    switch (form.get('grant_type')) {
      case 'refresh_token':
        if (form.get('refresh_token') === this.#refreshToken) return undefined;
        return oauthFault('BAD_REFRESH_TOKEN', 'refresh token is invalid, expired or revoked');
      case 'authorization_code':
        if (form.get('code') === authorizationCode) return undefined;
        return oauthFault('BAD_AUTH_CODE', 'missing or unknown auth code');
      default:
        return oauthFault('BAD_GRANT_TYPE', 'missing or unknown grant type', 'unsupported_grant_type');
    }
  }

  /** Longer than 300 characters on purpose, as HubSpot says they may be. */
  #token(prefix: string, length: number): string {
    const salt = `${this.#seed}:${++this.#made}`;
    let text = '';
    for (let part = 0; text.length < length; part++) {
      text += createHash('sha256').update(`${salt}:${part}`).digest('base64url');
    }
    return prefix + text.slice(0, length);
  }
}

function oauthFault(status: string, message: string, error = 'invalid_grant'): object {
  return { error, error_description: message, status, message };
}

function unknownToken(): Refusal {
  return new Refusal(401, {
    message:
      'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
    category: 'INVALID_AUTHENTICATION',
  });
}

export function expiredToken(agoMs: number, expiresAt: number): Refusal {
  return new Refusal(401, {
    message: `The OAuth token used to make this call expired ${Math.floor(agoMs / 1000)} second(s) ago.`,
    category: 'EXPIRED_AUTHENTICATION',
    context: { 'expire time': [iso(expiresAt)] },
  });
}
