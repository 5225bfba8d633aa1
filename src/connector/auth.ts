/** Signs requests, and renews the token when the vendor says that it is dead. */
import type { Clock } from '../support/clock.ts';
import type { Answer, Call, Send } from './call.ts';
import type { Token } from './contract.ts';
import { Fault } from './fault.ts';
import type { HttpRequest } from './http.ts';

/** Where tokens rest. Across processes: the store's, sealed. */
export interface TokenVault {
  read(connection: string): Promise<Token | null>;
  write(connection: string, token: Token): Promise<void>;
  /** Runs `work` while no other process or run renews the token of this connection. */
  exclusively<T>(connection: string, work: () => Promise<T>): Promise<T>;
}

export interface SessionParts {
  readonly connection: string;
  readonly vault: TokenVault;
  readonly clock: Clock;
  /** Absent: nothing to sign in to. */
  readonly grant: ((previous: Token | null) => Promise<Token>) | undefined;
  /** Told of every token before it is used, so that its text is kept out of logs and errors. */
  learn(token: Token): void;
}

/** A token is renewed this long before it ends, but not more often than this. */
const marginMs = 60_000;
/** A sign-in that was refused, or did not help, is not tried again for this long: accounts get locked. */
const coolOffMs = 60_000;

interface Renewal {
  readonly token: Token;
  readonly granted: boolean;
}

export class Session {
  readonly #parts: SessionParts;
  #token: Token | null = null;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #renewing: Promise<Renewal> | null = null;
  #refusal: { readonly fault: Fault; readonly at: number } | null = null;
  #hopeless: {
    readonly accessToken: string;
    readonly status: number | undefined;
    readonly at: number;
  } | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** A token that is good by the clock; null where there is nothing to sign in to. */
  async current(signal: AbortSignal): Promise<Token | null> {
    if (this.#parts.grant === undefined) return null;
    this.#token ??= await this.#stored();
    const token = this.#token;
    if (token === null) return (await this.renew(null, signal)).token;
    const left = (token.expiresAt ?? Number.POSITIVE_INFINITY) - this.#parts.clock.now();
    const early = left > 0 && this.#parts.clock.now() - this.#renewedAt < marginMs;
    if (left > marginMs || early) return token;
    return (await this.renew(token, signal)).token;
  }

  /** A token other than the one that failed: another process's, else a fresh one. */
  async renew(failed: Token | null, signal: AbortSignal): Promise<Renewal> {
    this.#refuseHopeless(failed);
    this.#renewing ??= this.#exclusively(failed).finally(() => {
      this.#renewing = null;
    });
    return await unless(signal, this.#renewing);
  }

  /** A fresh token was refused too: another one would not help. */
  giveUp(token: Token, status: number | undefined): void {
    this.#hopeless = { accessToken: token.accessToken, status, at: this.#parts.clock.now() };
  }

  /** The token works after all. A missing permission (403) stays missing, whatever else the token may do. */
  proved(token: Token): void {
    if (this.#hopeless?.accessToken === token.accessToken && this.#hopeless.status !== 403)
      this.#hopeless = null;
  }

  /** Resolves when no sign-in is under way: a rotated token that was asked for has been stored. */
  async settled(): Promise<void> {
    await this.#renewing?.catch(() => undefined);
  }

  #exclusively(failed: Token | null): Promise<Renewal> {
    const { vault, connection } = this.#parts;
    return vault.exclusively(connection, async () => {
      const stored = await this.#stored();
      const other = stored !== null && stored.accessToken !== failed?.accessToken;
      const renewal = other ? { token: stored, granted: false } : await this.#granted(stored ?? failed);
      this.#token = renewal.token;
      this.#renewedAt = this.#parts.clock.now();
      return renewal;
    });
  }

  async #granted(previous: Token | null): Promise<Renewal> {
    const { vault, connection, clock, grant, learn } = this.#parts;
    if (this.#refusal !== null && clock.now() - this.#refusal.at < coolOffMs) throw this.#refusal.fault;
    try {
      const token = await (grant?.(previous) ??
        Promise.reject(new Fault('unauthorized', 'no way to sign in')));
      learn(token);
      await vault.write(connection, token);
      return { token, granted: true };
    } catch (error) {
      if (error instanceof Fault && error.kind === 'unauthorized')
        this.#refusal = { fault: error, at: clock.now() };
      throw error;
    }
  }

  async #stored(): Promise<Token | null> {
    const token = await this.#parts.vault.read(this.#parts.connection);
    if (token !== null) this.#parts.learn(token);
    return token;
  }

  #refuseHopeless(failed: Token | null): void {
    const hopeless = this.#hopeless;
    if (hopeless === null || hopeless.accessToken !== failed?.accessToken) return;
    if (this.#parts.clock.now() - hopeless.at >= coolOffMs) return;
    throw new Fault('unauthorized', 'the vendor refused a token that it had just granted', {
      code: 'FRESH_TOKEN_REFUSED',
    });
  }
}

