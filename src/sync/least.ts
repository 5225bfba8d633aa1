/** The least number of API calls that the same work could have taken, given the vendor's page and batch limits. */
import type { System } from './hub.ts';

/** Reading: per stream ⌈records ÷ page⌉, and one call to learn that there is nothing. */
export function leastReads(system: System, received: Readonly<Record<string, number>>): number {
  return Object.entries(received).reduce((sum, [object, records]) => {
    const size = system.connector.streams?.[object]?.pageSize ?? 1;
    return sum + Math.max(1, Math.ceil(records / size));
  }, 0);
}

/** Writing: per object ⌈writes ÷ batch⌉. */
export function leastWrites(system: System, written: Readonly<Record<string, number>>): number {
  return Object.entries(written).reduce((sum, [object, writes]) => {
    const size = system.connector.sink?.(object)?.batchSize ?? 1;
    return sum + Math.ceil(writes / size);
  }, 0);
}
