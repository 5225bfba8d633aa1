/** What is known of people and may move a baseline: fields of persons and organizations as numbers. */
import { canonicalFields, type Entity, type FieldKind } from '../canonical/model.ts';

export interface Covariate {
  /** As the admin wrote it: `Person.score`, `log(Organization.employees)`. */
  readonly name: string;
  readonly kind: 'Person' | 'Organization';
  readonly field: string;
  /** Sizes are compared by ratio: log(1 + value). */
  readonly logarithm: boolean;
}

const pattern = /^(?:(log)\()?(Person|Organization)\.([\w.]+?)(\))?$/;
const numeric: readonly FieldKind[] = ['number', 'money', 'boolean'];

/** Null for what is not such a name, or names a field that is not a number. */
export function parseCovariate(name: string): Covariate | null {
  const [, log, kind, field = '', close] = pattern.exec(name) ?? [];
  if ((kind !== 'Person' && kind !== 'Organization') || (log === undefined) !== (close === undefined))
    return null;
  const type = canonicalFields[kind][field];
  const usable = field.startsWith('custom.') || (type !== undefined && numeric.includes(type));
  return usable ? { name, kind, field, logarithm: log !== undefined } : null;
}

/** Names that would do, for an admin who wrote another. */
export function covariateNames(): string[] {
  return (['Person', 'Organization'] as const).flatMap((kind) =>
    Object.entries(canonicalFields[kind])
      .filter(([, type]) => numeric.includes(type))
      .map(([field]) => `${kind}.${field}`),
  );
}

/** The mean of those entities of the covariate's kind that know it; absent when none does. */
export function covariatesOf(
  covariates: readonly Covariate[],
  entities: readonly Entity[],
): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const covariate of covariates) {
    const values = entities.flatMap((entity) => read(covariate, entity) ?? []);
    if (values.length > 0) found[covariate.name] = values.reduce((sum, one) => sum + one, 0) / values.length;
  }
  return found;
}

function read({ kind, field, logarithm }: Covariate, entity: Entity): number | null {
  const value = entity.kind === kind && !entity.withdrawn ? numberOf(entity.fields[field]) : null;
  if (value === null || !logarithm) return value;
  return Math.log1p(Math.max(0, value));
}

function numberOf(value: Entity['fields'][string] | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'object' && value !== null && 'minor' in value ? value.minor : null;
}
