/** The rules of a field in the words that admins of CRM syncs know, to and from `Rule`. */
import type { Rule } from './compiled.ts';

export const ruleWords = [
  'pull only',
  'pull only if blank',
  'push only',
  'two-way',
  'two-way, prefer <system>',
  'always-use <system>',
  'prefer <system> unless blank',
  "don't sync",
] as const;

const patterns: readonly (readonly [RegExp, (system: string) => Rule])[] = [
  [/^pull only$/, () => ({ kind: 'pull-only' })],
  [/^pull only if blank$/, () => ({ kind: 'pull-only', ifBlank: true })],
  [/^push only$/, () => ({ kind: 'push-only' })],
  [/^two way$/, () => ({ kind: 'two-way' })],
  [/^two way,? prefer (\S+)$/, (system) => ({ kind: 'two-way', prefer: system })],
  [/^always use (\S+)$/, (system) => ({ kind: 'always-use', system })],
  [/^prefer (\S+) unless blank$/, (system) => ({ kind: 'prefer-unless-blank', system })],
  [/^do(?:n't| not) sync$/, () => ({ kind: 'off' })],
];

/** Null for words that are no rule. Hyphens, case and spacing do not matter; system names keep theirs. */
export function parseRule(text: string): Rule | null {
  const plain = text
    .trim()
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/\b(two|always|pull|push|don't|unless)-/g, '$1 ')
    .replace(/\s+/g, ' ');
  for (const [pattern, rule] of patterns) {
    const found = pattern.exec(plain);
    if (found) return rule(found[1] ?? '');
  }
  return null;
}

export function ruleText(rule: Rule): string {
  switch (rule.kind) {
    case 'two-way':
      return rule.prefer === undefined ? 'two-way' : `two-way, prefer ${rule.prefer}`;
    case 'always-use':
      return `always-use ${rule.system}`;
    case 'prefer-unless-blank':
      return `prefer ${rule.system} unless blank`;
    case 'pull-only':
      return rule.ifBlank ? 'pull only if blank' : 'pull only';
    case 'push-only':
      return 'push only';
    case 'off':
      return "don't sync";
  }
}

/** The system that a rule names, if it names one. */
export function ruleSystem(rule: Rule): string | undefined {
  if (rule.kind === 'two-way') return rule.prefer;
  return rule.kind === 'always-use' || rule.kind === 'prefer-unless-blank' ? rule.system : undefined;
}

/** The same rule with its system's name replaced (the mapping names systems, the hub knows connections). */
export function withSystem(rule: Rule, rename: (system: string) => string): Rule {
  if (rule.kind === 'two-way' && rule.prefer !== undefined) return { ...rule, prefer: rename(rule.prefer) };
  if (rule.kind === 'always-use' || rule.kind === 'prefer-unless-blank')
    return { ...rule, system: rename(rule.system) };
  return rule;
}

export interface Directions {
  readonly pulls: boolean;
  readonly pushes: boolean;
}

/** Which way a rule lets values flow at `connection`'s side. The master of `always-use` is never written. */
export function directions(rule: Rule, connection: string): Directions {
  switch (rule.kind) {
    case 'two-way':
    case 'prefer-unless-blank':
      return { pulls: true, pushes: true };
    case 'always-use':
      return { pulls: true, pushes: rule.system !== connection };
    case 'pull-only':
      return { pulls: true, pushes: false };
    case 'push-only':
      return { pulls: false, pushes: true };
    case 'off':
      return { pulls: false, pushes: false };
  }
}
