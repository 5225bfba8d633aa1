import type { Json } from '../../../src/support/json.ts';
import type { FieldDef } from '../schema/model.ts';
import { isText } from '../schema/model.ts';
import type { Comparison } from './ast.ts';
import type { Operand } from './literal.ts';

export type Test = (value: Json) => boolean;

/** How values of a field compare: text without regard to case, unless the field says otherwise. */
export function folder(field: FieldDef): (value: Json) => Json {
  const folds = isText(field.type) && !field.caseSensitive;
  return folds ? (value) => (typeof value === 'string' ? value.toLowerCase() : value) : (value) => value;
}

export function comparison(field: FieldDef, op: Comparison, operand: Operand): Test {
  if (op === 'LIKE') return like(operand);
  if ('from' in operand) return againstPeriod(op, operand.from, operand.to);
  const fold = folder(field);
  const wanted = fold(operand.value);
  if (op === '=') return (value) => fold(value ?? null) === wanted;
  if (op === '!=') return (value) => fold(value ?? null) !== wanted;
  const holds = signs[op];
  return (value) => value !== null && wanted !== null && holds(order(fold(value), wanted));
}

const signs = {
  '<': (sign: number) => sign < 0,
  '<=': (sign: number) => sign <= 0,
  '>': (sign: number) => sign > 0,
  '>=': (sign: number) => sign >= 0,
} as const;

/** Sign of one minus other, both of one type and not null. */
export function order(one: Json, other: Json): number {
  if (one === other) return 0;
  return (one as string) < (other as string) ? -1 : 1;
}

function againstPeriod(op: Comparison, from: string, to: string): Test {
  const inside = (value: string) => value >= from && value < to;
  const tests: Partial<Record<Comparison, (value: string) => boolean>> = {
    '=': inside,
    '!=': (value) => !inside(value),
    '<': (value) => value < from,
    '<=': (value) => value < to,
    '>': (value) => value >= to,
    '>=': (value) => value >= from,
  };
  const test = tests[op];
  return (value) => typeof value === 'string' && test !== undefined && test(value);
}

/** `%` is any run of characters, `_` any one; a backslash makes them themselves. */
function like(operand: Operand): Test {
  const pattern = 'value' in operand && typeof operand.value === 'string' ? operand.value : '';
  const source = pattern.replace(
    /\\([%_])|[%_]|[.*+?^${}()|[\]\\]/g,
    (found, literal: string | undefined) => {
      if (literal !== undefined) return literal;
      return found === '%' ? '[\\s\\S]*' : found === '_' ? '[\\s\\S]' : `\\${found}`;
    },
  );
  const regex = new RegExp(`^${source}$`, 'i');
  return (value) => typeof value === 'string' && regex.test(value);
}
