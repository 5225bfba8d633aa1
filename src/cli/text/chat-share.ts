/** The chatbot's share of what was won, under each model: the one table that a sceptic asks for. */

import { wordOf } from '../../attribution/names.ts';
import type { CurrencyTable, SideBySide } from '../../reports/side-by-side.ts';
import { formatMoney } from '../../support/money.ts';

export interface ChatShare {
  readonly model: string;
  /** Part of the won deals, 0 to 1; each deal counts the same. Null: of too few deals to say. */
  readonly ofDeals: number | null;
  /** Part of the money, 0 to 1, by currency; amounts of two currencies are not added up. Null as above. */
  readonly ofRevenue: Readonly<Record<string, number | null>>;
}

/** Of three deals, a rule that knows one touch says 0, 33 or 100 %: a number about chance, not about the chatbot. */
const leastDeals = 10;

const channel = 'Chat';

/** One for each model that has credited these deals. `won`: by channel. */
function chatShares({ models, deals, currencies }: SideBySide): ChatShare[] {
  return models.map(({ id }) => {
    const counted = currencies.map((table) => ofChat(table, id).deals / 100);
    return {
      model: id,
      ofDeals: part(sum(counted), deals, deals),
      ofRevenue: Object.fromEntries(
        currencies.map((table) => [
          table.currency,
          part(ofChat(table, id).minor, table.total.minor, table.total.deals),
        ]),
      ),
    };
  });
}

export function chatShareText(won: SideBySide): string[] {
  const header = [
    `${won.deals} won deals`,
    ...won.currencies.map(({ currency, total }) => formatMoney(total.minor, currency)),
  ];
  const rows = chatShares(won).map(({ model, ofDeals, ofRevenue }) =>
    line(`  ${wordOf(model)}`, [ofDeals, ...Object.values(ofRevenue)].map(percent)),
  );
  const few = [won.deals, ...won.currencies.map(({ total }) => total.deals)].some(
    (deals) => deals < leastDeals,
  );
  return [
    line("The chatbot's share of what was won", header),
    ...rows,
    ...(few
      ? [`  (–: fewer than ${leastDeals} won deals in that currency, of which a share says nothing)`]
      : []),
    ...fittedTo(won).map((note) => `  (${note})`),
  ];
}

/** Why a model that comes from data names another number of won deals than the table. */
function fittedTo({ models, deals }: SideBySide): string[] {
  return models.flatMap(({ id, conversions }) =>
    conversions === null || conversions === deals
      ? []
      : [
          `${wordOf(id)}: learnt from ${conversions} won deals, those with a touch of their people in the days that a fit looks at`,
        ],
  );
}

function line(name: string, cells: readonly string[]): string {
  return [name.padEnd(36), ...cells.map((cell) => cell.padStart(18))].join('').trimEnd();
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

function ofChat({ rows }: CurrencyTable, model: string): { readonly deals: number; readonly minor: number } {
  return rows.find((row) => row.channel === channel)?.byModel[model] ?? { deals: 0, minor: 0 };
}

function part(some: number, all: number, deals: number): number | null {
  if (deals < leastDeals) return null;
  return all === 0 ? 0 : some / all;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
