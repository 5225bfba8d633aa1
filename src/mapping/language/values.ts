/** A value that goes along with an event: read from the record, or written in the file. */
import type { Json, JsonObject } from '../../support/json.ts';
import { compileChain } from './chain.ts';
import { isBlank } from './kinds.ts';
import type { ReadContext } from './path.ts';
import type { ValueEntry } from './schema.ts';
import type { Scope } from './scope.ts';

/** Undefined: nothing to say. */
export type ValueReader = (body: JsonObject, context: ReadContext) => Json | undefined;

export function compileValue(entry: ValueEntry, scope: Scope): ValueReader {
  if (typeof entry === 'object' && 'value' in entry) return () => entry.value;
  const source = typeof entry === 'string' ? { field: entry } : entry;
  const reader = scope.reader(source.field);
  const chain = compileChain(source, source.field, scope);
  const otherwise = source.otherwise;
  return (body, context) => {
    const raw = reader(body, context);
    if (raw === undefined || isBlank(raw)) return otherwise;
    const value = chain.pull(raw, body, context);
    return value === undefined || value === null ? otherwise : value;
  };
}
