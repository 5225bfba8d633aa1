import { expect, it } from 'vitest';
import { chatShareText } from '../../src/cli/text/chat-share.ts';
import type { CurrencyTable, SideBySide } from '../../src/reports/side-by-side.ts';

function table(currency: string, deals: number): CurrencyTable {
  const byModel = { first: { deals: 100, minor: 2_500 }, hazard: { deals: 50, minor: 1_000 } };
  return { currency, total: { deals, minor: 10_000 }, rows: [{ channel: 'Chat', byModel }] };
}

function told(...currencies: CurrencyTable[]): string[] {
  return toldBy(null, ...currencies);
}

/** @param conversions that the data-driven model was fitted to; null: as many as there are */
function toldBy(conversions: number | null, ...currencies: CurrencyTable[]): string[] {
  const deals = currencies.reduce((sum, { total }) => sum + total.deals, 0);
  const models = ['first', 'hazard'].map((id) => ({
    ...{ id, title: id, version: id === 'first' ? 'rule' : 'v1' },
    conversions: id === 'first' ? null : (conversions ?? deals),
  }));
  const won: SideBySide = { models, deals, by: 'channel', waiting: 0, currencies };
  return chatShareText(won).map((line) => line.replaceAll(/ +/g, ' ').trim());
}

it('names the share of deals and of each currency’s money, by the plain names of the models', () => {
  expect(told(table('EUR', 10), table('USD', 15))).toEqual([
    "The chatbot's share of what was won 25 won deals 100.00 EUR 100.00 USD",
    'first 8.0 % 25.0 % 25.0 %',
    'data-driven 4.0 % 10.0 % 10.0 %',
  ]);
});

it('names no share of a handful of deals, and says why', () => {
  expect(told(table('EUR', 10), table('JPY', 9))).toEqual([
    expect.stringContaining('19 won deals'),
    'first 10.5 % 25.0 % –',
    'data-driven 5.3 % 10.0 % –',
    expect.stringMatching(/^\(–: fewer than 10 won deals in that currency/),
  ]);
  expect(told(table('EUR', 9))).toContain('first – –');
});

it('says why a model that comes from data was learnt from another number of deals', () => {
  expect(toldBy(24, table('EUR', 10), table('USD', 15)).at(-1)).toMatch(
    /^\(data-driven: learnt from 24 won deals, those with a touch/,
  );
});
