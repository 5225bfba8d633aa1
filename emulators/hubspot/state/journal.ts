/** What is kept of a record besides its present values: each value's history, and what search knew when. */
import type { Stamp } from './happenings.ts';
import type { Row, Values } from './rows.ts';

/** The change stamp has no history of its own. */
export function remember(
  row: Row,
  before: Values,
  changes: Values,
  stampProperty: string,
  { at, source }: Stamp,
): void {
  for (const [name, value] of Object.entries(changes)) {
    if (name === stampProperty || (before[name] ?? '') === value) continue;
    const entries = row.history.get(name) ?? [];
    entries.push({ value, at, source });
    row.history.set(name, entries);
  }
}

/** The index goes on with what it knew until `lag` has passed. A new record is unknown to it until then. */
export function lagBehind(row: Row, before: Values, now: number, lag: number): void {
  const isNew = Object.keys(before).length === 0;
  const known = row.indexed.length > 0 || isNew ? row.indexed : [{ from: 0, values: before }];
  const current = known.findLastIndex(({ from }) => from <= now);
  row.indexed = [...known.slice(Math.max(current, 0)), { from: now + lag, values: row.values }];
}

export function knownAt(row: Row, now: number): Values | undefined {
  if (row.indexed.length === 0) return row.values;
  return row.indexed.findLast(({ from }) => from <= now)?.values;
}
