/** The ledger of what is written once: what a system was sent stands here, for it cannot be read back. */
import type { JsonObject } from '../../support/json.ts';

/**
 * `sealed`: stored to leave, and certainly not there. `leaving`: it may have arrived. `sent`: it has. `late`: older than
 * the vendor takes. `nobody`: what it needs to know of its person or deal was not known in time. `refused`, `unknown` (no answer came, and a repeat would double it): a person has to be asked;
 * `asked`: they are.
 */
export type SentStatus = 'sealed' | 'leaving' | 'sent' | 'late' | 'nobody' | 'refused' | 'unknown' | 'asked';

export interface SentEvent {
  readonly connection: string;
  readonly object: string;
  /** Id of the canonical event. */
  readonly event: string;
  /** Of what is sent, or was. */
  readonly digest: string;
  readonly batch: string | null;
  readonly status: SentStatus;
  /** When that became so, ms. */
  readonly at: number;
  /** When an open batch is to go, ms. */
  readonly dueAt: number;
  /** What leaves, to the letter; null once it is known to have arrived, or a person is asked. */
  readonly content: SealedContent | null;
  readonly fault: { readonly code: string; readonly message: string } | null;
}

export interface SealedContent {
  readonly id: string;
  readonly at: number;
  readonly body: JsonObject;
}

export interface Sent {
  /** In the place of what stood there under the same connection, object and event. */
  put(events: readonly SentEvent[]): Promise<void>;
  /** As if the system had never been told of them. */
  forget(connection: string, object: string, events: readonly string[]): Promise<void>;
  /** Those of these events of which the system was told, or is about to be. */
  of(connection: string, object: string, events: readonly string[]): Promise<SentEvent[]>;
  /** Of batches that are sealed or leaving and due, in the order of batches and of events in them. */
  open(connection: string, now: number): Promise<SentEvent[]>;
  /** How many there are of each status, by object. */
  counts(connection: string): Promise<{ object: string; status: SentStatus; events: number }[]>;
}
