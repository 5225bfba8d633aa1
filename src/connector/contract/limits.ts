/** How fast and how often a vendor may be asked. */
import type { Json } from '../../support/json.ts';
import type { HttpResponse } from '../http.ts';

export interface Limits {
  /** Rate pools by name; a request names its pool, `default` otherwise. */
  readonly pools: Readonly<Record<string, PoolLimit>>;
  /**
   * Whose allowances these are, where settings tell: connections for which it is the same share them. Absent: each
   * connection has its own.
   */
  readonly account?: Json;
  /** Where the plan is known; the vendor's own headers correct it. */
  readonly daily?: DailyAllowance;
  /** Share of every allowance that is left for the customer's other apps, 0 to 1. */
  readonly reserve: number;
  /** What the answer's headers say about the allowance. */
  usage?(answer: HttpResponse): Usage | null;
}

/**
 * Counted by the hub, in its store: by all its processes, and from one run to the next. What other apps and other
 * hubs use is seen only where the vendor's headers tell; the reserve is theirs.
 */
export interface DailyAllowance {
  readonly calls: number;
  /** At whose midnight the day ends, as `America/Chicago`. Absent: 24 hours after its first call. */
  readonly zone?: string;
}

/** Costs of requests count in the same measure. */
export interface PoolLimit {
  readonly requests: number;
  readonly perMs: number;
  readonly concurrency: number;
}

export interface Usage {
  readonly daily?: { readonly limit: number; readonly used: number };
  readonly window?: {
    readonly pool: string;
    readonly limit: number;
    readonly remaining: number;
    readonly perMs: number;
  };
}
