/** A connector of no vendor, to open connections against a tiny server. */
import { z } from 'zod';
import { memoryVault, type TokenVault } from '../../src/connector/auth.ts';
import type { Connector } from '../../src/connector/contract/connector.ts';
import type { Limits } from '../../src/connector/contract/limits.ts';
import type { Auth } from '../../src/connector/contract/sign-in.ts';
import { Fault } from '../../src/connector/fault.ts';
import type { Asked, HttpResponse } from '../../src/connector/http.ts';
import { type ConnectionOptions, type OpenConnection, openConnection } from '../../src/connector/open.ts';
import { faultOfStatus } from '../../src/connector/status.ts';
import type { Clock } from '../../src/support/clock.ts';
import { silentLog } from '../../src/support/log.ts';

export interface PlainConfig {
  readonly baseUrl: string;
  readonly secret: string;
}

/** Sleeps take no time; the waits asked for are kept in order. */
export interface RecordingClock extends Clock {
  readonly waits: number[];
  advance(ms: number): void;
}

export function recordingClock(start = Date.UTC(2026, 0, 1)): RecordingClock {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      const due = now + ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      now = Math.max(now, due);
    },
  };
}

export interface Variation {
  readonly auth?: Auth<PlainConfig>;
  readonly limits?: Limits;
  fault?(answer: HttpResponse, asked: Asked): Fault | null;
}

export function plainConnector(variation: Variation = {}): Connector<PlainConfig> {
  const wide = { pools: { default: { requests: 10_000, perMs: 1000, concurrency: 100 } }, reserve: 0 };
  return {
    id: 'plain',
    title: 'Plain',
    config: z.object({
      baseUrl: z
        .url()
        .meta({ label: 'Address', help: 'Where the API is.', example: 'https://api.example.com' }),
      secret: z.string().min(8).meta({ label: 'Client secret', help: 'From the app page.', secret: true }),
    }),
    auth: variation.auth ?? { sign: (request) => request },
    limits: () => variation.limits ?? wide,
    baseUrl: (config, token) => token?.baseUrl ?? config.baseUrl,
    fault:
      variation.fault ?? ((answer, { now }) => faultOfStatus('plain', answer.status, answer.headers, now)),
    check: async () => ({ account: 'plain', missingPermissions: [] }),
  };
}

export interface Opened extends OpenConnection<PlainConfig> {
  readonly clock: RecordingClock;
  readonly vault: TokenVault;
}

export function open(
  url: string,
  variation: Variation = {},
  options: Partial<ConnectionOptions> = {},
): Opened {
  const clock = recordingClock();
  const vault = options.vault ?? memoryVault();
  const connection = openConnection(plainConnector(variation), {
    connection: 'test',
    config: { baseUrl: url, secret: 'the-client-secret' },
    clock,
    log: silentLog,
    signal: new AbortController().signal,
    retry: { random: () => 1 },
    ...options,
    vault,
  });
  return { ...connection, clock, vault };
}

/** The error that `work` ends with; fails when it ends well. */
export async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => Promise.reject(new Error('expected a failure')),
    (error) => error,
  );
}

export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await failure(work);
  if (error instanceof Fault) return error;
  throw error;
}
