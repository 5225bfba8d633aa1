/** What the CRM has and the mapping does not know: options without a line in a table, fields that are there under another name. */
import type { FieldDescription, FieldSpec } from '../../connector/contract/fields.ts';
import { editDistance } from '../../support/nearest.ts';
import type { CompiledField, CompiledObject } from '../language/compiled.ts';
import type { Finding } from './finding.ts';

/** Options that the CRM offers and the field's table does not translate. */
export function unknownOptions(
  { picklist, pulls, vendor, canonical, line }: CompiledField,
  object: string,
  described: FieldDescription | undefined,
): Finding[] {
  if (!picklist || !pulls) return [];
  const known = new Set(picklist.map(folded));
  const unknown = (described?.options ?? []).filter((option) => !known.has(folded(option)));
  if (unknown.length === 0) return [];
  const named = unknown.map((option) => `"${option}"`).join(', ');
  return [
    {
      line,
      message: `${object}.${vendor} offers ${named}, which the table of "${canonical}" does not know: such values come in as they are.`,
      remedy: 'Add a line to the table for each.',
    },
  ];
}

/** A field that `provision` would create, and the field that was probably meant. */
export interface Doubt {
  readonly spec: FieldSpec;
  readonly near: string;
}

/**
 * Fields to be created that are spelt almost like one that is there, or carry its label. Fields that the mapping
 * names stand for themselves: `Chat_Credit_Low__c` is not a slip for `Chat_Credit_N__c`.
 */
export function doubts(
  { object, provisions, uses }: Pick<CompiledObject, 'object' | 'provisions' | 'uses'>,
  described: readonly FieldDescription[],
): Doubt[] {
  const present = new Set(described.map(({ name }) => name));
  const named = new Set([...uses.map(({ vendor }) => vendor), ...provisions.map(({ name }) => name)]);
  const others = described.filter(({ name }) => !named.has(name));
  return provisions
    .filter((spec) => spec.object === object && !present.has(spec.name))
    .flatMap((spec) => {
      const near = others.find(
        (field) => isSlip(spec.name, field.name) || folded(spec.label) === folded(field.label),
      );
      return near ? [{ spec, near: near.name }] : [];
    });
}

export function doubtfulProvisions(object: CompiledObject, doubted: readonly Doubt[]): Finding[] {
  return doubted.map(({ spec, near }) => ({
    line: object.fields.find(({ vendor }) => vendor === spec.name)?.line ?? object.line,
    message: `${object.object} has no field "${spec.name}".`,
    remedy: `${didYouMeanField(near)} If not, \`hub provision --apply --as-written\` creates it.`,
  }));
}

export function didYouMeanField(near: string): string {
  return `Did you mean "${near}", which is there?`;
}

/** One slip of the finger in ten letters; underscores and case do not count. */
function isSlip(written: string, present: string): boolean {
  const [a, b] = [written, present].map((name) => folded(name).replaceAll('_', ''));
  if (a === undefined || b === undefined) return false;
  return editDistance(a, b) <= Math.max(1, Math.floor(a.length / 10));
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}
