/** Who is credited with how much of each deal. */
import { sql } from 'kysely';
import { changedModels, computedBy, type Digests, digestsOf, forget, lastOf, note } from './computations.ts';
import type { ChannelTotal, Computation, CreditLine, Credits, KeptComputation } from './contract.ts';
import type { Database } from './database.ts';
import { fromJson } from './json.ts';
import type { Session } from './session.ts';
import type { Row } from './tables.ts';

export class SqlCredits implements Credits {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async keep(computed: readonly Computation[]): Promise<void> {
    await this.#database.write(async (session) => {
      const last = await lastOf(
        session,
        computed.map(({ dealId }) => dealId),
      );
      const told = computed.map((one) => ({ one, digests: digestsOf(one.lines, one.written) }));
      await rewrite(
        session,
        told.map(({ one, digests }) => ({ one, digests, before: last.get(one.dealId)?.digests ?? null })),
      );
      await note(session, told, last);
    });
  }

  computedBy(dealId: string, at: number): Promise<KeptComputation | null> {
    return computedBy(this.#database.read, dealId, at);
  }

  forget(refs: readonly string[]): Promise<string[]> {
    return this.#database.write((session) => forget(session, refs));
  }

  async ofDeal(dealId: string): Promise<CreditLine[]> {
    const query = this.#database.read.db.selectFrom('credit').selectAll().where('deal_id', '=', dealId);
    return (await query.orderBy('model').orderBy('time').orderBy('touch').execute()).map(lineOf);
  }

  async totals(dealIds: readonly string[]): Promise<ChannelTotal[]> {
    const { read } = this.#database;
    const rows = await read.all(sql<Row<'credit'>>`
      select model, channel, currency, sum(share) as share, sum(amount_minor) as amount_minor
      from credit where ${read.among('deal_id', dealIds)}
      group by model, channel, currency order by model, channel, currency`);
    return rows.map(({ model, channel, share, amount_minor, currency }) => ({
      ...{ model, channel, share, currency },
      amountMinor: amount_minor,
    }));
  }
}

interface Told {
  readonly one: Computation;
  readonly digests: Digests;
  /** Of the lines that are there; null: not known. */
  readonly before: string | null;
}

/** Most of what is computed again comes out the same: only models whose lines differ are written. */
async function rewrite(session: Session, told: readonly Told[]): Promise<void> {
  const unknown = told.filter(({ before }) => before === null).map(({ one }) => one.dealId);
  const changes = told.map(({ one, digests, before }) => ({
    one,
    models: new Set(changedModels(before === null ? {} : fromJson<Digests>(before), digests)),
  }));
  await session.remove('credit', 'deal_id', unknown);
  const old = changes.flatMap(({ one, models }) => [...models].map((model) => [one.dealId, model]));
  const gone = session.dialect.rows('gone', { deal_id: 'text', model: 'text' }, old);
  await session.run(
    sql`delete from credit where (deal_id, model) in (select gone.deal_id, gone.model from ${gone})`,
  );
  await session.insert(
    'credit',
    changes.flatMap(({ one, models }) => one.lines.filter(({ model }) => models.has(model)).map(rowOf)),
  );
}

function rowOf({ dealId, amountMinor, ...line }: CreditLine): Row<'credit'> {
  return { deal_id: dealId, amount_minor: amountMinor, ...line };
}

function lineOf({ deal_id, amount_minor, ...line }: Row<'credit'>): CreditLine {
  return { dealId: deal_id, amountMinor: amount_minor, ...line };
}
