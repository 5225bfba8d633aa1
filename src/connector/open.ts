/** Opens a configured account: settings parsed, secrets known, HTTP policy in place. */
import type { Clock } from '../support/clock.ts';
import type { Log } from '../support/log.ts';
import { locate, Session, type TokenVault } from './auth.ts';
import type { Connector, Context, Token } from './contract.ts';
import { openHttp, openSignInHttp } from './layers.ts';
import { Governor } from './pacing.ts';
import { Redactor, redactedLog } from './redact.ts';
import { defaultRetryPolicy, type RetryPolicy, repeating } from './retry.ts';
import { parseConfig, secretsIn } from './settings.ts';
import { defaultTimeoutMs } from './timeout.ts';

export interface ConnectionOptions {
  /** The connection's name in `config/hub.yaml`. */
  readonly connection: string;
  /** What the admin wrote, unparsed, references to the environment already resolved. */
  readonly config: unknown;
  readonly vault: TokenVault;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Pass one governor to all runs of a connection in the process; absent: one for this run alone. */
  readonly governor?: Governor;
  readonly retry?: Partial<RetryPolicy>;
  /** For each request that does not name its own, ms. */
  readonly timeoutMs?: number;
}

export interface OpenConnection<C> extends Context<C> {
  readonly governor: Governor;
  readonly redactor: Redactor;
  /** Resolves when no sign-in is under way; wait for it before the vault is closed. */
  settled(): Promise<void>;
}

/** Throws a `configuration` Problem when the settings are wrong. Makes no call. */
export function openConnection<C>(connector: Connector<C>, options: ConnectionOptions): OpenConnection<C> {
  const { connection, vault, clock, signal } = options;
  const redactor = new Redactor();
  for (const secret of secretsIn(connector.config, options.config)) redactor.keep(secret);
  const config = cleaned(redactor, () => parseConfig(connector, connection, options.config));
  for (const secret of secretsIn(connector.config, config)) redactor.keep(secret);

  const log = redactedLog(options.log.child({ connection }), redactor);
  const governor = options.governor ?? new Governor(connector.limits(config), clock);
  const policy = { ...defaultRetryPolicy, ...options.retry };
  const parts = {
    governor,
    policy,
    redactor,
    clock,
    log,
    signal,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    fault: connector.fault.bind(connector),
  };
  const learn = (token: Token) => learnToken(redactor, token);
  const session = new Session({
    connection,
    vault,
    clock,
    learn,
    grant: granter(connector, { ...parts, connection, config }),
  });
  const auth = {
    session,
    sign: connector.auth.sign.bind(connector.auth),
    baseUrl: (token: Token | null) => connector.baseUrl(config, token),
  };
  const http = openHttp({ ...parts, auth });
  return {
    connection,
    config,
    http,
    clock,
    log,
    signal,
    governor,
    redactor,
    settled: () => session.settled(),
  };
}

interface GrantParts<C> extends Omit<Parameters<typeof openSignInHttp>[0], 'located'> {
  readonly connection: string;
  readonly config: C;
}

/**
 * Signing in is not cancelled with the run: the vendor may have rotated the refresh token by then, and an
 * answer that nobody reads would lock the hub out. Its time-outs end it.
 */
function granter<C>(
  connector: Connector<C>,
  parts: GrantParts<C>,
): ((previous: Token | null) => Promise<Token>) | undefined {
  const { auth } = connector;
  if (auth.grant === undefined) return undefined;
  const { connection, config, clock, log } = parts;
  const { signal } = new AbortController();
  const located = (request: Parameters<Context['http']['send']>[0]) => ({
    ...request,
    url: locate(request.url, connector.baseUrl(config, null)),
  });
  const http = openSignInHttp({ ...parts, signal, located });
  const context = { connection, config, http, clock, log, signal };
  const what = { name: `sign-in of ${connection}`, repeatable: true };
  return (previous) =>
    repeating(parts, what, async () => (await auth.grant?.(context, previous)) ?? Promise.reject());
}

function learnToken(redactor: Redactor, token: Token): void {
  redactor.keepForNow(token.accessToken);
  if (token.refreshToken !== undefined) redactor.keepForNow(token.refreshToken);
}

function cleaned<T>(redactor: Redactor, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw redactor.error(error);
  }
}
