/**
 * The fold: one value per field out of what several records say. A pure function of the set of contributions;
 * the order in which they came means nothing.
 *
 * What decides, in this order: the owner rule; the time of change, where it is known which came last; the
 * system that the rule prefers; the order of systems. A blank decides nothing unless its rule says
 * `blanks: clear`.
 */
import type {
  CanonicalFields,
  CanonicalValue,
  Contribution,
  Provenance,
  RecordRef,
} from '../canonical/model.ts';
import { refText } from '../canonical/model.ts';
import type { CompiledField, Rule } from './compiled.ts';
import { sameCanonical } from './kinds.ts';
import { ruleSystem, ruleText } from './words.ts';

/** What the fold needs of a field's line in the mapping of the connection that contributed. */
export type FieldRule = Pick<CompiledField, 'rule' | 'blanks'>;

/** The rule for a field as that record's mapping has it; undefined counts as plain `pull only`. */
export type RulesOf = (ref: RecordRef, canonical: string) => FieldRule | undefined;

export interface Candidate {
  readonly ref: string;
  readonly connection: string;
  readonly value: CanonicalValue;
  readonly at: number;
  readonly exact: boolean;
  readonly rule: Rule;
  readonly clears: boolean;
}

/** Differing values of which nobody knows which came last. An order settled them; the admin should look. */
export interface Undecided {
  readonly field: string;
  /** Text ref of the record whose value was taken. */
  readonly chosen: string;
  /** All values that may be the latest, the chosen one first. */
  readonly candidates: readonly {
    readonly ref: string;
    readonly value: CanonicalValue;
    readonly at: number;
  }[];
}

export interface FoldedField {
  readonly value: CanonicalValue;
  readonly provenance: Provenance;
  readonly undecided: readonly Candidate[];
}

export interface FoldedEntity {
  readonly fields: CanonicalFields;
  readonly provenance: Readonly<Record<string, Provenance>>;
  readonly undecided: readonly Undecided[];
}

const pullOnly: FieldRule = { rule: { kind: 'pull-only' }, blanks: 'keep' };

/** `order`: connections, the most trusted first. Withdrawn contributions say nothing. */
export function foldEntity(
  contributions: readonly Contribution[],
  rulesOf: RulesOf,
  order: readonly string[],
): FoldedEntity {
  const byField = candidatesByField(contributions, rulesOf);
  const fields: Record<string, CanonicalValue> = {};
  const provenance: Record<string, Provenance> = {};
  const undecided: Undecided[] = [];
  for (const field of [...byField.keys()].sort()) {
    const folded = foldField(byField.get(field) ?? [], order);
    if (!folded) continue;
    fields[field] = folded.value;
    provenance[field] = folded.provenance;
    if (folded.undecided.length > 0) undecided.push(undecidedField(field, folded));
  }
  return { fields, provenance, undecided };
}

function candidatesByField(
  contributions: readonly Contribution[],
  rulesOf: RulesOf,
): Map<string, Candidate[]> {
  const byField = new Map<string, Candidate[]>();
  for (const { ref, values, withdrawn } of contributions) {
    if (withdrawn) continue;
    const text = refText(ref);
    for (const field of Object.keys(values)) {
      const contributed = values[field];
      const { rule, blanks } = rulesOf(ref, field) ?? pullOnly;
      if (!contributed || (contributed.value === null && blanks !== 'clear')) continue;
      const { value, at, exact } = contributed;
      const candidate = {
        ref: text,
        connection: ref.connection,
        value,
        at,
        exact,
        rule,
        clears: value === null,
      };
      const known = byField.get(field);
      if (known) known.push(candidate);
      else byField.set(field, [candidate]);
    }
  }
  return byField;
}

