/** Property values as HubSpot wants them: always text, and the empty text clears. */
import { Fault } from '../../../src/connector/fault.ts';
import type { Json } from '../../../src/support/json.ts';

export type Properties = Readonly<Record<string, string>>;

/** Throws `rejected` for a value that has no text form here. */
export function toProperties(fields: Readonly<Record<string, Json>>): Properties {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, textOf(name, value)]));
}

/** Several choices are `a;b;c`. */
function textOf(field: string, value: Json): string {
  if (Array.isArray(value)) return value.map((one) => textOf(field, one)).join(';');
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  throw new Fault('rejected', `${field}: HubSpot properties hold text; records are tied by associations`, {
    code: 'NOT_A_TEXT',
    field,
  });
}
