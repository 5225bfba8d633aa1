/** Signing in: tokens, and what the account calls itself. */
import type { Json, JsonObject } from '../../support/json.ts';
import type { HttpRequest } from '../http.ts';
import type { Context } from './context.ts';

export interface Token {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Ms since the epoch; absent where the vendor does not tell and a 401 is the only signal. */
  readonly expiresAt?: number;
  readonly baseUrl?: string;
  /** Whatever else the connector wants to find again (own user id, granted scopes). */
  readonly extra?: JsonObject;
  /** Fingerprint of `Auth.account`, put here by the auth layer. */
  readonly account?: string;
}

export interface Auth<C = unknown> {
  /**
   * A fresh token. Called by the auth layer alone: at most once per request, one at a time per connection
   * across processes; the answer is stored before it is used. Absent: nothing to sign in to.
   */
  grant?(ctx: GrantContext<C>, previous: Token | null): Promise<Token>;
  /**
   * The settings that say for whom a token is granted. When the admin changes one of them, a stored token is of
   * another account and is not used any more. Absent: stored tokens outlive any change of the settings.
   */
  account?(config: C): Json;
  /** Puts the token on a request. */
  sign(request: HttpRequest, token: Token): HttpRequest;
}

/** Signing in happens below the auth layer, so `http` here carries no token. */
export type GrantContext<C = unknown> = Omit<Context<C>, 'identity'>;

export interface CheckResult {
  /** Who we are over there, for the admin to recognise: organisation and user. */
  readonly account: string;
  /** Where the account's own pages start, for `Pages.address`. */
  readonly site?: string;
  readonly missingPermissions: readonly string[];
}

export interface OwnCurrency {
  /** What amounts are in whose record names none, as the vendor writes it; null: not known. */
  readonly code: string | null;
  /** Records may be in different currencies, and have a field that says in which. */
  readonly several: boolean;
}
