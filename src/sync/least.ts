/**
 * The least number of API calls that the same work could have taken, given the vendor's page and batch limits:
 *
 *   reading   per stream ⌈records ÷ page⌉, and one call to learn that there is nothing
 *   writing   per object and kind of write ⌈writes ÷ batch⌉
 *   checking  per object ⌈records ÷ page⌉ for those that are read again: just before a field is overwritten
 *             that others write, too, and once after the hub created them
 */
import type { WriteRecord } from '../store/contract.ts';
import type { System } from './hub.ts';

/** `received`: records by object. */
export function leastReads(system: System, received: Readonly<Record<string, number>>): number {
  const calls = Object.entries(received).map(([object, records]) => {
    const size = system.connector.streams?.[object]?.pageSize ?? 1;
    return Math.max(1, Math.ceil(records / size));
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
  return sum(
    [...groups.values()].map((group) => {
      const size = system.connector.streams?.[group[0]?.object ?? '']?.pageSize ?? 1;
      return Math.ceil(group.length / size);
    }),
  );
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
