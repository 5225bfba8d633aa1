/** A HubSpot emulator for one test, and the plainest possible client of it. */
import { onTestFinished } from 'vitest';
import { hubspotEmulator } from '../../../emulators/hubspot/index.ts';
import type { EmulatorOptions, RunningEmulator } from '../../../emulators/loopback/contract.ts';
import type { Clock } from '../../../src/support/clock.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Told;
}

/** Of the many shapes of HubSpot's answers, what the tests look at. */
export interface Told {
  readonly id: string;
  readonly name: string;
  readonly new: boolean;
  readonly archivedAt: string;
  readonly objectWriteTraceId: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly propertiesWithHistory: Readonly<
    Record<string, readonly { value: string; timestamp: string; sourceType: string }[]>
  >;
  readonly total: number;
  readonly results: readonly Told[];
  readonly errors: readonly {
    readonly code: string;
    readonly context: Readonly<Record<string, readonly string[]>>;
  }[];
  readonly paging?: { readonly next: { readonly after: string } };
  readonly message: string;
  readonly category: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly [more: string]: unknown;
}

export interface Emulated {
  readonly emulator: RunningEmulator;
  readonly token: string;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  send(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
}

export async function emulated(options: EmulatorOptions = {}): Promise<Emulated> {
  const emulator = await hubspotEmulator.start(options);
  onTestFinished(() => emulator.close());
  const own = String(emulator.config.accessToken ?? '');
  const send = async (method: string, path: string, body?: unknown, token = own): Promise<Answer> => {
    const answer = await fetch(emulator.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  };
  return {
    emulator,
    token: own,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    send,
  };
}

/** Stands still until it is told to go on. */
export interface HandClock extends Clock {
  advance(ms: number): void;
}

export function handClock(start = Date.parse('2026-06-30T12:00:00.000Z')): HandClock {
  let now = start;
  return {
    now: () => now,
    async sleep(ms) {
      now += ms;
    },
    advance(ms) {
      now += ms;
    },
  };
}
