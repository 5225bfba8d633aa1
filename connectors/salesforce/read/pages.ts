/** The pages of one reading, by whatever way Salesforce still grants: cursor, query, or a query of a shorter span. */
import type { Context } from '../../../src/connector/contract/context.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { SalesforceConfig } from '../config.ts';
import type { HubConnection } from '../wire/connection.ts';
import type { Target } from '../wire/objects.ts';
import { pageAt, type QueryPage, queryAll } from '../wire/query.ts';
import { withReadableFields } from '../wire/selection.ts';
import { instant, type Start, select, startingAt } from '../wire/soql.ts';
import type { PullState } from './checkpoint.ts';

const shortestSpanMs = 60_000;
/** No org is older. */
const beginning = Date.UTC(1999, 0, 1);

export class Pages {
  readonly #ctx: Context<SalesforceConfig>;
  readonly #connection: HubConnection;
  readonly #target: Target;
  /** A query over more time than this takes too long here. */
  #spanMs = Number.POSITIVE_INFINITY;
  /** Where the span that is being read ends; null when it has no end. */
  #until: number | null = null;
  /** When the query that the present page belongs to was asked; its rows are as of then, or later. */
  #askedAt: number | undefined;

  constructor(ctx: Context<SalesforceConfig>, connection: HubConnection, target: Target) {
    this.#ctx = ctx;
    this.#connection = connection;
    this.#target = target;
  }

  get askedAt(): number | undefined {
    return this.#askedAt;
  }

  async first(before: PullState | null): Promise<QueryPage> {
    this.#askedAt = before?.readAt;
    const resumed = before?.cursor ? await this.#byCursor(before.cursor) : null;
    return resumed ?? this.#from(before?.from ?? null);
  }

  isLast(page: QueryPage): boolean {
    return page.next === null && this.#until === null;
  }

  /** The page after one that is not the last; `last` is the last row so far. */
  async after({ next }: QueryPage, last: Start | null): Promise<QueryPage> {
    const followed = next === null ? null : await this.#byCursor(next);
    if (followed !== null) return followed;
    return this.#from(next === null && this.#until !== null ? { at: this.#until } : last);
  }

  /** Null when the cursor does not work any more: it lives two days, and an org keeps only so many of them. */
  async #byCursor(cursor: string): Promise<QueryPage | null> {
    try {
      return await pageAt(this.#connection, cursor);
    } catch (error) {
      if (error instanceof Fault && (error.kind === 'expired' || error.kind === 'rejected')) return null;
      throw error;
    }
  }

  /** Salesforce gives a query two minutes. One that needs more is asked again over half the time. */
  async #from(start: Start | null): Promise<QueryPage> {
    const { vendorClock, log } = this.#ctx;
    const at = start?.at ?? beginning;
    for (;;) {
      const until = at + this.#spanMs > vendorClock.now() ? null : at + this.#spanMs;
      try {
        const page = await this.#query(start, until);
        this.#until = until;
        this.#askedAt = this.#connection.askedAt;
        return page;
      } catch (error) {
        const spanMs = Math.min(this.#spanMs, vendorClock.now() - at) / 2;
        const tooLong = error instanceof Fault && error.code === 'QUERY_TIMEOUT' && spanMs >= shortestSpanMs;
        if (!tooLong) throw error;
        this.#spanMs = spanMs;
        log.info(
          { object: this.#target.object, days: spanMs / 86_400_000 },
          'a query took too long; reading by spans of time',
        );
      }
    }
  }

  #query(start: Start | null, until: number | null): Promise<QueryPage> {
    return withReadableFields(this.#ctx, this.#connection, this.#target, (fields) =>
      queryAll(this.#connection, inOrder(this.#target, fields, start, until)),
    );
  }
}

/** The query of a reading: what changed from `start` on, before `until`; null: all there is. */
export function inOrder(
  { object, spec }: Target,
  fields: readonly string[],
  start: Start | null,
  until: number | null = null,
): string {
  const from = start === null ? [] : [startingAt(spec.stamp, start)];
  const to = until === null ? [] : [`${spec.stamp} < ${instant(until)}`];
  const where = [...from, ...to].join(' AND ') || undefined;
  return select({ fields, from: object, where, orderBy: [spec.stamp, 'Id'] });
}
