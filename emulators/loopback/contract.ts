/**
 * What an emulator of a vendor is: a stateful stand-in on 127.0.0.1, used by the demo, the tests and users'
 * own trials. It shares no code with its connector: two witnesses, so that a mistake cannot agree with itself.
 */
import type { Clock } from '../../src/support/clock.ts';
import type { JsonObject } from '../../src/support/json.ts';
import type { World } from '../world/world.ts';

export interface EmulatorDefinition {
  /** The connector id that it stands in for. */
  readonly system: string;
  start(options: EmulatorOptions): Promise<RunningEmulator>;
}

export interface EmulatorOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Absent: empty. */
  readonly world?: World;
  readonly clock?: Clock;
  /** Makes ids, shuffles and jitter repeatable. */
  readonly seed?: number;
  /** Vendor-specific knobs (search lag, token life, API version, page size); documented by each emulator. */
  readonly knobs?: JsonObject;
}

export interface RunningEmulator {
  readonly system: string;
  readonly url: string;
  /** Connector config that signs in here: what an admin would put into `hub.yaml`. */
  readonly config: JsonObject;
  readonly requests: RequestLog;
  readonly faults: FaultBoard;
  readonly records: EmulatedRecords;
  /** All tokens handed out so far stop working. */
  expireTokens(): void;
  /** All checkpoint-like cursors handed out so far stop working, where the vendor has such. */
  expireCursors?(): void;
  /** Webhook deliveries go here, signed, from now on; null stops them. */
  deliverTo?(url: string | null): void;
  /** Resolves when every webhook delivery caused so far has been answered or given up. */
  delivered?(): Promise<void>;
  close(): Promise<void>;
}

/** A look behind the API: what a person at the vendor's own screen would do or see. Never rate limited. */
export interface EmulatedRecords {
  objects(): readonly string[];
  /** Makes a record as a user would; returns its id. `at` sets its change stamp (ms) for ties and late commits. */
  create(object: string, fields: JsonObject, options?: { at?: number; by?: 'user' | 'integration' }): string;
  update(
    object: string,
    id: string,
    fields: JsonObject,
    options?: { at?: number; by?: 'user' | 'integration' },
  ): void;
  remove(object: string, id: string): void;
  /** Returns the surviving id, which may be new. */
  merge?(object: string, winner: string, loser: string): string;
  /** Lead conversion and the like, by the vendor's name for it; returns the ids that came of it. */
  act?(action: string, object: string, id: string): JsonObject;
  get(object: string, id: string): JsonObject | undefined;
  /** Live records only. */
  all(object: string): readonly JsonObject[];
  count(object: string): number;
}

export interface RequestLog {
  /** The newest requests, oldest first: at least the last 10,000. Bodies are not kept. */
  readonly entries: readonly RequestEntry[];
  /** Calls that the vendor would count against the customer's allowance (sign-in is not). */
  counted(): number;
  /** Counted calls by route name (`GET query`, `PATCH composite/sobjects`). */
  byRoute(): Readonly<Record<string, number>>;
  clear(): void;
}

export interface RequestEntry {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly route: string;
  /** 0: the connection was cut instead of an answer. */
  readonly status: number;
  readonly counted: boolean;
}

/** Faults on demand. Each applies to the next `times` requests that match, then is spent. */
export interface FaultBoard {
  inject(fault: InjectedFault): void;
  clear(): void;
}

export interface InjectedFault {
  /** Part of the route name; absent: any route but sign-in. */
  readonly route?: string;
  readonly times: number;
  /** Skip so many matching requests first. */
  readonly after?: number;
  readonly what: /** The vendor's own rate-limit answer. */
    | 'throttle'
    | 'daily-limit'
    | 'server-error'
    /** HTML page of a proxy, status 502. */
    | 'html'
    /** Status 200 whose JSON stops in the middle. */
    | 'truncated'
    /** The connection is cut before any answer, nothing done. */
    | 'drop'
    /** The work is done, the answer never arrives. */
    | 'lost-answer'
    | 'unauthorized'
    /** The work is done at once, the answer comes only after `delayMs` (real time). */
    | 'slow'
    /** A fault that only this vendor has, by `name`; documented by each emulator. */
    | 'vendor';
  readonly name?: string;
  readonly delayMs?: number;
}
