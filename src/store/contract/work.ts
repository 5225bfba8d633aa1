/** What is marked to be done, who does it, and what waits for a person. */
import type { Held } from './connections.ts';

export const stages = ['inbox', 'fetch', 'normalize', 'resolve', 'attribute', 'push'] as const;

export type Stage = (typeof stages)[number];

/** A claimed piece of work. `version` is the mark that was claimed: later marks survive `done`. */
export interface Claim {
  readonly stage: Stage;
  readonly key: string;
  readonly version: number;
  readonly attempts: number;
  /** Since when it waits to be worked on. */
  readonly markedAt: number;
  /** The connection whose news it comes from, as far as the stage before could tell; empty where none has caused it. */
  readonly cause: string;
}

/** Why a piece of work waits for a person. */
export interface ParkedReason {
  /** The vendor's own code and words. */
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  /** The record that it is about, where known. */
  readonly record?: string;
  /** The object of the CRM that refused the record as a whole, for no single value. */
  readonly refusedBy?: string;
}

export interface ParkedWork {
  readonly stage: Stage;
  readonly key: string;
  readonly at: number;
  readonly reason: ParkedReason;
}

/** As the time of a claim: for as long as the process lives, however long the work takes. */
export const forLife = Number.POSITIVE_INFINITY;

/** Which keys are claimed. */
export interface Narrow {
  /** Keys that start with it. */
  readonly prefix?: string | undefined;
  /** Keys that start with none of these. */
  readonly without?: readonly string[];
  /** The news of these connections; the empty text stands for what no connection has caused. */
  readonly causes?: readonly string[] | undefined;
}

export interface WorkSet {
  /**
   * Marks keys dirty, due at once or at `dueAt`; twice is once, and due when the first of the two is. A mark on a
   * parked key brings it back. What several connections have marked counts as the news of the one that waits less.
   */
  mark(stage: Stage, keys: readonly string[], dueAt?: number): Promise<void>;
  /**
   * Takes up to `limit` keys that nobody holds and that are due, oldest mark first, but of no connection's news more
   * than its share while that of others waits. The claim lapses after
   * `leaseMs`; with `forLife`, when its process ends. `prefix` narrows to keys that start with it, `without` leaves out those that start with one of these.
   */
  claim(stage: Stage, limit: number, leaseMs: number, narrow?: Narrow): Promise<Claim[]>;
  /** The connections whose news is due in a stage (empty text: what none has caused), or there in keys with a prefix. */
  causes(stage: Stage, prefix?: string): Promise<string[]>;
  /** Clears what was claimed; a key marked meanwhile stays dirty and free. */
  done(claims: readonly Claim[]): Promise<void>;
  /** Gives back, to be tried again at `dueAt`; counts an attempt. */
  retry(claims: readonly Claim[], dueAt: number): Promise<void>;
  /** Gives back, to be looked at again at `dueAt`: nothing stands in its way, so earlier attempts count no more. */
  postpone(claims: readonly Claim[], dueAt: number): Promise<void>;
  /** Gives back, to be looked at again at `dueAt`, or when it is woken; earlier attempts go on counting. */
  rest(claims: readonly Claim[], dueAt: number): Promise<void>;
  /** Makes keys that rest due, without marking them anew; says nothing of those that somebody holds or that are parked. */
  wake(stage: Stage, keys: readonly string[]): Promise<void>;
  /** Gives back at once, no attempt counted (held writes, cancelled runs). */
  release(claims: readonly Claim[]): Promise<void>;
  park(claim: Claim, reason: ParkedReason): Promise<void>;
  parked(filter?: { stage?: Stage; prefix?: string }): Promise<ParkedWork[]>;
  /** Parked work back to work, with the values that were refused, or out for good. Returns how many. */
  unpark(filter: { stage?: Stage; key?: string; prefix?: string }): Promise<number>;
  drop(filter: { stage?: Stage; key?: string; prefix?: string }): Promise<number>;
  /** Dirty, unparked keys by stage. */
  counts(): Promise<Readonly<Record<Stage, number>>>;
  /** Dirty, unparked keys that are due, held, or were tried in vain: those that were only postponed do not count. */
  overdue(filter?: { stage: Stage; prefix: string }): Promise<number>;
  /** Dirty, unparked keys of a stage that start with `prefix`. */
  count(stage: Stage, prefix: string): Promise<number>;
  /** Those of the keys that are dirty and not parked, each with whether somebody is at work on it. */
  dirty(stage: Stage, keys: readonly string[]): Promise<ReadonlyMap<string, 'free' | 'claimed'>>;
  /** Work that other processes are at, and who. */
  heldByOthers(): Promise<(Held & { readonly keys: number })[]>;
  /** When the earliest dirty key falls due; null when nothing is dirty. */
  nextDueAt(): Promise<number | null>;
  /** Calls back soon after anyone marks work, in this process or (PostgreSQL notify, SQLite poll) another. */
  onMark(listener: () => void): () => void;
}
