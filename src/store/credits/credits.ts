/** Who is credited with how much of each deal. */
import { sql } from 'kysely';
import { eachInBreaths } from '../../support/breath.ts';
import type {
  Computation,
  CreditGroup,
  CreditLine,
  Credits,
  CreditTotal,
  KeptComputation,
  LastCredit,
  UnchangedSince,
} from '../contract/credits.ts';
import type { Database } from '../database/database.ts';
import type { Session } from '../database/session.ts';
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
import { linesOf } from './lines.ts';
import { packedOf } from './packed.ts';
import { creditOf, Sums } from './reading.ts';

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

  async lastOf(dealIds: readonly string[]): Promise<Map<string, LastCredit>> {
    const { read } = this.#database;
    const rows = await read.all(sql<LastCredit & { readonly id: string }>`
      select deal_id as id, max(at) as at, coalesce(
        (select max(number) from credit_touches where credit_touches.deal_id = computation.deal_id), 0) as touches
      from computation where ${read.among('deal_id', dealIds)} group by deal_id`);
    return new Map(rows.map(({ id, at, touches }) => [id, { at, touches }]));
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
    const models = await creditOf(this.#database.read, [dealId]);
    return models.flatMap(({ model, given }) => linesOf(dealId, model, given).sort(inTime));
  }

  async totals(dealIds: readonly string[], by: CreditGroup = 'channel'): Promise<CreditTotal[]> {
    const sums = new Sums(by);
    for (let start = 0; start < dealIds.length; start += dealsAtOnce) {
      const some = dealIds.slice(start, start + dealsAtOnce);
      await eachInBreaths(await creditOf(this.#database.read, some), (one) => sums.add(one));
    }
    return sums.totals();
  }
}

/** Bounds the memory that their lines take. */
const dealsAtOnce = 500;

function inTime(a: CreditLine, b: CreditLine): number {
  return a.time - b.time || (a.touch < b.touch ? -1 : 1);
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
  await session.remove('credit_model', 'deal_id', unknown);
  const changes = told.flatMap(({ one, digests, before }) => {
    const models = new Set(changedModels(before ?? {}, digests));
    return models.size === 0 ? [] : [{ dealId: one.dealId, models, of: one.models }];
  });
  const packed = await eachInBreaths(changes, ({ dealId, models, of }) =>
    packedOf(
      dealId,
      of.filter(({ model }) => models.has(model)),
    ),
  );
  const present = new Map(packed.map((one, index) => [changes[index]?.dealId, one]));
  const ended = changes.flatMap(({ dealId, models }) => {
    const kept = new Set(present.get(dealId)?.models.map(({ model }) => model));
    return [...models].flatMap((model) => (kept.has(model) ? [] : [[dealId, model]]));
  });
  await removeModels(session, ended);
  await session.insert(
    'credit_touches',
    packed.flatMap(({ touches }) => touches),
  );
  await session.upsert(
    'credit_model',
    packed.flatMap(({ models }) => models),
  );
  await removeTouches(session, [...unknown, ...changes.map(({ dealId }) => dealId)]);
}

async function removeModels(session: Session, ended: readonly (readonly string[])[]): Promise<void> {
  if (ended.length === 0) return;
  const gone = session.dialect.rows('gone', { deal_id: 'text', model: 'text' }, ended);
  await session.run(
    sql`delete from credit_model where (deal_id, model) in (select gone.deal_id, gone.model from ${gone})`,
  );
}

/** Those that no model's row names any more. */
async function removeTouches(session: Session, dealIds: readonly string[]): Promise<void> {
  if (dealIds.length === 0) return;
  await session.run(sql`delete from credit_touches where ${session.among('deal_id', dealIds)}
    and not exists (select 1 from credit_model
      where credit_model.deal_id = credit_touches.deal_id and credit_model.touches = credit_touches.hash)`);
}
