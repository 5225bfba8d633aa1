/**
 * The fold: an entity's fields out of what its records say. A pure function of the set of contributions; the
 * order in which they came means nothing.
 */

import type {
  CanonicalFields,
  CanonicalValue,
  Contribution,
  Provenance,
  RecordRef,
} from '../../canonical/model.ts';
import { refText } from '../../canonical/names.ts';
import type { CompiledField } from '../language/compiled.ts';
import { type Candidate, type FoldedField, foldField } from './fold-field.ts';

/** What the fold needs of a field's line in the mapping of the connection that contributed. */
export type FieldRule = Pick<CompiledField, 'rule' | 'blanks'>;

/** The rule for a field as that record's mapping has it; undefined counts as plain `pull only`. */
export type RulesOf = (ref: RecordRef, canonical: string) => FieldRule | undefined;

export interface FoldedEntity {
  readonly fields: CanonicalFields;
  readonly provenance: Readonly<Record<string, Provenance>>;
  /** For the admin to look at before the first write. */
  readonly undecided: readonly Undecided[];
}

/** Differing values of which nobody knows which came last. An order settled them. */
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

const pullOnly: FieldRule = { rule: { kind: 'pull-only' }, blanks: 'keep' };

/**
 * A field that nobody has a value for is absent; null means that a blank was allowed to clear it. `order`:
 * connections, the most trusted first. Withdrawn contributions say nothing.
 */
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
    const folded = foldField(field, byField.get(field) ?? [], order);
    if (!folded) continue;
    fields[field] = folded.value;
    provenance[field] = folded.provenance;
    if (folded.undecided.length > 0) undecided.push(undecidedField(field, folded));
  }
  return { fields, provenance, undecided };
}

export function candidatesByField(
  contributions: readonly Contribution[],
  rulesOf: RulesOf,
): Map<string, Candidate[]> {
  const byField = new Map<string, Candidate[]>();
  for (const { ref, values, withdrawn } of contributions) {
    if (withdrawn) continue;
    const text = refText(ref);
    for (const [field, { value, at, exact }] of Object.entries(values)) {
      const { rule, blanks } = rulesOf(ref, field) ?? pullOnly;
      if (value === null && blanks !== 'clear') continue;
      const candidate = { ref: text, connection: ref.connection, value, at, exact, rule };
      const known = byField.get(field);
      if (known) known.push(candidate);
      else byField.set(field, [candidate]);
    }
  }
  return byField;
}

function undecidedField(field: string, { provenance, undecided }: FoldedField): Undecided {
  return {
    field,
    chosen: provenance.ref,
    candidates: undecided.map(({ ref, value, at }) => ({ ref, value, at })),
  };
}
