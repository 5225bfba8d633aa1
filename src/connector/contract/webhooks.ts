/** What a vendor sends by itself. */
import type { Clock } from '../../support/clock.ts';
import type { VendorRecord } from './reading.ts';

export interface WebhookRequest {
  readonly method: string;
  /** The public URL that was called, scheme and host included: signatures cover it. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type Verdict =
  | { readonly accepted: true; readonly replayKey: string }
  | { readonly accepted: false; readonly status: 400 | 401 | 403 | 413; readonly reason: string };

/** What a webhook named: re-read it. Without an id it is the whole stream that has news, or the part of it. */
export interface Change {
  readonly object: string;
  readonly id?: string;
  /** Only where there is no id, of a stream that has parts. */
  readonly part?: string;
}

export interface Delivery {
  readonly changes: readonly Change[];
  /** Whole records, for senders that are the only source of what they send (chat events). */
  readonly records: readonly VendorRecord[];
  /** Events of kinds that this connector does not follow; counted, not an error. */
  readonly ignored?: number;
}

export interface WebhookContext<C = unknown> {
  readonly config: C;
  /** The vendor's, as far as it has told the time: the hub's may be wrong. */
  readonly clock: Pick<Clock, 'now'>;
}

/** What is known of a delivery before its body is read. */
export type WebhookHead = Omit<WebhookRequest, 'body'>;
export type Refusal = Extract<Verdict, { readonly accepted: false }>;

export interface Webhooks<C = unknown> {
  /** The largest body that this sender sends; absent: the hub's own limit. */
  readonly maxBytes?: number;
  /** Refuses what no body could make acceptable, before the body is read. Never throws. */
  admit?(ctx: WebhookContext<C>, head: WebhookHead): Refusal | null;
  /** Raw bytes, constant-time comparison, age limit. Never throws. */
  verify(ctx: WebhookContext<C>, request: WebhookRequest): Verdict;
  /** Only names what changed. Throws `rejected` for a body that is not of the vendor's shape. */
  parse(ctx: WebhookContext<C>, request: WebhookRequest): Delivery;
  /** What the sender wants to hear; an empty 200 otherwise. */
  reply?(): { readonly contentType: string; readonly body: string };
}
