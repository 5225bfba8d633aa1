/** The chatbot's share of what was won, under each model: the one table that a sceptic asks for. */

import { wordOf } from '../../attribution/names.ts';
import type { CurrencyTable, SideBySide } from '../../reports/side-by-side.ts';
import { formatMoney } from '../../support/money.ts';

export interface ChatShare {
  readonly model: string;
  /** Part of the won deals, 0 to 1; each deal counts the same. */
  readonly ofDeals: number;
  /** Part of the money, 0 to 1, by currency; amounts of two currencies are not added up. */
  readonly ofRevenue: Readonly<Record<string, number>>;
}

const channel = 'Chat';

/** One for each model that has credited these deals. `won`: by channel. */
function chatShares({ models, deals, currencies }: SideBySide): ChatShare[] {
  return models.map(({ id }) => {
    const counted = currencies.map((table) => ofChat(table, id).deals / 100);
    return {
      model: id,
      ofDeals: part(sum(counted), deals),
      ofRevenue: Object.fromEntries(
        currencies.map((table) => [table.currency, part(ofChat(table, id).minor, table.total.minor)]),
      ),
    };
  });
}

export function chatShareText(won: SideBySide): string[] {
  const header = [
    `${won.deals} deals`,
    ...won.currencies.map(({ currency, total }) => formatMoney(total.minor, currency)),
  ];
  const rows = chatShares(won).map(({ model, ofDeals, ofRevenue }) =>
    line(`  ${wordOf(model)}`, [ofDeals, ...Object.values(ofRevenue)].map(percent)),
  );
  return [line("The chatbot's share of what was won", header), ...rows];
}

function line(name: string, cells: readonly string[]): string {
  return [name.padEnd(36), ...cells.map((cell) => cell.padStart(18))].join('').trimEnd();
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function ofChat({ rows }: CurrencyTable, model: string): { readonly deals: number; readonly minor: number } {
  return rows.find((row) => row.channel === channel)?.byModel[model] ?? { deals: 0, minor: 0 };
}

function part(some: number, all: number): number {
  return all === 0 ? 0 : some / all;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
