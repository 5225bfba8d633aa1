/** What every stage of the road works with: the open store, the connected systems and their mappings. */
import type { Connector } from '../connector/contract/connector.ts';
import type { Context } from '../connector/contract/context.ts';
import type { CompiledMapping } from '../mapping/language/compiled.ts';
import type { ConnectionSettings, Settings } from '../settings/schema.ts';
import type { Store } from '../store/contract/store.ts';
import type { Clock } from '../support/clock.ts';
import type { Log } from '../support/log.ts';
import type { Models } from './attribute/models.ts';

export interface System {
  /** The connection's name; the order of `Hub.systems` is the order that settles what time cannot. */
  readonly name: string;
  readonly connector: Connector;
  readonly context: Context;
  readonly mapping: CompiledMapping;
  readonly settings: ConnectionSettings;
  /** By how many ms the hub's clock is ahead of the vendor's; null before the vendor has told the time. */
  skew(): number | null;
  /** When the files that say all this were last changed, ms. */
  readonly editedAt: number;
  /** API calls made in this process, sign-in not counted. */
  calls(): number;
  /** Resolves when no sign-in is under way; the store may be closed then. */
  settled(): Promise<void>;
}

export interface Hub {
  readonly settings: Settings;
  readonly store: Store;
  readonly systems: ReadonlyMap<string, System>;
  readonly models: Models;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** How long a claim is held before another worker may take the work over. */
export const leaseMs = 60_000;

/** Objects to pull of a system: those its mapping reads, in the connector's backfill order. */
export function pulledObjects(system: System): string[] {
  const wanted = system.settings.streams ?? Object.keys(system.mapping.objects);
  return Object.keys(system.connector.streams ?? {}).filter((object) => wanted.includes(object));
}
