/**
 * What a connector is. A connector is an object, not a class tree; every ability is an optional member,
 * and its absence is the capability flag. A connector speaks its vendor's language only: records,
 * checkpoints, writes, faults. It knows nothing of people, deals, credit, SQL or mappings.
 *
 * Members are declared as methods on purpose: method parameters are bivariant, so a `Connector<MyConfig>`
 * stands wherever a `Connector` is asked for, and the hub hands each one the config that its schema parsed.
 */
import type { ZodType } from 'zod';
import type { Fault } from '../fault.ts';
import type { Asked, HttpResponse } from '../http.ts';
import type { Appender } from './appending.ts';
import type { Context } from './context.ts';
import type { Fields } from './fields.ts';
import type { Files } from './files.ts';
import type { Limits } from './limits.ts';
import type { Pages } from './pages.ts';
import type { Stream, StreamPosition } from './reading.ts';
import type { Auth, CheckResult, OwnCurrency, Token } from './sign-in.ts';
import type { Webhooks } from './webhooks.ts';
import type { Sink } from './writing.ts';

export interface Connector<C = unknown> {
  /** Short lower-case name of the system, as in `mappings/<id>.yaml`: `salesforce`. */
  readonly id: string;
  readonly title: string;
  /** What an admin fills in. Every field carries `.meta({ label, help, example, secret })`. */
  readonly config: ZodType<C>;
  readonly auth: Auth<C>;
  limits(config: C): Limits;
  /** Where relative URLs of `Http.send` start; a token may carry its own base (Salesforce `instance_url`). */
  baseUrl(config: C, token: Token | null): string;
  /** Names what the hub does next about an answer that is not a success; null when it is one. */
  fault(answer: HttpResponse, asked: Asked): Fault | null;
  /** The cheapest call that proves the credentials. Throws `unauthorized`; lists missing permissions. */
  check(ctx: Context<C>): Promise<CheckResult>;
  /** The currency that the account itself is in. Absent: it does not say. */
  currency?(ctx: Context<C>): Promise<OwnCurrency>;
  /** Readable kinds of record, keyed by the vendor's object name. Order is the order of a backfill. */
  readonly streams?: Readonly<Record<string, Stream<C>>>;
  /**
   * Names those of several streams that may have news, in fewer calls than a pull of each would take. A stream
   * that has news is always named; so is one that cannot be judged this way. Reads nothing into the hub.
   */
  poll?(ctx: Context<C>, standing: readonly StreamPosition[]): Promise<ReadonlySet<string>>;
  /** Writable kinds of record, keyed by the vendor's object name. */
  sink?(object: string): Sink<C> | undefined;
  /** Kinds of what is written once and not read back (events), keyed by the vendor's name for them. */
  appender?(object: string): Appender<C> | undefined;
  readonly webhooks?: Webhooks<C>;
  readonly fields?: Fields<C>;
  readonly files?: Files;
  readonly pages?: Pages<C>;
}
