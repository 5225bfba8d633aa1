import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmac, hmacMatches, isRecent, type Signed, sameText } from '../../src/connector/signature.ts';

// RFC 4231, test case 2.
const jefe: Signed = {
  algorithm: 'sha256',
  secret: 'Jefe',
  content: ['what do ya want ', Buffer.from('for nothing?')],
  encoding: 'hex',
};
const known = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';

describe('a signature', () => {
  it('is the one that the standard gives', () => {
    expect(hmac(jefe)).toBe(known);
    expect(hmacMatches(jefe, known)).toBe(true);
  });

  it.each([undefined, '', known.slice(1), `${known}0`, known.toUpperCase(), 'é'])('is not %j', (given) => {
    expect(hmacMatches(jefe, given)).toBe(false);
  });

  it('never matches by an empty secret', () => {
    const open = { ...jefe, secret: '' };
    expect(hmacMatches(open, hmac(open))).toBe(false);
  });

  it('compares texts of any length', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => sameText(a, b) === (a === b)));
    expect(sameText('same', 'same')).toBe(true);
  });
});

describe('a time stamp', () => {
  it.each([
    [0, true],
    [-300_000, true],
    [300_000, true],
    [-300_001, false],
    [300_001, false],
    [Number.NaN, false],
    [Number.POSITIVE_INFINITY, false],
  ])('that is %d ms away is recent: %s', (away, recent) => {
    expect(isRecent(1_000_000 + away, 1_000_000, 300_000)).toBe(recent);
  });
});
