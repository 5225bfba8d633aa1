/** All models side by side over the same deals, as a table. */

import { wordOf } from '../../attribution/names.ts';
import type { CurrencyTable, SideBySide } from '../../reports/side-by-side.ts';
import { csvText } from '../../support/csv.ts';
import { formatMoney, toDecimal } from '../../support/money.ts';

export function sideBySideText({ models, deals, by, waiting, currencies }: SideBySide): string {
  return [
    `${deals} deals by ${by}. Of each model: deals, and their money.`,
    ...models.flatMap(({ id, title, version }) =>
      version === 'rule' ? [] : [`${wordOf(id)}: ${title}, fit ${version}`],
    ),
    ...(waiting > 0
      ? [
          `${waiting} deals wait to be credited again (\`hub sync\`, or the server): until then some credit is that of before.`,
        ]
      : []),
    ...currencies.flatMap((table) => ['', ...tableText(models, table)]),
  ].join('\n');
}

/** A line for each row and currency; two columns a model. */
export function sideBySideCsv({ models, by, currencies }: SideBySide): string {
  const header = [
    'currency',
    by,
    ...models.flatMap(({ id }) => [`${wordOf(id)} deals`, `${wordOf(id)} amount`]),
  ];
  const lines = currencies.flatMap(({ currency, rows }) =>
    rows.map(({ channel, byModel }) => [
      ...[currency, channel],
      ...models.flatMap(({ id }) => {
        const { deals = 0, minor = 0 } = byModel[id] ?? {};
        return [(deals / 100).toFixed(2), toDecimal(minor, currency)];
      }),
    ]),
  );
  return csvText(header, lines);
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
  return aligned([[currency, ...models.flatMap(({ id }) => [wordOf(id), ''])], ...cells, sums]);
}

/** Columns of one width; the first begins, the others end in line. */
export function aligned(table: readonly (readonly string[])[]): string[] {
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
