/** An answer that is not a success, named by what the hub does next. */
export type FaultKind =
  /** Wait `retryAfterMs`, then repeat. A spent daily quota is this with a long wait. */
  | 'throttled'
  /** The vendor is down or the answer was lost; repeat with backoff if repeating is harmless. */
  | 'unavailable'
  /** The token is dead or a permission is missing: refresh once, then tell the admin. */
  | 'unauthorized'
  /** This record or request is wrong and will stay wrong: park it with the vendor's words. */
  | 'rejected'
  /**
   * The object may not be read, is switched off, or is not in this account: leave it alone, tell the admin what to
   * do, look again now and then. Said by streams only; everything else goes on.
   */
  | 'absent'
  /** The record changed under us or exists already: re-read it, then decide again. */
  | 'conflict'
  /** A checkpoint, cursor or job is gone: fall back to a bounded re-read. */
  | 'expired';

export interface FaultDetails {
  /** The vendor's own code, for the parked list and for tests. */
  readonly code?: string;
  readonly field?: string;
  /** All fields that the refusal is about, where it names several. */
  readonly fields?: readonly string[];
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** For `conflict`: the record that is in the way. */
  readonly existingId?: string;
  /** The request certainly never reached the vendor, so that even a write may be sent again. */
  readonly unsent?: true;
  readonly cause?: unknown;
}

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: FaultKind;
  readonly code: string | undefined;
  readonly field: string | undefined;
  readonly fields: readonly string[];
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly existingId: string | undefined;
  readonly unsent: boolean;
  /** Whose call it was, as far as it came of one: told by the open connection. */
  connection: string | undefined;

  constructor(kind: FaultKind, message: string, details: FaultDetails = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.code = details.code;
    this.fields = details.fields ?? (details.field === undefined ? [] : [details.field]);
    this.field = details.field ?? this.fields[0];
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.existingId = details.existingId;
    this.unsent = details.unsent ?? false;
  }
}
