/** Patterns say what `RegExp` says, and never take long over it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../src/support/pattern.ts';
import { endsSoon } from '../no-blowup.ts';

const atom = fc.constantFrom(
  ...[
    'a',
    'b',
    'X',
    '.',
    '[a-c]',
    '[^b]',
    '\\d',
    '\\W',
    '[\\w-]',
    '\\.',
    '\\b',
    '^',
    '$',
    '[A-]',
    '\\x41',
    'é',
  ],
);
const times = fc.constantFrom('', '*', '+', '?', '{2}', '{0,2}', '{1,}', '*?', '+?', '{', '{,2}');
const piece = fc.tuple(atom, times).map(([one, many]) => (/^[\^$]$|\\b/.test(one) ? one : one + many));
const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    piece,
    fc.tuple(tie('tree'), tie('tree')).map(([one, two]) => one + two),
    fc.tuple(tie('tree'), tie('tree')).map(([one, two]) => `(?:${one}|${two})`),
    fc.tuple(tie('tree'), fc.constantFrom('*', '+', '?', '{1,2}')).map(([one, many]) => `(${one})${many}`),
  ),
}));
const text = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', 'c', 'x', '1', '-', '.', ' ', '\n', 'É', '_', '{'),
});

describe('a pattern', () => {
  it('holds for exactly the texts that the regular expression matches as a whole', () => {
    fc.assert(
      fc.property(tree, fc.array(text, { minLength: 1, maxLength: 8 }), (source, texts) => {
        const regular = new RegExp(`^(?:${source})$`, 'i');
        const pattern = compilePattern(source);
        for (const one of texts) expect([one, pattern.test(one)]).toEqual([one, regular.test(one)]);
      }),
      { numRuns: 1_500 },
    );
  });

  it.each([
    ['(a+)+', 'a'],
    ['(a|a)*', 'a'],
    ['(a|ab|b)*', 'ab'],
    ['(.*)*(.*)*(.*)*x', 'a'],
    ['(?:a?){50}a{50}', 'a'],
    ['([a-z0-9]+[-_.]?)+', 'a-'],
    ['(?:(?:(?:a*)*)*)*', 'a'],
  ])('%s is done at once, whatever it is given', (source, part) => {
    const pattern = compilePattern(source);
    endsSoon(() => {
      for (const length of [30, 1_000, 1_000_000]) pattern.test(`${part.repeat(length)}!`);
    });
  });

  it.each([
    ['(a)\\1', /refers back/],
    ['(?<n>a)\\k<n>', /refers back/],
    ['a(?=b)', /ahead or behind/],
    ['(?<!a)b', /ahead or behind/],
    ['\\p{L}', /not known here/],
    ['(?:a{1000}){1000}', /repeats too much/],
    ['a{999999999}', /repeats too much/],
    ['(?:){999999999}', /repeats too much/],
    ['(a', /./],
    ['*', /./],
  ])('%s is refused with the reason', (source, words) => {
    expect(() => compilePattern(source)).toThrow(SyntaxError);
    expect(() => compilePattern(source)).toThrow(words);
  });

  it('may be as usual as those of web analytics', () => {
    const shop = compilePattern('.*(?:(?:[^a-df-z]|^)shop|shopping).*');
    expect(['Summer shop', 'shop', 'bishop', 'Shopping'].map((one) => shop.test(one))).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(compilePattern('(?<kind>e[-_ ]?mail)').test('E-Mail')).toBe(true);
  });
});
