/**
 * What is known of people and may move a baseline: fields of persons and organizations as numbers or categories, and
 * what there was of a person before their first touch. Nothing of what came afterwards: touches may have brought it about.
 */
import { categoryName } from '../attribution/category.ts';
import { canonicalFields, type Entity, type FieldKind } from '../canonical/model.ts';
import { type History, historyFields } from './history.ts';

export interface Covariate {
  /** As the admin wrote it: `Person.score`, `log(Organization.employees)`, `Organization.industry`. */
  readonly name: string;
  readonly kind: 'Person' | 'Organization';
  readonly field: string;
  /** Sizes are compared by ratio: log(1 + value). */
  readonly logarithm: boolean;
}

const pattern = /^(?:(log)\()?(Person|Organization)\.([\w.]+?)(\))?$/;
const numeric: readonly FieldKind[] = ['number', 'money', 'boolean'];

/** Texts that sort people; other texts are each person's own, or are changed by a sale. */
const categories: Readonly<Record<Covariate['kind'], readonly string[]>> = {
  Person: ['language', 'country', 'region'],
  Organization: ['industry', 'country', 'region'],
};

/** Null for what is not such a name, or names a field that is neither a number nor a category. */
export function parseCovariate(name: string): Covariate | null {
  const [, log, kind, field = '', close] = pattern.exec(name) ?? [];
  if ((kind !== 'Person' && kind !== 'Organization') || (log === undefined) !== (close === undefined))
    return null;
  const type = canonicalFields[kind][field];
  const isNumber = (type !== undefined && numeric.includes(type)) || (kind === 'Person' && isHistory(field));
  const isCategory = categories[kind].includes(field) && log === undefined;
  const usable = field.startsWith('custom.') || isNumber || isCategory;
  return usable ? { name, kind, field, logarithm: log !== undefined } : null;
}

/** Whether it is of what there was before the first touch. */
export function asksHistory({ kind, field }: Covariate): boolean {
  return kind === 'Person' && isHistory(field);
}

function isHistory(field: string): field is keyof History {
  return historyFields.some((one) => one === field);
}

/** Names that would do, for an admin who wrote another. */
export function covariateNames(): string[] {
  return (['Person', 'Organization'] as const).flatMap((kind) => [
    ...Object.entries(canonicalFields[kind])
      .filter(([, type]) => numeric.includes(type))
      .map(([field]) => `${kind}.${field}`),
    ...categories[kind].map((field) => `${kind}.${field}`),
    ...(kind === 'Person' ? historyFields.map((field) => `${kind}.${field}`) : []),
  ]);
}

/**
 * The mean of those entities of the covariate's kind that know it; absent when none does. A category has the part of
 * them that is of it under its own name (`Organization.industry = Retail`), and 1 under that of the covariate, which says
 * that it is known. Covariates of history are in `historiesIn`.
 */
export function covariatesOf(
  covariates: readonly Covariate[],
  entities: readonly Entity[],
): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const covariate of covariates) {
    const values = entities.flatMap((entity) => read(covariate, entity) ?? []);
    const numbers = values.filter((value) => typeof value === 'number');
    const texts = values.filter((value) => typeof value === 'string');
    if (numbers.length > 0) found[covariate.name] = meanOf(numbers);
    else if (texts.length > 0) {
      found[covariate.name] = 1;
      for (const [text, all] of Map.groupBy(texts, (value) => value))
        found[categoryName(covariate.name, text)] = all.length / texts.length;
    }
  }
  return found;
}

/** The same of what there was before their first touches: the mean over people. */
export function historiesIn(
  covariates: readonly Covariate[],
  histories: readonly History[],
): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  if (histories.length === 0) return found;
  for (const { name, field, logarithm } of covariates)
    if (isHistory(field))
      found[name] = meanOf(histories.map((one) => (logarithm ? Math.log1p(one[field]) : one[field])));
  return found;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function read({ kind, field, logarithm }: Covariate, entity: Entity): number | string | null {
  const value = entity.kind === kind && !entity.withdrawn ? readable(entity.fields[field]) : null;
  if (!logarithm) return value;
  return typeof value === 'number' ? Math.log1p(Math.max(0, value)) : null;
}

/** A text counts as a category, however it is spaced. */
function readable(value: Entity['fields'][string] | undefined): number | string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return value.trim() || null;
  return typeof value === 'object' && value !== null && 'minor' in value ? value.minor : null;
}
