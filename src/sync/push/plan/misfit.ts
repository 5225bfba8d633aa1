/** Why a CRM would not take a value, as far as its description of the field says. */
import type { FieldDescription, FieldType } from '../../../connector/contract/fields.ts';
import type { Json } from '../../../support/json.ts';

export interface Misfit {
  readonly code: string;
  /** Continues "<object>.<field> …". */
  readonly words: string;
}

type Rule = (field: FieldDescription, value: Json) => Misfit | null;

const texts: ReadonlySet<FieldType> = new Set(['text', 'longtext', 'email', 'phone', 'url']);
const numbers: ReadonlySet<FieldType> = new Set(['number', 'money', 'percent']);

const rules: readonly Rule[] = [
  ({ writable }) =>
    writable ? null : { code: 'FIELD_IS_READ_ONLY', words: 'cannot be written by the hub’s user' },
  ({ type, maxLength }, value) => {
    if (!texts.has(type) || maxLength === undefined || typeof value !== 'string') return null;
    const length = [...value].length;
    if (length <= maxLength) return null;
    return { code: 'VALUE_TOO_LONG', words: `takes ${maxLength} characters, and the value has ${length}` };
  },
  ({ type }, value) => {
    if (!numbers.has(type) || value === null || value === '' || Number.isFinite(Number(value))) return null;
    return { code: 'VALUE_IS_NO_NUMBER', words: `takes numbers, and the value is ${shown(value)}` };
  },
  ({ restricted, options = [] }, value) => {
    if (restricted !== true || options.length === 0) return null;
    const known = new Set(options.map((option) => option.toLowerCase()));
    const stray = optionsIn(value).find((one) => !known.has(one.toLowerCase()));
    if (stray === undefined) return null;
    return { code: 'VALUE_IS_NO_OPTION', words: `has no option ${shown(stray)}` };
  },
];

export const misfitCodes: ReadonlySet<string> = new Set([
  'FIELD_IS_MISSING',
  'FIELD_IS_READ_ONLY',
  'VALUE_TOO_LONG',
  'VALUE_IS_NO_NUMBER',
  'VALUE_IS_NO_OPTION',
]);

/** `field` is undefined where the CRM does not name it to the hub's user. */
export function misfitOf(field: FieldDescription | undefined, value: Json): Misfit | null {
  if (!field) {
    const words = 'does not exist, or the hub’s user may not see it (field-level security)';
    return { code: 'FIELD_IS_MISSING', words };
  }
  return rules.map((rule) => rule(field, value)).find((misfit) => misfit !== null) ?? null;
}

/** Several options are one text with semicolons. */
function optionsIn(value: Json): string[] {
  if (typeof value !== 'string') return [];
  return value.split(';').filter((option) => option !== '');
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
