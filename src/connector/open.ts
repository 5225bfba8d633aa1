/** Opens a configured account: settings parsed, secrets known, HTTP policy in place. */
import type { Clock } from '../support/clock.ts';
import { canonicalJson, fingerprint } from '../support/fingerprint.ts';
import type { Log } from '../support/log.ts';
import { secretsIn } from '../support/schema.ts';
import { Accounts } from './accounts.ts';
import { Session, type SessionParts, type TokenVault } from './auth.ts';
import type { Connector } from './contract/connector.ts';
import type { Context } from './contract/context.ts';
import { Fault } from './fault.ts';
import type { Asked, Http, HttpResponse } from './http.ts';
import { openHttp, openSignInHttp, type SignInHttpParts } from './layers.ts';
import { Governor } from './pacing.ts';
import { Redactor, redactedLog } from './redact.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry.ts';
import { parseConfig } from './settings.ts';
import { defaultTimeoutMs } from './timeout.ts';
import { VendorClock } from './vendor-clock.ts';

export interface ConnectionOptions {
  /** The connection's name in `config/hub.yaml`. */
  readonly connection: string;
  /** What the admin wrote, unparsed, references to the environment already resolved. */
  readonly config: unknown;
  readonly vault: TokenVault;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Whose allowances the connections of this process use; absent: this one's alone, known to nobody else. */
  readonly accounts?: Accounts;
  readonly retry?: Partial<RetryPolicy>;
  /** For each request that does not name its own, ms. */
  readonly timeoutMs?: number;
}

export interface OpenConnection<C> extends Context<C> {
  readonly governor: Governor;
  readonly redactor: Redactor;
  readonly vendorClock: VendorClock;
  /**
   * Resolves when no sign-in is under way and calls that were taken from the day and not made are given back; wait
   * for it before the vault and the accounts' book are closed.
   */
  settled(): Promise<void>;
}

/** Throws a `configuration` Problem when the settings are wrong. Makes no call. */
export function openConnection<C>(connector: Connector<C>, options: ConnectionOptions): OpenConnection<C> {
  const { connection, vault, clock, signal } = options;
  const redactor = new Redactor();
  const config = readConfig(connector, options, redactor);
  const log = redactedLog(options.log.child({ connection }), redactor);
  const limits = connector.limits(config);
  const accounts = options.accounts ?? new Accounts(clock);
  const governor = new Governor(limits, accounts.of(connector.id, connection, limits));
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const fault = (answer: HttpResponse, asked: Asked) => connector.fault(answer, asked);
  const vendorClock = new VendorClock(clock);
  const lower = { governor, redactor, clock, vendorClock, signal, timeoutMs, fault };

  const grant = granter(connector, { connection, config, log }, lower);
  const session = new Session({
    connection,
    vault,
    clock,
    grant,
    account: accountOf(connector, config),
    learn: (token) => redactor.keepToken(token),
  });
  const http = openHttp({
    ...lower,
    log,
    policy: { ...defaultRetryPolicy, ...options.retry },
    auth: {
      session,
      sign: (request, token) => connector.auth.sign(request, token),
      baseUrl: (token) => connector.baseUrl(config, token),
    },
  });
  return {
    connection,
    config,
    http: named(http, connection),
    clock,
    vendorClock,
    log,
    signal,
    identity: async () => (await redactor.guard(session.current(signal)))?.extra ?? {},
    governor,
    redactor,
    settled: async () => {
      await session.settled();
      await governor.settle();
    },
  };
}

/** A fault that leaves a connection says whose it is: where it is read, several may have been asked. */
function named(http: Http, connection: string): Http {
  const name = (error: unknown): never => {
    if (error instanceof Fault) error.connection ??= connection;
    throw error;
  };
  return {
    send: (request) => http.send(request).catch(name),
    stream: (request) => http.stream(request).catch(name),
  };
}

/** Secrets are learnt from the text as written too, so that the complaint about a wrong one does not show it. */
function readConfig<C>(connector: Connector<C>, options: ConnectionOptions, redactor: Redactor): C {
  for (const secret of secretsIn(connector.config, options.config)) redactor.keep(secret);
  try {
    const config = parseConfig(connector, options.connection, options.config);
    for (const secret of secretsIn(connector.config, config)) redactor.keep(secret);
    return config;
  } catch (error) {
    throw redactor.error(error);
  }
}

function accountOf<C>({ auth }: Connector<C>, config: C): string | undefined {
  const account = auth.account?.(config);
  return account === undefined ? undefined : fingerprint(canonicalJson(account));
}

/**
 * Signing in is not cancelled with the run: the vendor may have rotated the refresh token by then, and an
 * answer that nobody reads would lock the hub out. Its time-outs end it.
 */
function granter<C>(
  connector: Connector<C>,
  about: Pick<Context<C>, 'connection' | 'config' | 'log'>,
  lower: Omit<SignInHttpParts, 'baseUrl'>,
): SessionParts['grant'] {
  const { auth } = connector;
  if (auth.grant === undefined) return undefined;
  const { signal } = new AbortController();
  const http = openSignInHttp({ ...lower, signal, baseUrl: connector.baseUrl(about.config, null) });
  const { clock, vendorClock } = lower;
  const context = { ...about, http, signal, clock, vendorClock };
  return auth.grant.bind(auth, context);
}
