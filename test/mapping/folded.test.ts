import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Contribution } from '../../src/canonical/model.ts';
import { type FieldRule, foldEntity } from '../../src/mapping/folding/fold.ts';
import { foldedOnes } from '../../src/mapping/folding/folded.ts';
import type { Rule } from '../../src/mapping/language/compiled.ts';

const rules: readonly Rule[] = [
  { kind: 'pull-only' },
  { kind: 'pull-only', ifBlank: true },
  { kind: 'two-way', prefer: 'b' },
  { kind: 'always-use', system: 'a' },
  { kind: 'prefer-unless-blank', system: 'b' },
];

const value = fc.record({
  value: fc.constantFrom(1, 2, 3, null),
  at: fc.nat(6),
  exact: fc.boolean(),
});

const told = fc.record({
  connection: fc.constantFrom('a', 'b', 'chat'),
  object: fc.constantFrom('x', 'y'),
  phone: fc.option(value, { nil: undefined }),
  createdAt: fc.option(value, { nil: undefined }),
  withdrawn: fc.boolean(),
});

function contribution(
  one: typeof told extends fc.Arbitrary<infer T> ? T : never,
  index: number,
): Contribution {
  const { connection, object, phone, createdAt, withdrawn } = one;
  return {
    ref: { connection, object, id: String(index) },
    ...{ kind: 'Person' as const, keys: [], createdAt: index, withdrawn: withdrawn && index % 3 === 0 },
    values: { ...(phone ? { phone } : {}), ...(createdAt ? { createdAt } : {}) },
  };
}

it('folds a few as it folds all of them, whatever comes later', () => {
  let fewer = 0;
  const ruleOf = fc.record({ rule: fc.constantFrom(...rules), blanks: fc.constantFrom('keep', 'clear') });
  fc.assert(
    fc.property(
      fc.array(told, { minLength: 5, maxLength: 25 }),
      fc.array(told, { maxLength: 4 }),
      fc.array(ruleOf, { minLength: 6, maxLength: 6 }),
      (early, late, chosen) => {
        const [all, more] = [early, late].map((some, turn) =>
          some.map((one, index) => contribution(one, turn * 100 + index)),
        ) as [Contribution[], Contribution[]];
        const places = ['a|x', 'a|y', 'b|x', 'b|y', 'chat|x', 'chat|y'];
        const rulesOf = ({ connection, object }: Contribution['ref']) =>
          chosen[places.indexOf(`${connection}|${object}`)] as FieldRule | undefined;
        const few = foldedOnes(all, rulesOf, ['b', 'a']);
        fewer += all.length - few.length;
        const folded = (some: Contribution[]) => {
          const { fields, provenance } = foldEntity([...some, ...more], rulesOf, ['b', 'a']);
          return { fields, provenance };
        };
        expect(folded(few)).toEqual(folded(all));
      },
    ),
    { numRuns: 1_000 },
  );
  expect(fewer).toBeGreaterThan(1_000);
});
