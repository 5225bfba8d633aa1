/**
 * The least number of API calls that the same work could have taken, given the vendor's page and batch limits:
 *
 *   reading   per stream ⌈records ÷ page⌉, and one call to learn that there is nothing; of a stream in parts one
 *             for the list and one for each part at least
 *   writing   per object and kind of write ⌈writes ÷ batch⌉
 *   checking  per object ⌈records ÷ page⌉ for those that are read again: just before a field is overwritten
 *             that others write, too, and once after the hub created them; and one call per object that may
 *             hold somebody already, before the hub creates a record for them
 *
 * A stream may say that it takes more: associations are read apart from records.
 */
import type { WriteRecord } from '../store/contract/outbox.ts';
import type { System } from '../sync/hub.ts';

/** By object: records that came. `parts`: of how many parts, where a stream has parts; their list takes a call. */
export function leastReads(
  system: System,
  received: Readonly<Record<string, number>>,
  parts: Readonly<Record<string, number>> = {},
): number {
  const calls = Object.entries(received).map(([object, records]) => {
    const pages = Math.ceil(records / pageSize(system, object));
    const some = parts[object];
    return some === undefined ? Math.max(1, pages) : 1 + Math.max(some, pages);
  });
  return sum(calls);
}

export function leastWrites(system: System, writes: readonly WriteRecord[]): number {
  const groups = Map.groupBy(writes, ({ object, op }) => `${object} ${op}`);
  return sum(
    [...groups.values()].map((group) => {
      const size = system.connector.sink?.(group[0]?.object ?? '')?.batchSize ?? 1;
      return Math.ceil(group.length / size);
    }),
  );
}

export function leastChecks(system: System, writes: readonly WriteRecord[]): number {
  const groups = Map.groupBy(
    writes.filter((write) => isChecked(system, write)),
    ({ object, op }) => `${object} ${op}`,
  );
  const fetches = [...groups.values()].map((group) =>
    leastFetch(system, group[0]?.object ?? '', group.length),
  );
  return sum(fetches) + looksBeforeCreating(system, writes).size;
}

function leastFetch(system: System, object: string, records: number): number {
  const told = system.connector.streams?.[object]?.leastFetch?.(records);
  return told ?? Math.ceil(records / pageSize(system, object));
}

/** Objects that are looked at for what is new, before a record is created that one of them may hold by now. */
function looksBeforeCreating({ connector, mapping }: System, writes: readonly WriteRecord[]): Set<string> {
  const created = new Set(writes.filter(({ op }) => op === 'upsert').map(({ object }) => object));
  const looked = [...created].flatMap((object) => {
    const rule = mapping.objects[object]?.create;
    return rule === undefined ? [] : [object, ...rule.unless];
  });
  return new Set(looked.filter((object) => connector.streams?.[object] !== undefined));
}

function pageSize({ connector, mapping }: System, object: string): number {
  const stream = connector.streams?.[object];
  const past = mapping.objects[object]?.histories ?? [];
  return (past.length > 0 ? stream?.pageSizeWithPast : undefined) ?? stream?.pageSize ?? 1;
}

function isChecked(system: System, { object, op, fields }: WriteRecord): boolean {
  if (!system.connector.streams?.[object]?.fetch) return false;
  if (op === 'upsert') return true;
  const mapping = system.mapping.objects[object];
  return mapping?.fields.some((field) => field.pulls && field.pushes && field.vendor in fields) ?? false;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
