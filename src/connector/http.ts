/** The one way to a vendor. See `layers.ts` for what a request passes through. */
import type { Json } from '../support/json.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** Absolute, or a path below the connection's base URL. */
  readonly url: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** At most one of the three. */
  readonly json?: Json;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Rate pool of the connector's `limits`; `default` when absent. */
  readonly pool?: string;
  /**
   * What it takes of its pool's `requests` and of the day's `calls`, where the vendor weighs requests: a whole
   * number; 1 when absent.
   */
  readonly cost?: number;
  /**
   * May be repeated after an answer was lost. Reads are; writes only when a repeat is an update
   * (external-id upsert, update by id). Defaults to true for GET and HEAD, false otherwise.
   */
  readonly repeatable?: boolean;
  readonly timeoutMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** When the vendor answered, by its own clock and not later than it was, ms; absent where it does not tell. */
  readonly servedAt?: number;
  /** When the vendor was asked, by its clock and not later than it was: nothing in the answer is older. */
  readonly askedAt?: number;
  /** Parses `text`; a body that is not JSON is an `unavailable` fault (an HTML error page of a proxy). */
  json(): unknown;
}

/** What was asked, for who reads the answer: one refusal may mean one thing here and another there. */
export interface Asked {
  /** As it was sent, signed. */
  readonly request: HttpRequest;
  /** The vendor's time, ms, as far as it has told it: what dates in an answer are counted from. */
  readonly now: number;
}

export interface HttpStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly servedAt?: number;
  readonly askedAt?: number;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Http {
  /** Resolves with a success; throws a `Fault` otherwise, after all waiting and repeating is done. */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** The same, for bodies too large to hold. */
  stream(request: HttpRequest): Promise<HttpStream>;
}
