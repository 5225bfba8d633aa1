import { expect, it } from 'vitest';
import { sideBySideCsv } from '../../src/cli/text/side-by-side.ts';
import type { SideBySide } from '../../src/reports/side-by-side.ts';

const table: SideBySide = {
  models: ['first', 'linear'].map((id) => ({ id, title: id, version: 'rule', conversions: null })),
  ...{ deals: 2, by: 'campaign', waiting: 0 },
  currencies: [
    {
      currency: 'JPY',
      total: { deals: 2, minor: 1_000 },
      rows: [
        {
          channel: 'spring, "blue"',
          byModel: { first: { deals: 200, minor: 1_000 }, linear: { deals: 150, minor: 750 } },
        },
        { channel: '=1+1', byModel: { linear: { deals: 50, minor: 250 } } },
      ],
    },
  ],
};

it('is a line for each row, with numbers that a spreadsheet can add up, and no formula', () => {
  expect(sideBySideCsv(table).split('\n')).toEqual([
    'currency,campaign,first deals,first amount,linear deals,linear amount',
    'JPY,"spring, ""blue""",2.00,1000,1.50,750',
    "JPY,'=1+1,0.00,0,0.50,250",
  ]);
});
