/** Signing in: where tokens rest, and how a dead one is replaced exactly once. */
import type { Clock } from '../support/clock.ts';
import type { Token } from './contract/sign-in.ts';
import { Fault } from './fault.ts';

/** Where tokens rest. Across processes: the store's, sealed. */
export interface TokenVault {
  read(connection: string): Promise<Token | null>;
  write(connection: string, token: Token): Promise<void>;
  /**
   * Runs `work` while nobody else, in any process, renews the token of this connection. One sign-in takes at
   * most a few requests' time-outs; a lease that ends earlier lets two processes rotate one refresh token.
   */
  exclusively<T>(connection: string, work: () => Promise<T>): Promise<T>;
}

export interface SessionParts {
  readonly connection: string;
  readonly vault: TokenVault;
  readonly clock: Clock;
  /** Absent: nothing to sign in to. */
  readonly grant: ((previous: Token | null) => Promise<Token>) | undefined;
  /** Fingerprint of whom tokens are granted for; stored ones of another account do not count. */
  readonly account?: string | undefined;
  /** Told of every token before it is used, so that its text is kept out of logs and errors. */
  learn(token: Token): void;
}

export interface Renewal {
  readonly token: Token;
  /** False when another run or process had replaced the token already. */
  readonly granted: boolean;
}

/** A token is renewed this long before it ends; a vendor that hands out the same one again is not pressed. */
const marginMs = 60_000;
/** A sign-in that was refused, or did not help, is not tried again for this long: accounts get locked. */
const coolOffMs = 60_000;

/** A fixed key is another token where its host has moved. */
export function isSameToken(a: WhereAndWhat, b: WhereAndWhat | null | undefined): boolean {
  return a.accessToken === b?.accessToken && a.baseUrl === b.baseUrl;
}

type WhereAndWhat = Pick<Token, 'accessToken' | 'baseUrl'>;

export class Session {
  readonly #parts: SessionParts;
  #token: Token | null = null;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #renewing: Promise<Renewal> | null = null;
  /** Granted, but the vault failed to take it: the old one may be void, so this one must not be lost. */
  #unsaved: Token | null = null;
  #refusal: { readonly fault: Fault; readonly at: number } | null = null;
  #useless: {
    readonly token: WhereAndWhat;
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
    if (this.#token === null) return (await this.renew(null, signal)).token;
    if (this.#isFresh(this.#token)) return this.#token;
    return (await this.renew(this.#token, signal)).token;
  }

  /**
   * A token other than the one that failed: another process's, else a fresh one. Throws the fault of the
   * sign-in. The signal lets the caller go; the sign-in itself goes on, for a rotated token must not be lost.
   */
  renew(failed: Token | null, signal: AbortSignal): Promise<Renewal> {
    this.#renewing ??= this.#exclusively(failed).finally(() => {
      this.#renewing = null;
    });
    return unless(signal, this.#renewing);
  }

  /** A fresh token was refused as well: another one would not help. */
  giveUp(token: Token, status: number | undefined): void {
    this.#useless = { token, status, at: this.#parts.clock.now() };
  }

  /** The token works after all. A missing permission (403) stays missing, whatever else the token may do. */
  proved(token: Token): void {
    if (isSameToken(token, this.#useless?.token) && this.#useless?.status !== 403) this.#useless = null;
  }

  /** True while it is known that a newer token is refused just like this one. */
  isUseless(token: Token): boolean {
    const useless = this.#useless;
    if (useless === null || !isSameToken(token, useless.token)) return false;
    return Math.abs(this.#parts.clock.now() - useless.at) < coolOffMs;
  }

  /** Resolves when no sign-in is under way. */
  async settled(): Promise<void> {
    await this.#renewing?.catch(() => undefined);
  }

  #exclusively(failed: Token | null): Promise<Renewal> {
    const { vault, connection, clock } = this.#parts;
    return vault.exclusively(connection, async () => {
      const stored = await this.#stored();
      const other = stored !== null && !isSameToken(stored, failed) && this.#isFresh(stored);
      const renewal = other ? { token: stored, granted: false } : await this.#granted(stored ?? failed);
      this.#token = renewal.token;
      this.#renewedAt = clock.now();
      return renewal;
    });
  }

  async #granted(previous: Token | null): Promise<Renewal> {
    const { vault, connection } = this.#parts;
    this.#unsaved ??= await this.#ask(previous);
    const token = this.#unsaved;
    await vault.write(connection, token);
    this.#unsaved = null;
    return { token, granted: true };
  }

  async #ask(previous: Token | null): Promise<Token> {
    const { clock, grant, connection, learn, account } = this.#parts;
    // A clock that was put back since says nothing about how long ago that was.
    if (this.#refusal !== null && Math.abs(clock.now() - this.#refusal.at) < coolOffMs)
      throw this.#refusal.fault;
    if (grant === undefined) throw new Fault('unauthorized', `${connection}: has no way to sign in`);
    try {
      const token = { ...(await grant(previous)), ...(account === undefined ? {} : { account }) };
      learn(token);
      return token;
    } catch (error) {
      const fault = error instanceof Fault ? signInFault(connection, error) : error;
      if (fault instanceof Fault && fault.kind === 'unauthorized') this.#refusal = { fault, at: clock.now() };
      throw fault;
    }
  }

  async #stored(): Promise<Token | null> {
    const token = await this.#parts.vault.read(this.#parts.connection);
    if (token === null) return null;
    this.#parts.learn(token);
    return token.account === undefined || token.account === this.#parts.account ? token : null;
  }

  #isFresh(token: Token): boolean {
    const now = this.#parts.clock.now();
    const left = (token.expiresAt ?? Number.POSITIVE_INFINITY) - now;
    return left > marginMs || (left > 0 && now - this.#renewedAt < marginMs);
  }
}

/** The request that needed the token was never sent; what the vendor rejects here is the sign-in itself. */
function signInFault(connection: string, fault: Fault): Fault {
  const { code, field, status, retryAfterMs } = fault;
  const kind = fault.kind === 'throttled' || fault.kind === 'unavailable' ? fault.kind : 'unauthorized';
  return new Fault(kind, `sign-in of connection "${connection}": ${fault.message}`, {
    unsent: true,
    cause: fault,
    ...(code !== undefined && { code }),
    ...(field !== undefined && { field }),
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(signal.reason);
    if (signal.aborted) cancel();
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