export interface AuthParts {
  readonly session: Session;
  sign(request: HttpRequest, token: Token): HttpRequest;
  /** Where relative URLs start. */
  baseUrl(token: Token | null): string;
}

/**
 * One refusal leads to one renewal at most per request; a second one is final. A token that another process
 * stored meanwhile is tried first and is not a renewal of ours.
 */
export function auth<A extends Answer>(parts: AuthParts, next: Send<A>): Send<A> {
  const renewed = new WeakSet<Call>();
  return async (call) => {
    let token = await parts.session.current(call.signal);
    for (;;) {
      const base = parts.baseUrl(token);
      const request = { ...call.request, url: locate(call.request.url, base) };
      // The token goes to the connection's own origin only, whatever address an answer may have named.
      if (token === null || originOf(request.url) !== originOf(base)) return await next({ ...call, request });
      try {
        const answer = await next({ ...call, request: parts.sign(request, token) });
        parts.session.proved(token);
        return answer;
      } catch (error) {
        if (!(error instanceof Fault && error.kind === 'unauthorized')) throw error;
        token = await renewal(parts.session, renewed, call, token, error);
      }
    }
  };
}

async function renewal(
  session: Session,
  renewed: WeakSet<Call>,
  call: Call,
  token: Token,
  refusal: Fault,
): Promise<Token> {
  if (renewed.has(call)) {
    session.giveUp(token, refusal.status);
    throw refusal;
  }
  const fresh = await session.renew(token, call.signal).catch((error) => {
    throw error instanceof Fault && error.code === 'FRESH_TOKEN_REFUSED' ? refusal : error;
  });
  if (fresh.granted) renewed.add(call);
  if (fresh.token.accessToken === token.accessToken) throw refusal;
  return fresh.token;
}

function originOf(url: string): string | undefined {
  return URL.parse(url)?.origin;
}

/** Absolute URLs stay; others are appended to the base, whose own path is kept. */
export function locate(url: string, base: string): string {
  if (/^https?:\/\//i.test(url)) return url;
  return `${base.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`;
}

/** The caller is let go at once; the sign-in itself goes on, for a rotated token must not be lost. */
function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const cancel = () => reject(signal.reason);
    signal.addEventListener('abort', cancel, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}

/** Forgets everything when the process ends: for tests and for connections that sign in by a fixed key. */
export function memoryVault(): TokenVault {
  const tokens = new Map<string, Token>();
  const turns = new Map<string, Promise<unknown>>();
  return {
    read: async (connection) => tokens.get(connection) ?? null,
    write: async (connection, token) => {
      tokens.set(connection, token);
    },
    exclusively: (connection, work) => {
      const turn = (turns.get(connection) ?? Promise.resolve()).then(work, work);
      turns.set(connection, turn);
      return turn;
    },
  };
}
