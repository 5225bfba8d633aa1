/** What follows from an admin's decisions taken together: the same as one is the same as all that are one with it. */
import type { Decision } from '../canonical/pairs.ts';

/** Two of whom it was said that they are different, and who are one by what was said of others; null: none. */
export function contradiction(decisions: readonly Decision[]): Decision | null {
  const parents = new Map<string, string>();
  const root = (name: string): string => {
    let at = name;
    for (let up = parents.get(at); up !== undefined; up = parents.get(at)) at = up;
    return at;
  };
  for (const { one, other, verdict } of decisions) {
    const [a, b] = [root(one), root(other)];
    if (verdict === 'same' && a !== b) parents.set(b, a);
  }
  return (
    decisions.find((said) => said.verdict === 'different' && root(said.one) === root(said.other)) ?? null
  );
}
