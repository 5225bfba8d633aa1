/** Several mappings against each other. */

import { isChatCredit } from '../../canonical/chat-credit.ts';
import { didYouMean } from '../../support/nearest.ts';
import { Problem } from '../../support/problem.ts';
import type { CompiledField, CompiledMapping } from '../language/compiled.ts';
import { ruleSystem, ruleText } from '../language/words.ts';

interface Stated {
  readonly mapping: CompiledMapping;
  readonly field: CompiledField;
}

/**
 * Rules that contradict each other or name a system that nobody knows. `systems` are those that could be
 * connected: a shipped mapping may prefer one that this hub does without.
 */
export function checkTogether(
  mappings: readonly CompiledMapping[],
  systems: readonly string[] = [],
): Problem[] {
  const known = [...new Set([...mappings.map(({ connection }) => connection), ...systems])];
  const stated = mappings.flatMap((mapping) =>
    Object.values(mapping.objects).flatMap(({ fields }) =>
      fields.map((field): Stated => ({ mapping, field })),
    ),
  );
  const unknown = stated.flatMap((one) => unknownSystem(one, known));
  const byField = Map.groupBy(
    stated.filter(({ field }) => field.pulls),
    ({ field }) => `${field.entity}.${field.canonical}`,
  );
  return [
    ...unknown,
    ...[...byField].flatMap(([name, group]) => disagreement(name, group)),
    ...withoutSource(stated),
  ];
}

function unknownSystem({ mapping, field }: Stated, known: readonly string[]): Problem[] {
  const system = ruleSystem(field.rule);
  if (system === undefined || known.includes(system)) return [];
  const message = `The rule "${ruleText(field.rule)}" names "${system}", which is neither a system nor a connection.`;
  return [problem(mapping, field, message, didYouMean(system, known))];
}

function disagreement(name: string, group: readonly Stated[]): Problem[] {
  const [first, ...others] = group.filter(({ field }) => ruleSystem(field.rule) !== undefined);
  if (!first) return [];
  return others
    .filter(({ field }) => ruleSystem(field.rule) !== ruleSystem(first.field.rule))
    .map(({ mapping, field }) => {
      const message = `${name} is "${ruleText(field.rule)}" here and "${ruleText(first.field.rule)}" in ${first.mapping.file}:${first.field.line}.`;
      return problem(mapping, field, message, 'Let one system own the field: name the same one in both.');
    });
}

/** Kinds whose values the hub makes itself. */
const hubMade = (field: CompiledField) => isChatCredit(field.canonical) || field.entity === 'ChatTouch';

function withoutSource(stated: readonly Stated[]): Problem[] {
  const pulled = new Set(
    stated.filter(({ field }) => field.pulls).map(({ field }) => `${field.entity}.${field.canonical}`),
  );
  return stated
    .filter(
      ({ field }) =>
        field.pushes && !field.pulls && !hubMade(field) && !pulled.has(`${field.entity}.${field.canonical}`),
    )
    .map(({ mapping, field }) =>
      problem(
        mapping,
        field,
        `"${field.canonical}" is pushed, but no mapping pulls it from anywhere.`,
        'Map it in the system that has it.',
      ),
    );
}

function problem(mapping: CompiledMapping, field: CompiledField, message: string, remedy: string): Problem {
  return new Problem('configuration', message, { where: `${mapping.file}:${field.line}`, remedy });
}
