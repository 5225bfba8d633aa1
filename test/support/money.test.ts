import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyDecimals, formatMoney, toDecimal, toMinor, toMinorWithin } from '../../src/support/money.ts';

describe('money', () => {
  it.each([
    ['18400', 'USD', 1_840_000],
    [18400.5, 'USD', 1_840_050],
    ['0.1', 'USD', 10],
    ['.5', 'USD', 50],
    ['7.', 'USD', 700],
    [1.005, 'USD', 101],
    ['-1.005', 'USD', -101],
    [0.1 + 0.2, 'USD', 30],
    ['1500', 'JPY', 1500],
    ['1500.4', 'JPY', 1500],
    ['1.2345', 'KWD', 1235],
    ['1.2345', 'CLF', 12345],
    ['1e3', 'USD', 100_000],
    [1e-7, 'USD', 0],
    [1.5e21, 'JPY', null],
    ['90071992547409.91', 'USD', Number.MAX_SAFE_INTEGER],
    ['90071992547409.92', 'USD', null],
    ['1,234.50', 'USD', null],
    ['', 'USD', null],
    ['.', 'USD', null],
    ['12 USD', 'USD', null],
    [Number.NaN, 'USD', null],
    [Number.POSITIVE_INFINITY, 'USD', null],
  ])('reads %s %s as %s minor units', (amount, currency, minor) => {
    expect(toMinor(amount, currency)).toBe(minor);
  });

  it.each([
    [1000.5, 'JPY', 1000],
    ['1000.999', 'JPY', 1000],
    ['-1000.5', 'JPY', -1000],
    ['0.5', 'KRW', 0],
    [10.005, 'USD', 1000],
    ['0.9999', 'KWD', 999],
    [0.1 + 0.2, 'USD', 30],
    [19.999999999999996, 'USD', 2_000],
    [1_234_567.8 * 100, 'JPY', 123_456_780],
    ['1e-3', 'USD', 0],
    ['7.5', 'USD', 750],
    ['x', 'USD', null],
  ])('reads %s %s to be shared out as %s minor units, never more than it is', (amount, currency, minor) => {
    expect(toMinorWithin(amount, currency)).toBe(minor);
  });

  it('never turns zero negative', () => {
    expect(Object.is(toMinor('-0.00', 'USD'), 0)).toBe(true);
  });

  it.each([
    [1_840_000, 'USD', '18,400.00 USD'],
    [-1_234_567_891, 'EUR', '-12,345,678.91 EUR'],
    [1500, 'JPY', '1,500 JPY'],
    [5, 'KWD', '0.005 KWD'],
    [0, 'USD', '0.00 USD'],
  ])('shows %s %s as %s', (minor, currency, text) => {
    expect(formatMoney(minor, currency)).toBe(text);
  });

  it('writes and reads back every amount in every number of decimals', () => {
    const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF');
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        currency,
        (minor, code) => toMinor(toDecimal(minor, code), code) === minor,
      ),
    );
  });

  it('gives currencies it has no exception for two decimals', () => {
    expect(currencyDecimals('CHF')).toBe(2);
  });
});
