/** An admin's words, taken together. */
import { expect, it } from 'vitest';
import { type Decision, inOrder } from '../../src/canonical/pairs.ts';
import { contradiction } from '../../src/identity/decided.ts';

const said = (verdict: Decision['verdict'], a: string, b: string): Decision => ({
  ...inOrder(a, b),
  verdict,
  at: 1,
});

it('contradict each other where two who are different are one by what was said of others', () => {
  const chain = [said('same', 'a', 'b'), said('same', 'd', 'c'), said('same', 'b', 'c')];
  expect(contradiction(chain)).toBeNull();
  expect(contradiction([...chain, said('different', 'a', 'e')])).toBeNull();
  const against = said('different', 'a', 'd');
  expect(contradiction([against, ...chain])).toEqual(against);
  expect(contradiction([...chain.slice(0, 2), against])).toBeNull();
});
