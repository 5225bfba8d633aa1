/** Credit of hubs from before it was kept in a row for each deal and model. */
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { CreditLine } from '../../src/store/contract/credits.ts';
import type { Session } from '../../src/store/database/session.ts';
import { up as pack } from '../../src/store/migrations/0016-packed-credit.ts';
import { byModel } from './credit-lines.ts';
import { onEachDatabase, start } from './databases.ts';

const line: CreditLine = {
  ...{ dealId: 'D', model: 'linear', touch: 't1', channel: 'Chat', time: start, share: 0.1 + 0.2 },
  ...{ amountMinor: 1_840_000_000_001, currency: 'USD', reason: 'one of three', version: 'rule' },
};
const told = {
  campaign: 'spring',
  source: 'google',
  medium: 'cpc',
  content: 'blue',
  topic: 'a\u0001b',
  bot: 'x',
};
const lines: CreditLine[] = [
  { ...line, model: 'hazard', version: 'f1', share: 1 / 3 },
  {
    ...line,
    ...told,
    model: 'hazard',
    version: 'f1',
    touch: 't2',
    time: start + 1,
    share: 0,
    reason: 'none',
  },
  {
    ...{ ...line, model: 'hazard', version: 'f1', touch: 'baseline', channel: 'baseline' },
    ...{ time: start + 2, share: 2 / 3, amountMinor: -3, reason: 'anyway' },
  },
  line,
  { ...line, ...told, touch: 't2', time: start + 1, share: 0.7 },
  // Of a time when nothing was kept of where touches came from.
  { ...line, model: 'old', touch: 't0', time: start - 1 },
  { ...line, dealId: 'E', currency: 'JPY', amountMinor: 0 },
];

/** The store as it was before. */
async function unpack({ db, dialect }: Session): Promise<void> {
  const { text, integer, real, table } = dialect.ddl;
  const texts = Object.keys(told).map((name) => `${name} ${text}`);
  const statements = [
    'drop table credit_model',
    'drop table credit_touches',
    `create table credit (
      deal_id ${text} not null, model ${text} not null, touch ${text} not null, channel ${text} not null,
      time ${integer} not null, share ${real} not null, amount_minor ${integer} not null, currency ${text} not null,
      reason ${text} not null, version ${text} not null, ${texts.join(', ')},
      primary key (deal_id, model, touch)) ${table}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
  for (const { dealId, amountMinor, ...rest } of lines) {
    const row = Object.entries({ deal_id: dealId, amount_minor: amountMinor, ...rest });
    const names = sql.join(row.map(([name]) => sql.ref(name)));
    await sql`insert into credit (${names}) values (${sql.join(row.map(([, value]) => value))})`.execute(db);
  }
}

onEachDatabase('credit that was kept line by line', (databases) => {
  it('is the same lines afterwards, and is replaced like any other', async () => {
    const place = await databases.place();
    const { database } = await databases.database(place);
    await database.write(async (session) => {
      await unpack(session);
      await pack(session);
    });
    const { credits } = await databases.store(place);
    const of = (deal: string) => lines.filter(({ dealId }) => dealId === deal);
    expect(await credits.ofDeal('D')).toEqual(of('D'));
    expect(await credits.ofDeal('E')).toEqual(of('E'));
    const after = { ...line, share: 1 };
    const computed = {
      dealId: 'D',
      at: start,
      endedAt: start,
      toldAt: null,
      rules: 'r',
      facts: null,
      written: 'w',
    };
    await credits.keep([{ ...computed, models: byModel([after]) }]);
    expect([await credits.ofDeal('D'), await credits.ofDeal('E')]).toEqual([[after], of('E')]);
  });
});
