/**
 * `when:` as a predicate. A map's lines must all hold; of a list of maps, one. A line compares with a value, one
 * of several, `present`, `blank`, `{ not: … }`, or another field: `{ differs: … }`. Values are compared as text, because some systems hold
 * everything as text: `true` equals `"true"`.
 */
import type { CanonicalFields, CanonicalValue } from '../../canonical/model.ts';
import type { Json, JsonObject } from '../../support/json.ts';
import { isBlank } from './kinds.ts';
import type { ReadContext } from './path.ts';
import type { Expected, When } from './schema.ts';
import type { Scope } from './scope.ts';

export type Condition = (body: JsonObject, context: ReadContext) => boolean;

export function compileWhen(when: When, scope: Scope): Condition {
  const alternatives = alternativesOf(when).map((condition, index) =>
    Object.entries(condition).map(([path, expected]) => {
      const place = Array.isArray(when) ? scope.at(index, path) : scope.at(path);
      return compileLine(path, expected, place);
    }),
  );
  return (body, context) => alternatives.some((all) => all.every((holds) => holds(body, context)));
}

function compileLine(path: string, expected: Expected, scope: Scope): Condition {
  const read = scope.reader(path);
  if (isComparison(expected)) {
    const other = scope.reader(expected.differs);
    return (body, context) => text(read(body, context)) !== text(other(body, context));
  }
  const holds = expectation(expected);
  return (body, context) => holds(read(body, context));
}

/** `when:` over canonical fields, for `create:`. */
export interface FieldsCondition {
  holds(fields: CanonicalFields): boolean;
  /** The lines that do not hold, as the admin wrote them; of a list of maps, those of the map that fails in the fewest. */
  unmet(fields: CanonicalFields): string[];
}

interface FieldsLine {
  readonly words: string;
  holds(fields: CanonicalFields): boolean;
}

export function compileFieldsWhen(when: When): FieldsCondition {
  const alternatives = alternativesOf(when).map((condition) =>
    Object.entries(condition).map(([name, expected]) => fieldsLine(name, expected)),
  );
  const failing = (fields: CanonicalFields) =>
    alternatives.map((all) => all.filter((line) => !line.holds(fields)));
  return {
    holds: (fields) => alternatives.some((all) => all.every((line) => line.holds(fields))),
    unmet: (fields) => {
      const [fewest = []] = failing(fields).sort((a, b) => a.length - b.length);
      return fewest.map(({ words }) => words);
    },
  };
}

function fieldsLine(name: string, expected: Expected): FieldsLine {
  const words = `${name}: ${typeof expected === 'string' ? expected : JSON.stringify(expected)}`;
  if (isComparison(expected))
    return { words, holds: (fields) => text(fields[name]) !== text(fields[expected.differs]) };
  const holds = expectation(expected);
  return { words, holds: (fields) => holds(fields[name]) };
}

/** Names that a condition asks about. */
export function namesIn(when: When): string[] {
  return alternativesOf(when).flatMap((condition) => Object.keys(condition));
}

function alternativesOf(when: When): readonly Readonly<Record<string, Expected>>[] {
  return Array.isArray(when) ? when : [when];
}

type Value = Json | CanonicalValue | undefined;
type Expectation = (value: Value) => boolean;

type Comparison = Extract<Expected, { readonly differs: string }>;

function isComparison(expected: Expected): expected is Comparison {
  return typeof expected === 'object' && 'differs' in expected;
}

function expectation(expected: Exclude<Expected, Comparison>): Expectation {
  if (typeof expected === 'object' && 'not' in expected) {
    const holds = expectation(expected.not);
    return (value) => !holds(value);
  }
  if (expected === 'present') return (value) => !blank(value);
  if (expected === 'blank') return blank;
  const accepted = new Set([expected].flat().map(String));
  return (value) => accepted.has(text(value));
}

function text(value: Value): string {
  return String(value ?? '');
}

function blank(value: Value): boolean {
  return value === undefined || value === null || (typeof value !== 'object' && isBlank(value));
}
