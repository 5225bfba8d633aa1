/** JSONata, for what no named transform does. Compiled once; evaluated before the record is normalized. */
import jsonata from 'jsonata';
import type { Json } from '../support/json.ts';
import type { MappedRecord } from './compiled.ts';
import { compilePath, type ReadContext } from './path.ts';
import type { Expression, FileScope } from './scope.ts';

export type Prepare = (record: MappedRecord) => Promise<MappedRecord>;

interface Compiled {
  readonly name: string;
  evaluate(record: MappedRecord): Promise<Json | undefined>;
}

/** Undefined when the object uses no expression. */
export function compileExpressions(expressions: readonly Expression[], file: FileScope): Prepare | undefined {
  const compiled = expressions.flatMap((expression) => compileOne(expression, file) ?? []);
  if (compiled.length === 0) return undefined;
  return async (record) => {
    const computed: Record<string, Json> = {};
    for (const { name, evaluate } of compiled) {
      const value = await evaluate(record);
      if (value !== undefined) computed[name] = value;
    }
    return { ...record, computed };
  };
}

function compileOne({ name, text, root, line }: Expression, file: FileScope): Compiled | undefined {
  try {
    const expression = jsonata(text);
    const start = root === '' ? null : compilePath(root);
    return {
      name,
      evaluate: (record) => evaluated(expression, start ? start(record.body, silent(record)) : record.body),
    };
  } catch (error) {
    file.complaints.addAt(
      line,
      `This is no JSONata: ${messageOf(error)}.`,
      'docs.jsonata.org explains the language; try.jsonata.org tries an expression.',
    );
    return undefined;
  }
}

function silent(record: MappedRecord): ReadContext {
  return { record, warn: () => {} };
}

/** An expression that fails on this record says nothing of it. */
async function evaluated(expression: jsonata.Expression, input: Json | undefined): Promise<Json | undefined> {
  try {
    const result: unknown = await expression.evaluate(input);
    return result === undefined ? undefined : (JSON.parse(JSON.stringify(result)) as Json);
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}
