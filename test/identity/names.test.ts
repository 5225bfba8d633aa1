import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareNames, type NameMatch, personName } from '../../src/identity/names.ts';

const match = (a: readonly [string, string], b: readonly [string, string]): NameMatch =>
  compareNames(personName(...a), personName(...b));

describe('names', () => {
  it.each<[NameMatch, readonly [string, string], readonly [string, string]]>([
    ['equal', ['Anna', 'Berg'], ['ANNA', 'Berg']],
    ['equal', ['Anna', 'Berg'], ['Berg', 'Anna']],
    ['equal', ['Anna', 'Berg'], ['', 'Anna Berg']],
    ['equal', ['Anna', 'Berg'], ['', 'Dr. Anna Berg']],
    ['equal', ['Jörg', 'Müller'], ['Joerg', 'Mueller']],
    ['equal', ['Jörg', 'Müller'], ['Jorg', 'Muller']],
    ['equal', ['Zoé', "D'Aube"], ['Zoe', 'DAube']],
    ['equal', ['Søren', 'Łukasz'], ['Soren', 'Lukasz']],
    ['equal', ['小明', '王'], ['', '王小明']],
    ['alike', ['', 'Berg'], ['Anna', 'Berg']],
    ['alike', ['Anna', ''], ['Anna', 'Berg']],
    ['alike', ['A.', 'Berg'], ['Anna', 'Berg']],
    ['alike', ['Anna', 'B.'], ['Anna', 'Berg']],
    ['alike', ['Anna Maria', 'Berg'], ['Anna', 'Berg']],
    ['alike', ['Anna Maria', 'Berg'], ['Anna M.', 'Berg']],
    ['other', ['Anna', 'Berg'], ['Bert', 'Berg']],
    ['other', ['B.', 'Berg'], ['Anna', 'Berg']],
    ['other', ['Anna', 'Berg'], ['Anna', 'Kahn']],
    ['other', ['', 'Berg'], ['', 'Kahn']],
    ['other', ['A.', 'B.'], ['Anna', 'Berg']],
    ['unknown', ['', ''], ['Anna', 'Berg']],
    ['unknown', ['', '[not provided]'], ['Anna', 'Berg']],
    ['unknown', ['', 'anna@x.example'], ['Anna', 'Berg']],
  ])('are %s: %j and %j', (expected, a, b) => {
    expect(match(a, b)).toBe(expected);
  });

  it('are compared the same both ways', () => {
    const word = fc.constantFrom('Anna', 'Bert', 'A.', 'Berg', 'Kahn', 'B', '');
    const name = fc.tuple(word, word);
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(match(a, b)).toBe(match(b, a));
      }),
    );
  });
});