/** Undefined when nobody has a value. */
export function foldField(
  candidates: readonly Candidate[],
  order: readonly string[],
): FoldedField | undefined {
  const [only] = candidates;
  if (!only) return undefined;
  if (candidates.length === 1) return settled(only, ruleText(only.rule));
  const owner = ownerOf(candidates, order);
  const eligible = withoutFillers(owner.candidates);
  const latest = possiblyLatest(eligible);
  const preferred = preferredSystem(candidates, order);
  const [first, ...others] = ranked(latest, preferred, order);
  if (!first) return undefined;
  if (others.every(({ value }) => sameCanonical(value, first.value))) return settled(first, owner.why);
  const settles = first.connection === preferred ? 'preferred system' : 'order of systems';
  if (latest.every(({ exact }) => exact))
    return settled(first, `${owner.why}; changed at the same time, ${settles}`);
  return undecidedBetween([first, ...others], `${owner.why}; order of changes unknown, ${settles}`);
}

/** Where the order of changes is unknown, a value is taken rather than a blank: clearing needs proof. */
function undecidedBetween(contenders: readonly Candidate[], why: string): FoldedField | undefined {
  const valued = contenders.filter(({ clears }) => !clears);
  const first = valued[0] ?? contenders[0];
  if (!first) return undefined;
  const rest = contenders.filter((one) => one !== first);
  return { ...settled(first, why), undecided: [first, ...rest] };
}

function settled({ ref, value, at, exact }: Candidate, rule: string): FoldedField {
  return { value, provenance: { ref, at, exact, rule }, undecided: [] };
}

interface Ownership {
  readonly candidates: readonly Candidate[];
  readonly why: string;
}

/**
 * `always-use` and `prefer … unless blank` leave only their system's values, if it has any. Where mappings
 * disagree, the strictest rule of the most trusted connection counts (`check` reports the disagreement).
 */
function ownerOf(candidates: readonly Candidate[], order: readonly string[]): Ownership {
  const rules = rulesInOrder(candidates, order);
  for (const kind of ['always-use', 'prefer-unless-blank'] as const) {
    for (const rule of rules) {
      if (rule.kind !== kind) continue;
      const own = candidates.filter(
        (one) => one.connection === rule.system && (kind === 'always-use' || !one.clears),
      );
      if (own.length > 0) return { candidates: own, why: ruleText(rule) };
    }
  }
  const twoWay = rules.find((rule) => rule.kind === 'two-way') ?? rules[0];
  return { candidates, why: twoWay ? `${ruleText(twoWay)}, latest change` : 'latest change' };
}

function rulesInOrder(candidates: readonly Candidate[], order: readonly string[]): Rule[] {
  return [...candidates].sort((a, b) => byTrust(a, b, order)).map(({ rule }) => rule);
}

function preferredSystem(candidates: readonly Candidate[], order: readonly string[]): string | undefined {
  const preferring = rulesInOrder(candidates, order).find(
    (rule) => rule.kind === 'two-way' && rule.prefer !== undefined,
  );
  return preferring && ruleSystem(preferring);
}

/** `pull only if blank` counts only where nothing else does. */
function withoutFillers(candidates: readonly Candidate[]): readonly Candidate[] {
  const firm = candidates.filter(
    ({ rule, clears }) => !clears && !(rule.kind === 'pull-only' && rule.ifBlank),
  );
  return firm.length > 0
    ? candidates.filter(({ rule }) => !(rule.kind === 'pull-only' && rule.ifBlank))
    : candidates;
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

/** The preferred system first, then the order of systems; of one system's records the later, then by ref. */
function ranked(
  candidates: readonly Candidate[],
  preferred: string | undefined,
  order: readonly string[],
): Candidate[] {
  const own = (candidate: Candidate) => Number(candidate.connection !== preferred);
  return [...candidates].sort((a, b) => own(a) - own(b) || byTrust(a, b, order));
}

function byTrust(a: Candidate, b: Candidate, order: readonly string[]): number {
  const place = trust(a, order) - trust(b, order) || compare(a.connection, b.connection);
  return place || b.at - a.at || compare(a.ref, b.ref);
}

function trust({ connection }: Candidate, order: readonly string[]): number {
  const place = order.indexOf(connection);
  return place < 0 ? order.length : place;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function undecidedField(field: string, { provenance, undecided }: FoldedField): Undecided {
  return {
    field,
    chosen: provenance.ref,
    candidates: undecided.map(({ ref, value, at }) => ({ ref, value, at })),
  };
}
