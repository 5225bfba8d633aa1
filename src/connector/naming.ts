/** How a write names its record. */
import type { Write } from './contract/writing.ts';

export interface FieldValue {
  readonly field: string;
  readonly value: string;
}

/** The one field of a key and its value, for vendors that find a record by a single field; null for any other key. */
export function soleField(key: Write['alternateKey']): FieldValue | null {
  const [first, ...others] = Object.entries(key ?? {});
  if (first === undefined || others.length > 0) return null;
  const [field, value] = first;
  return value === null || typeof value === 'object' || value === '' ? null : { field, value: String(value) };
}
