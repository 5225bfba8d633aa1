/** One record through its mapping, for an admin to look at: what each field becomes, and why. */
import type { CanonicalValue, FieldKind } from '../../canonical/model.ts';
import { isJsonObject, type Json, type JsonObject } from '../../support/json.ts';
import type { CompiledField, CompiledObject, MappedRecord, Normalized } from '../language/compiled.ts';
import { isBlank } from '../language/kinds.ts';
import { compilePath } from '../language/path.ts';
import { ruleText } from '../language/words.ts';

export interface Preview {
  readonly fields: readonly PreviewedField[];
  readonly normalized: Normalized;
  /** Places in the record that hold a value and that no line of the mapping reads. */
  readonly unread: readonly string[];
}

export interface PreviewedField {
  readonly canonical: string;
  readonly kind: FieldKind;
  readonly vendor: string;
  readonly line: number;
  readonly rule: string;
  /** Absent: the record does not have it. */
  readonly raw?: Json;
  /** Absent: the record says nothing of it. */
  readonly value?: CanonicalValue;
  /** In plain words, what became of it. */
  readonly why: string;
}

export async function previewRecord(object: CompiledObject, record: MappedRecord): Promise<Preview> {
  const prepared = object.prepare ? await object.prepare(record) : record;
  const normalized = object.normalize(prepared);
  return {
    fields: object.fields.map((field) => previewField(field, prepared, normalized)),
    normalized,
    unread: unreadPlaces(object, record.body),
  };
}

function previewField(
  field: CompiledField,
  record: MappedRecord,
  { contributions, warnings }: Normalized,
): PreviewedField {
  const { canonical, kind, vendor, line } = field;
  const raw = compilePath(field.path)(record.body, { record, warn: () => {} });
  const value = contributions.find(({ kind }) => kind === field.entity)?.values[canonical]?.value;
  const warned = warnings.filter((warning) => warning.field === vendor).map(({ message }) => message);
  return {
    canonical,
    kind,
    vendor,
    line,
    rule: ruleText(field.rule),
    ...(raw === undefined ? {} : { raw }),
    ...(value === undefined ? {} : { value }),
    why: warned.length > 0 ? warned.join('; ') : reason(field, raw, value),
  };
}

function reason(
  { pulls, rule, blanks }: CompiledField,
  raw: Json | undefined,
  value: CanonicalValue | undefined,
): string {
  if (!pulls) return rule.kind === 'off' ? 'not synced' : 'written by the hub, not read';
  if (value === null)
    return blanks === 'clear' ? 'blank, and a blank may clear it elsewhere' : 'blank, overwrites nothing';
  if (value !== undefined)
    return typeof value === typeof raw && value === raw ? 'taken as it is' : 'transformed';
  return raw === undefined || isBlank(raw) ? 'not in this record' : 'left out: its condition does not hold';
}

/** Leaves of the record that hold something and lie on no path that the mapping reads. */
export function unreadPlaces({ uses }: Pick<CompiledObject, 'uses'>, body: JsonObject): string[] {
  const read = uses.map(({ path }) => path.replace(/\[.*/, ''));
  return [...leaves(body, '')].filter(
    (leaf) => !read.some((path) => isWithin(leaf, path) || isWithin(path, leaf)),
  );
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`);
}

function* leaves(value: JsonObject, above: string): Generator<string> {
  for (const [name, member] of Object.entries(value)) {
    const path = above === '' ? name : `${above}.${name}`;
    if (isJsonObject(member)) yield* leaves(member, path);
    else if (!isBlank(member)) yield path;
  }
}
