/**
 * The few contributions from which the fold comes out as it does from all of them, whatever is added later. Of the
 * values of one system under one rule most can never count again: an earlier change, or the same value once more.
 */

import { beginnings, type Contribution } from '../../canonical/model.ts';
import { refText } from '../../canonical/names.ts';
import { candidatesByField, type RulesOf } from './fold.ts';
import { byTrust, type Candidate } from './fold-field.ts';

export function foldedOnes(
  contributions: readonly Contribution[],
  rulesOf: RulesOf,
  order: readonly string[],
): Contribution[] {
  const kept = new Set<string>();
  for (const [field, candidates] of candidatesByField(contributions, rulesOf))
    for (const group of alikeByRule(candidates))
      for (const { ref } of lasting(
        field,
        [...group].sort((a, b) => byTrust(a, b, order)),
      ))
        kept.add(ref);
  return contributions.filter(({ ref }) => kept.has(refText(ref)));
}

/** An owner rule takes or leaves all values of one system under one rule, blanks apart. */
function alikeByRule(candidates: readonly Candidate[]): Candidate[][] {
  const byRule = Map.groupBy(candidates, ({ rule }) => rule);
  return [...byRule.values()].flatMap((ofRule) => [
    ...Map.groupBy(ofRule, ({ connection, value }) => `${value === null}|${connection}`).values(),
  ]);
}

/** `group`: the most trusted first. The first two stay in any case: one alone is told in other words than one of several. */
function lasting(field: string, group: readonly Candidate[]): readonly Candidate[] {
  const last = beginnings.has(field) ? earliest(group) : latest(group);
  return [...group.slice(0, 2), ...last];
}

function earliest(group: readonly Candidate[]): Candidate[] {
  const values = group.map(({ value }) => Number(value));
  const first = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  return group.slice(values.indexOf(first), values.indexOf(first) + 1);
}

/** Of those that no other is provably later than, the most trusted one of each value. */
function latest(group: readonly Candidate[]): Candidate[] {
  let newest = Number.NEGATIVE_INFINITY;
  for (const { at, exact } of group) if (exact && at > newest) newest = at;
  const byValue = new Map<string, Candidate>();
  for (const candidate of group) {
    const text = `${candidate.exact}${JSON.stringify(candidate.value)}`;
    if (candidate.at >= newest && !byValue.has(text)) byValue.set(text, candidate);
  }
  return [...byValue.values()];
}
