/** Appending: what is written once and never again, such as an event of an analytics system. It cannot be read back. */
import type { JsonObject } from '../../support/json.ts';
import type { Fault } from '../fault.ts';
import type { Context } from './context.ts';

export interface Appended {
  /** The vendor knows a repeat by it; fits `idPattern`. */
  readonly id: string;
  /** When it happened, ms UTC. */
  readonly at: number;
  readonly body: JsonObject;
}

export interface Batch {
  /** For vendors that know a repeated batch by its name. */
  readonly id: string;
  readonly events: readonly Appended[];
}

/** By the event's `id`. */
export type Receipt =
  | { readonly id: string; readonly status: 'taken' }
  | { readonly id: string; readonly status: 'failed'; readonly fault: Fault };

export interface Appender<C = unknown> {
  readonly batchSize: number;
  /** The vendor takes no event that is older, ms. */
  readonly maxAgeMs?: number;
  /** What a second sending of one id does there. */
  readonly repeat: 'merges' | 'doubles';
  /** What an id must look like; tried on 32 hexadecimal digits, on a UUID, and on 18 decimal digits. Absent: anything. */
  readonly idPattern?: RegExp;
  /**
   * One receipt per event. `batch` was stored before; where an answer was lost it comes again to the letter, under the
   * same id, but for those events that `seen` names. Throws when no event was decided: `unavailable` says that they may
   * have arrived, every other fault that none did. One bad event spoils only itself. Sends nothing twice by itself
   * where `repeat` is `doubles`.
   */
  append(ctx: Context<C>, batch: Batch): Promise<Receipt[]>;
  /** Ids of those that have arrived, where the vendor can be asked. */
  seen?(ctx: Context<C>, events: readonly Appended[]): Promise<ReadonlySet<string>>;
}
