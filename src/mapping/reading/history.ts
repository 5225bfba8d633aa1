/** `history:` — the past values of a field, where the vendor tells them with the record. */
import { isJsonObject, type Json, type JsonObject } from '../../support/json.ts';
import { compilePath, type FieldChange, nameOf, type ReadContext } from '../language/path.ts';
import type { Scope } from '../language/scope.ts';
import { parseTime } from '../language/time.ts';

/** The changes of a field, oldest first. */
export type HistoryReader = (body: JsonObject, context: ReadContext) => readonly FieldChange[];

export function compileHistory(field: string, scope: Scope): HistoryReader {
  const { history } = scope.file.data;
  scope.remember(field);
  if (history === '') {
    scope.complain(
      'The file does not say where records keep past values.',
      'Name the place at the top (`history: propertiesWithHistory`), or use `at: { changed: … }`.',
    );
  }
  const read = compilePath(`${history}.${nameOf(field)}`);
  const { zone } = scope.file;
  return (body, context) => {
    const list = read(body, context);
    return Array.isArray(list) ? changesIn(list, zone) : [];
  };
}

/** A field that had so many values may have had more: systems tell of the latest ones only. */
export const mostTold = 20;

/** Writing a value again is no change, and of several at one moment the newest counts: vendors list it first. */
function changesIn(list: readonly Json[], zone: string): FieldChange[] {
  const newestOf = new Map<number, Json>();
  for (const entry of list) {
    const at = isJsonObject(entry) ? timeOf(entry.timestamp, zone) : undefined;
    if (isJsonObject(entry) && at !== undefined && !newestOf.has(at)) newestOf.set(at, entry.value ?? null);
  }
  const changes: FieldChange[] = [];
  for (const [at, value] of [...newestOf].sort(([a], [b]) => a - b)) {
    const before = changes.at(-1)?.value ?? null;
    if (value !== before) changes.push({ value, before, at });
  }
  return changes;
}

function timeOf(value: Json | undefined, zone: string): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseTime(value, zone) : undefined;
}
