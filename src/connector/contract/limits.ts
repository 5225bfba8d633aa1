/** How fast and how often a vendor may be asked. */
import type { HttpResponse } from '../http.ts';

export interface Limits {
  /** Rate pools by name; a request names its pool, `default` otherwise. */
  readonly pools: Readonly<Record<string, PoolLimit>>;
  /** Calls per day, where the plan is known; the vendor's own headers correct it. */
  readonly daily?: number;
  /** Share of every allowance that is left for the customer's other apps, 0 to 1. */
  readonly reserve: number;
  /** What the answer's headers say about the allowance. */
  usage?(answer: HttpResponse): Usage | null;
}

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
