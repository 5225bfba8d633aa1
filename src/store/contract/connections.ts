/** What the hub keeps of its connections: tokens, state, locks. */
import type { TokenVault } from '../../connector/auth.ts';
import type { Checkpoint } from '../../connector/contract/reading.ts';
import type { AllowanceBook } from '../../connector/day.ts';
import type { Json } from '../../support/json.ts';

/** What another process holds. */
export interface Held {
  /** `process 4711 on hub-2`. */
  readonly by: string;
  /** ms; renewed for as long as it works. Null: for as long as it lives. */
  readonly until: number | null;
}

export interface Connections {
  /** Sealed at rest; `exclusively` is a lease that holds across processes. */
  readonly vault: TokenVault;
  /** Calls of the day by account, one row each. */
  readonly allowances: AllowanceBook;
  checkpoint(connection: string, stream: string): Promise<Checkpoint | null>;
  saveCheckpoint(connection: string, stream: string, checkpoint: Checkpoint | null): Promise<void>;
  /** Small facts of the hub itself: mapping versions, held pushes, last pull times. */
  state(key: string): Promise<Json | null>;
  /** Those of these keys under which something is kept. */
  states(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** All that is kept under keys with this prefix, by key. */
  statesFrom(prefix: string): Promise<ReadonlyMap<string, Json>>;
  saveState(key: string, value: Json | null): Promise<void>;
  /** Runs `work` if nobody holds the lease, anywhere; renews it while running. False when it is held. */
  leased(name: string, ttlMs: number, work: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
  /** Who holds a lease; null when nobody does. */
  leaseHolder(name: string): Promise<Held | null>;
  /** True the first time a replay key is seen; old keys are dropped after `keepMs`. */
  firstSeen(connection: string, replayKey: string, at: number, keepMs: number): Promise<boolean>;
}
