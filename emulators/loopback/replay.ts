/**
 * A stand-in of a vendor that holds nothing but what was recorded of it, so that the real connector can read it
 * again. Like an emulator it shares no code with its connector.
 */
import type { JsonObject } from '../../src/support/json.ts';
import type { LoopbackAnswer, LoopbackRequest } from './exchange.ts';
import { type Loopback, startLoopback } from './loopback.ts';
import type { Exchange } from './recording.ts';

export interface RecordedRow {
  /** The vendor's name of the object, as the connector's streams have it. */
  readonly object: string;
  readonly id: string;
  /** As recorded, without the vendor's envelope. */
  readonly body: JsonObject;
}

export interface ReplayDefinition {
  /** The connector that it stands in for. */
  readonly system: string;
  /** Whether an exchange was with this vendor: by host, path or the shape of its answer. */
  recognizes(exchange: Exchange): boolean;
  /**
   * Records as the vendor showed them, wherever they stand in the answer.
   *
   * @param object of rows that do not say what they are
   */
  recordsIn(exchange: Exchange, object?: string): RecordedRow[];
  /** Why no record was read of an exchange that has some, or may have; null where there is none. */
  notRead(exchange: Exchange): string | null;
  /** Two showings of one record, the later one second: what the vendor would show now. */
  merge(before: JsonObject, after: JsonObject): JsonObject;
  /** Puts in what the vendor always shows and the recording lacks; returns the names. */
  complete(row: RecordedRow): { readonly row: RecordedRow; readonly added: readonly string[] };
  /** Places in a row that the connector itself reads, so that a mapping need not. */
  readonly own: readonly string[];
  serve(rows: readonly RecordedRow[]): Promise<Replay>;
}

export interface Replay {
  readonly url: string;
  /** What an admin would put into `hub.yaml` to connect to it. */
  readonly config: JsonObject;
  close(): Promise<void>;
}

/** Loopback server of a replay. `answer` gives null for what was not recorded. */
export function serveReplay(answer: (request: LoopbackRequest) => LoopbackAnswer | null): Promise<Loopback> {
  const refuse = () => ({ status: 503 });
  return startLoopback({
    route: ({ method, path }) => ({ name: `${method} ${path}`, counted: true }),
    answer: (request) => answer(request) ?? { status: 404, json: { message: 'not recorded' } },
    vendorFaults: { throttle: refuse, dailyLimit: refuse, unauthorized: refuse },
  });
}
