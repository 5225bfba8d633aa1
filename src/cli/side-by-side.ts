/** All models side by side over the same deals, as a table. */
import { formatMoney } from '../support/money.ts';
import type { CurrencyTable, SideBySide } from '../sync/side-by-side.ts';

export function sideBySideText({ models, deals, waiting, currencies }: SideBySide): string {
  return [
    `${deals} deals. Of each model: deals, and their money.`,
    ...models.flatMap(({ id, title, version }) =>
      version === 'rule' ? [] : [`${id}: ${title}, fit ${version}`],
    ),
    ...(waiting > 0
      ? [
          `${waiting} deals wait to be credited again (\`hub sync\`, or the server): until then some credit is that of before.`,
        ]
      : []),
    ...currencies.flatMap((table) => ['', ...tableText(models, table)]),
  ].join('\n');
}

function tableText(models: SideBySide['models'], { currency, total, rows }: CurrencyTable): string[] {
  const cells = rows.map(({ channel, byModel }) => [
    channel,
    ...models.flatMap(({ id }) => {
      const { deals = 0, minor = 0 } = byModel[id] ?? {};
      return [(deals / 100).toFixed(2), formatMoney(minor, currency)];
    }),
  ]);
  const sums = [
    'total',
    ...models.flatMap(() => [total.deals.toFixed(2), formatMoney(total.minor, currency)]),
  ];
  return aligned([[currency, ...models.flatMap(({ id }) => [id, ''])], ...cells, sums]);
}

function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  );
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}
