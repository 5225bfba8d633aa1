/** Who is credited with how much of each deal. */
import { sql } from 'kysely';
import type {
  Computation,
  CreditGroup,
  CreditLine,
  Credits,
  CreditTotal,
  KeptComputation,
  UnchangedSince,
} from '../contract/credits.ts';
import type { Database } from '../database/database.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import {
  changedModels,
  computationsOf,
  computedBy,
  forget,
  lastOf,
  note,
  type Told,
  toldOf,
} from './computations.ts';

const noneIs: UnchangedSince = async () => new Set();

export class SqlCredits implements Credits {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async keep(computed: readonly Computation[], unchanged: UnchangedSince = noneIs): Promise<void> {
    await this.#database.write(async (session) => {
      const last = await lastOf(
        session,
        computed.map(({ dealId }) => dealId),
      );
      const told = await toldOf(computed, last, unchanged);
      await rewrite(session, told);
      await note(session, told, last);
      await replaceDue(session, computed);
    });
  }

  async isDue(at: number): Promise<boolean> {
    const query = this.#database.read.db.selectFrom('due').select('deal_id').where('at', '<=', at).limit(1);
    return (await query.executeTakeFirst()) !== undefined;
  }

  takeDue(at: number): Promise<string[]> {
    return this.#database.write(async ({ db }) => {
      const rows = await db.deleteFrom('due').where('at', '<=', at).returning('deal_id').execute();
      return rows.map(({ deal_id }) => deal_id);
    });
  }

  computedBy(dealId: string, at: number): Promise<KeptComputation | null> {
    return computedBy(this.#database.read, dealId, at);
  }

  computations(dealId: string): Promise<KeptComputation[]> {
    return computationsOf(this.#database.read, dealId);
  }

  forget(refs: readonly string[]): Promise<string[]> {
    return this.#database.write((session) => forget(session, refs));
  }

  async ofDeal(dealId: string): Promise<CreditLine[]> {
    const query = this.#database.read.db.selectFrom('credit').selectAll().where('deal_id', '=', dealId);
    return (await query.orderBy('model').orderBy('time').orderBy('touch').execute()).map(lineOf);
  }

  async totals(dealIds: readonly string[], by: CreditGroup = 'channel'): Promise<CreditTotal[]> {
    const { read } = this.#database;
    // What would have happened anyway came through nothing, whatever it is grouped by.
    const group =
      by === 'channel' ? sql.ref(by) : sql`case when touch = 'baseline' then touch else ${sql.ref(by)} end`;
    const rows = await read.all(sql<Row<'credit'> & { readonly told: string | null }>`
      select model, ${group} as told, currency, sum(share) as share, sum(amount_minor) as amount_minor
      from credit where ${read.among('deal_id', dealIds)}
      group by 1, 2, 3 order by 1, 2, 3`);
    return rows.map(({ model, told, share, amount_minor, currency }) => ({
      ...{ model, channel: told, share, currency },
      amountMinor: amount_minor,
    }));
  }
}

async function replaceDue(session: Session, computed: readonly Computation[]): Promise<void> {
  const ids = computed.map(({ dealId }) => dealId);
  await session.remove('due', 'deal_id', ids);
  const rows = computed.flatMap(({ dealId, dueAt }) =>
    typeof dueAt !== 'number' ? [] : [{ deal_id: dealId, at: dueAt }],
  );
  await session.insert('due', rows);
}

/** Most of what is computed again comes out the same: only models whose lines differ are written. */
async function rewrite(session: Session, told: readonly Told[]): Promise<void> {
  const unknown = told.filter(({ before }) => before === null).map(({ one }) => one.dealId);
  const changes = told.map(({ one, digests, before }) => ({
    one,
    models: new Set(changedModels(before ?? {}, digests)),
  }));
  await session.remove('credit', 'deal_id', unknown);
  const old = changes.flatMap(({ one, models }) => [...models].map((model) => [one.dealId, model]));
  const gone = session.dialect.rows('gone', { deal_id: 'text', model: 'text' }, old);
  await session.run(
    sql`delete from credit where (deal_id, model) in (select gone.deal_id, gone.model from ${gone})`,
  );
  await session.insert(
    'credit',
    changes.flatMap(({ one, models }) =>
      one.models.flatMap((own) => (models.has(own.model) ? own.lines().map(rowOf) : [])),
    ),
  );
}

const untold = { campaign: null, source: null, medium: null, content: null, topic: null, bot: null };

function rowOf({ dealId, amountMinor, ...line }: CreditLine): Row<'credit'> {
  return { ...untold, deal_id: dealId, amount_minor: amountMinor, ...line };
}

function lineOf(row: Row<'credit'>): CreditLine {
  const { deal_id, amount_minor, campaign, source, medium, content, topic, bot, ...line } = row;
  const told = Object.entries({ campaign, source, medium, content, topic, bot });
  return {
    ...{ dealId: deal_id, amountMinor: amount_minor, ...line },
    ...Object.fromEntries(told.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
  };
}
