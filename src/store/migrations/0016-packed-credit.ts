/**
 * Credit in one row for each deal and model instead of one for each touch: see `packed.ts`. What is there is put
 * together anew, so that nothing has to be computed again. Both tables split by `deal_id`.
 */
import { sql } from 'kysely';
import type { CreditTouch, GivenCredit } from '../contract/credits.ts';
import { baselineTouch } from '../credits/lines.ts';
import { packedOf } from '../credits/packed.ts';
import type { Cell } from '../database/dialect.ts';
import type { Session } from '../database/session.ts';
import type { ColumnType } from '../database/tables.ts';

const touchColumns = { deal_id: 'text', hash: 'text', number: 'integer', body: 'text' } as const;
const modelColumns = {
  deal_id: 'text',
  model: 'text',
  version: 'text',
  currency: 'text',
  touches: 'text',
  body: 'text',
} as const;

export async function up(session: Session): Promise<void> {
  const { db, dialect } = session;
  const { text, integer, table } = dialect.ddl;
  const statements = [
    `create table credit_touches (
      deal_id ${text} not null, hash ${text} not null, number ${integer} not null, body ${text} not null,
      primary key (deal_id, hash)) ${table}`,
    `create table credit_model (
      deal_id ${text} not null, model ${text} not null, version ${text} not null, currency ${text} not null,
      touches ${text} not null, body ${text} not null, primary key (deal_id, model)) ${table}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
  await moveLines(session);
  await sql.raw('drop table credit').execute(db);
}

type OldLine = Readonly<Record<string, string | number | null>>;
const dealsAtOnce = 200;

async function moveLines(session: Session): Promise<void> {
  for (let after = ''; ; ) {
    const deals = await session.all(sql<{ id: string }>`
      select distinct deal_id as id from credit where deal_id > ${after} order by deal_id limit ${dealsAtOnce}`);
    const last = deals.at(-1)?.id;
    if (last === undefined) return;
    const old = await session.all(sql<OldLine>`
      select * from credit where deal_id > ${after} and deal_id <= ${last} order by deal_id, model, time, touch`);
    const packed = [...Map.groupBy(old, ({ deal_id }) => String(deal_id))].map(([dealId, lines]) => {
      const byModel = Map.groupBy(lines, ({ model }) => String(model));
      const models = [...byModel].map(([model, own]) => ({ model, given: () => givenOf(own) }));
      return packedOf(dealId, models);
    });
    const touches = packed.flatMap((one) => one.touches);
    const models = packed.flatMap((one) => one.models);
    await insert(session, 'credit_touches', touchColumns, touches);
    await insert(session, 'credit_model', modelColumns, models);
    after = last;
  }
}

function givenOf(lines: readonly OldLine[]): GivenCredit {
  const own = lines.filter(({ touch }) => touch !== baselineTouch);
  const baseline = lines.find(({ touch }) => touch === baselineTouch);
  return {
    version: String(lines[0]?.version),
    currency: String(lines[0]?.currency),
    touches: own.map(touchOf),
    ...{ shares: own.map(({ share }) => Number(share)), minors: own.map(minorOf) },
    reason: (index) => String(own[index]?.reason),
    baseline: baseline
      ? {
          ...{ time: Number(baseline.time), share: Number(baseline.share), minor: minorOf(baseline) },
          reason: String(baseline.reason),
        }
      : null,
  };
}

function minorOf({ amount_minor }: OldLine): number {
  return Number(amount_minor);
}

function touchOf({
  touch,
  channel,
  time,
  campaign,
  source,
  medium,
  content,
  topic,
  bot,
}: OldLine): CreditTouch {
  const told = Object.entries({ campaign, source, medium, content, topic, bot });
  return {
    ...{ touch: String(touch), channel: String(channel), time: Number(time) },
    ...Object.fromEntries(told.filter(([, value]) => typeof value === 'string')),
  };
}

const rowsAtOnce = 500;

/** By the columns of this step, whatever the tables become later. */
async function insert(
  { db, dialect }: Session,
  table: string,
  columns: Readonly<Record<string, ColumnType>>,
  rows: readonly Readonly<Record<string, Cell>>[],
): Promise<void> {
  const cells = rows.map((row) => Object.keys(columns).map((name) => row[name] ?? null));
  for (let start = 0; start < cells.length; start += rowsAtOnce)
    await dialect.insert(db, table, columns, cells.slice(start, start + rowsAtOnce), sql``);
}
