/**
 * What the road needs of a store. One implementation over Kysely serves SQLite and PostgreSQL; one suite
 * tests both. All times are ms UTC. A method that changes rows is atomic by itself; several become one by
 * `transaction`.
 */
import type { Connections } from './connections.ts';
import type { Credits } from './credits.ts';
import type { Editions } from './editions.ts';
import type { Entities } from './entities.ts';
import type { Facts } from './facts.ts';
import type { Fits } from './fits.ts';
import type { HeldRows } from './held-rows.ts';
import type { Identity } from './identity.ts';
import type { Inbox } from './inbox.ts';
import type { Landing } from './landing.ts';
import type { Outbox } from './outbox.ts';
import type { PushJobs } from './push-jobs.ts';
import type { Refusals } from './refusals.ts';
import type { Runs } from './runs.ts';
import type { Sent } from './sent.ts';
import type { Waits } from './waits.ts';
import type { WorkSet } from './work.ts';

export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  /**
   * All or nothing. A transaction inside a transaction is part of the outer one. Inside, only the store that
   * is handed over may be used. The work may be run again (PostgreSQL breaks deadlocks by ending one side), so
   * it does nothing but read and write the store. `cause`: the connection whose news it works on; what it marks in
   * later stages carries that (`Claim.cause`).
   */
  transaction<T>(work: (store: Store) => Promise<T>, cause?: string): Promise<T>;
  readonly landing: Landing;
  readonly inbox: Inbox;
  readonly work: WorkSet;
  readonly facts: Facts;
  readonly entities: Entities;
  readonly identity: Identity;
  readonly credits: Credits;
  readonly fits: Fits;
  readonly outbox: Outbox;
  readonly pushJobs: PushJobs;
  readonly sent: Sent;
  readonly waits: Waits;
  readonly heldRows: HeldRows;
  readonly refusals: Refusals;
  readonly connections: Connections;
  readonly runs: Runs;
  readonly editions: Editions;
  /** Why the store takes no writes, in words without secrets; null when it does. */
  whyNotWritable(): Promise<string | null>;
  close(): Promise<void>;
}
