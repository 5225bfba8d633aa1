/** How a process shows that it is alive, to others on the same database. */
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export interface Presence {
  /** Names this process in claims and leases. */
  readonly id: string;
  alive(holders: readonly string[], db: Kysely<Tables>): Promise<ReadonlySet<string>>;
  /** Called when this process was without its lock for a while: others may have taken back what it held. */
  onReturn(listener: () => void): void;
  leave(): Promise<void>;
}
