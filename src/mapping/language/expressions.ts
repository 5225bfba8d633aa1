/** JSONata, for what no named transform does. Read once here, evaluated apart before the record is normalized. */
import jsonata from 'jsonata';
import { messageOf } from '../../support/error-text.ts';
import type { Json } from '../../support/json.ts';
import { Problem } from '../../support/problem.ts';
import type { MappedRecord, MappingWarning } from './compiled.ts';
import { type Evaluated, type ExpressionLimit, limitText } from './jsonata/limits.ts';
import { evaluateApart } from './jsonata/process.ts';
import { compilePath, type ReadContext, type Reader } from './path.ts';
import type { Expression, FileScope } from './scope.ts';

export type Prepare = (record: MappedRecord) => Promise<MappedRecord>;

interface Compiled extends Expression {
  /** Null: it starts from the record itself. */
  readonly start: Reader | null;
}

/**
 * Undefined when the object uses no expression. Otherwise rejects with a `Problem` that names the line of an
 * expression that exceeds a limit on this record.
 */
export function compileExpressions(expressions: readonly Expression[], file: FileScope): Prepare | undefined {
  const compiled = expressions.flatMap((expression) => compileOne(expression, file) ?? []);
  if (compiled.length === 0) return undefined;
  return async (record) => {
    const results = await Promise.all(compiled.map((expression) => evaluate(expression, record)));
    const computed: Record<string, Json> = {};
    const warnings: MappingWarning[] = [];
    for (const [index, { name, line }] of compiled.entries()) {
      const result = results[index] ?? {};
      if ('exceeded' in result) throw exceeded(result.exceeded, file.complaints.placeOf(line));
      if ('error' in result) warnings.push(failed(line, result.error));
      else if (result.value !== undefined) computed[name] = result.value;
    }
    return { ...record, computed, warnings };
  };
}

function compileOne(expression: Expression, file: FileScope): Compiled | undefined {
  try {
    const fickle = fickleIn(jsonata(expression.text).ast());
    if (fickle !== undefined) {
      file.complaints.addAt(
        expression.line,
        `\`$${fickle}\` gives another value each time, and a record says the same however often it is read.`,
        'Use what stands in the record instead, such as the time at which it was changed.',
      );
      return undefined;
    }
    return { ...expression, start: expression.root === '' ? null : compilePath(expression.root) };
  } catch (error) {
    file.complaints.addAt(
      expression.line,
      `This is no JSONata: ${messageOf(error)}.`,
      'docs.jsonata.org explains the language; try.jsonata.org tries an expression.',
    );
    return undefined;
  }
}

/** What is computed from a record must depend on nothing but it: else it would be news, and written, without end. */
const fickleFunctions: ReadonlySet<string> = new Set(['now', 'millis', 'random', 'shuffle']);

/** The first name of such a function in the syntax tree. */
function fickleIn(node: unknown, seen = new Set<unknown>()): string | undefined {
  if (typeof node !== 'object' || node === null || seen.has(node)) return undefined;
  seen.add(node);
  const { type, value } = node as { readonly type?: unknown; readonly value?: unknown };
  if (type === 'variable' && typeof value === 'string' && fickleFunctions.has(value)) return value;
  for (const part of Object.values(node)) {
    const found = fickleIn(part, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function evaluate({ text, start }: Compiled, record: MappedRecord): Promise<Evaluated> {
  return evaluateApart({ text, input: start ? start(record.body, silent(record)) : record.body });
}

function silent(record: MappedRecord): ReadContext {
  return { record, warn: () => {} };
}

function exceeded(limit: ExpressionLimit, where: string): Problem {
  return new Problem('failed', `The JSONata expression ${limitText(limit)} on this record.`, {
    where,
    remedy: 'Make the expression do less, or mend the record, then run `hub parked retry`.',
  });
}

/** An expression that fails on this record says nothing of it. */
function failed(line: number, message: string): MappingWarning {
  return { field: `line ${line}`, message: `the JSONata expression failed: ${message}` };
}
