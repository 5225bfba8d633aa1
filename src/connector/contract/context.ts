/** What every member of a connector is handed: who it is, and the hub's services. */
import type { Clock } from '../../support/clock.ts';
import type { JsonObject } from '../../support/json.ts';
import type { Log } from '../../support/log.ts';
import type { Http } from '../http.ts';

export interface Context<C = unknown> {
  /** The connection's name in `config/hub.yaml`; goes into every log line and error. */
  readonly connection: string;
  readonly config: C;
  /** The hub's one policy: pacing, retry, time-outs, token refresh. SDKs are run through it. */
  readonly http: Http;
  /** The hub's own: for waiting and for measuring how long something took. It may be wrong, and may jump. */
  readonly clock: Clock;
  /** The vendor's, by the Date headers of its answers: all that is compared with what the vendor stamps. */
  readonly vendorClock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** What `grant` left in `Token.extra` (own user id, scopes), signing in first if need be; never the token. */
  identity(): Promise<JsonObject>;
}
