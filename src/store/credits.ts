/** Who is credited with how much of each deal. */
import { sql } from 'kysely';
import type { CreditLine, Credits } from './contract.ts';
import type { Database } from './database.ts';
import type { Row } from './tables.ts';

type Totals = Awaited<ReturnType<Credits['totals']>>;

export class SqlCredits implements Credits {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async replace(dealIds: readonly string[], lines: readonly CreditLine[]): Promise<void> {
    await this.#database.write(async (session) => {
      await session.remove('credit', 'deal_id', dealIds);
      await session.upsert('credit', lines.map(rowOf));
    });
  }

  async ofDeal(dealId: string): Promise<CreditLine[]> {
    const query = this.#database.read.db.selectFrom('credit').selectAll().where('deal_id', '=', dealId);
    return (await query.orderBy('model').orderBy('time').orderBy('touch').execute()).map(lineOf);
  }

  async totals(): Promise<Totals> {
    const rows = await this.#database.read.all(sql<Row<'credit'> & { deals: number }>`
      select model, channel, currency, sum(share) as share, sum(amount_minor) as amount_minor, count(distinct deal_id) as deals
      from credit group by model, channel, currency order by model, channel, currency`);
    return rows.map(({ model, channel, share, amount_minor, currency, deals }) => ({
      model,
      channel,
      share,
      amountMinor: amount_minor,
      currency,
      deals,
    }));
  }
}

function rowOf({ dealId, amountMinor, ...line }: CreditLine): Row<'credit'> {
  return { deal_id: dealId, amount_minor: amountMinor, ...line };
}

function lineOf({ deal_id, amount_minor, ...line }: Row<'credit'>): CreditLine {
  return { dealId: deal_id, amountMinor: amount_minor, ...line };
}
