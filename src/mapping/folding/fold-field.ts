/**
 * The fold of one field: which of several values counts. What decides, in this order: the owner rule; the time
 * of change, where it is known which came last; the system that the rule prefers; the order of systems. A blank
 * is a candidate only where its rule says `blanks: clear`.
 */
import { beginnings, type CanonicalValue, type Provenance } from '../../canonical/model.ts';
import type { Rule } from '../language/compiled.ts';
import { sameCanonical } from '../language/kinds.ts';
import { ruleText } from '../language/words.ts';

export interface Candidate {
  readonly ref: string;
  readonly connection: string;
  /** Null: blank, and its rule lets a blank clear. */
  readonly value: CanonicalValue;
  readonly at: number;
  readonly exact: boolean;
  readonly rule: Rule;
}

export interface FoldedField {
  readonly value: CanonicalValue;
  readonly provenance: Provenance;
  /** Differing values of which nobody knows which came last, the chosen one first; empty when it is known. */
  readonly undecided: readonly Candidate[];
}

/** `order`: connections, the most trusted first. Undefined when nobody has a value. */
export function foldField(
  field: string,
  candidates: readonly Candidate[],
  order: readonly string[],
): FoldedField | undefined {
  const [only] = candidates;
  if (!only) return undefined;
  if (candidates.length === 1) return settled(only, ruleText(only.rule));
  const rules = rulesInOrder(candidates, order);
  const owner = ownerOf(candidates, rules);
  const eligible = withoutFillers(owner.candidates);
  if (beginnings.has(field)) return earliest(eligible, order);
  return latest(eligible, owner.why, preferredSystem(rules), order);
}

function settled({ ref, value, at, exact }: Candidate, rule: string): FoldedField {
  return { value, provenance: { ref, at, exact, rule }, undecided: [] };
}

// ------------------------------------------------------------------------------------- owner

/** The rules at work, the most trusted connection's first. */
function rulesInOrder(candidates: readonly Candidate[], order: readonly string[]): Rule[] {
  return [...candidates].sort((a, b) => byTrust(a, b, order)).map(({ rule }) => rule);
}

interface Ownership {
  readonly candidates: readonly Candidate[];
  readonly why: string;
}

/**
 * `always-use` and `prefer … unless blank` leave only their system's values, if it has any. Where mappings
 * disagree, the strictest rule of the most trusted connection counts (`check` reports the disagreement).
 */
function ownerOf(candidates: readonly Candidate[], rules: readonly Rule[]): Ownership {
  for (const kind of ['always-use', 'prefer-unless-blank'] as const) {
    for (const rule of rules) {
      if (rule.kind !== kind) continue;
      const own = candidates.filter(
        ({ connection, value }) => connection === rule.system && (kind === 'always-use' || value !== null),
      );
      if (own.length > 0) return { candidates: own, why: ruleText(rule) };
    }
  }
  const shared = rules.find(({ kind }) => kind === 'two-way') ?? rules[0];
  return { candidates, why: shared ? `${ruleText(shared)}, latest change` : 'latest change' };
}

function preferredSystem(rules: readonly Rule[]): string | undefined {
  return rules.flatMap((rule) => (rule.kind === 'two-way' ? (rule.prefer ?? []) : []))[0];
}

/** `pull only if blank` counts only where nothing else has a value. */
function withoutFillers(candidates: readonly Candidate[]): readonly Candidate[] {
  const firm = candidates.filter((candidate) => !isFiller(candidate));
  return firm.some(({ value }) => value !== null) ? firm : candidates;
}

function isFiller({ rule }: Candidate): boolean {
  return rule.kind === 'pull-only' && rule.ifBlank === true;
}

// ------------------------------------------------------------------------------------- time

function earliest(candidates: readonly Candidate[], order: readonly string[]): FoldedField | undefined {
  const [first] = [...candidates].sort((a, b) => Number(a.value) - Number(b.value) || byTrust(a, b, order));
  return first && settled(first, 'earliest');
}

function latest(
  candidates: readonly Candidate[],
  why: string,
  preferred: string | undefined,
  order: readonly string[],
): FoldedField | undefined {
  const contenders = possiblyLatest(candidates);
  const [first, ...others] = ranked(contenders, preferred, order);
  if (!first) return undefined;
  if (others.every(({ value }) => sameCanonical(value, first.value))) return settled(first, why);
  const settles = first.connection === preferred ? 'preferred system' : 'order of systems';
  const sameTime = contenders.every(({ exact }) => exact);
  if (sameTime) return settled(first, `${why}; changed at the same time, ${settles}`);
  return undecided([first, ...others], `${why}; order of changes unknown, ${settles}`);
}

/**
 * Those that no other is provably later than. A change is provably later when its own time is exact and lies
 * after the latest moment at which the other can have happened.
 */
function possiblyLatest(candidates: readonly Candidate[]): readonly Candidate[] {
  let newest = Number.NEGATIVE_INFINITY;
  for (const { at, exact } of candidates) if (exact && at > newest) newest = at;
  return candidates.filter(({ at }) => at >= newest);
}

/** Where the order of changes is unknown, a value is taken rather than a blank: clearing needs proof. */
function undecided(contenders: readonly Candidate[], why: string): FoldedField | undefined {
  const chosen = contenders.find(({ value }) => value !== null);
  if (!chosen) return undefined;
  return { ...settled(chosen, why), undecided: [chosen, ...contenders.filter((one) => one !== chosen)] };
}

// ------------------------------------------------------------------------------------- order

/** The preferred system first, then the order of systems. */
function ranked(
  candidates: readonly Candidate[],
  preferred: string | undefined,
  order: readonly string[],
): Candidate[] {
  const distance = ({ connection }: Candidate) => Number(connection !== preferred);
  return [...candidates].sort((a, b) => distance(a) - distance(b) || byTrust(a, b, order));
}

/** Connections that nobody ranked come last, by name; of one system's records the later first, then by ref. */
export function byTrust(a: Candidate, b: Candidate, order: readonly string[]): number {
  return (
    place(a, order) - place(b, order) ||
    compare(a.connection, b.connection) ||
    b.at - a.at ||
    compare(a.ref, b.ref)
  );
}

function place({ connection }: Candidate, order: readonly string[]): number {
  const found = order.indexOf(connection);
  return found < 0 ? order.length : found;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
