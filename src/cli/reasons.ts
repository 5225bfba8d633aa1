/** Parked work for people: a thousand records that wait for the same reason are told once. */
import type { ParkedReason } from '../store/contract.ts';

const shown = 5;

export interface Waiting {
  readonly key: string;
  readonly reason: ParkedReason;
}

/** Each reason with how many it keeps waiting, and the first few of them by key. */
export function reasonLines(all: readonly Waiting[]): string[] {
  const groups = Map.groupBy(all, ({ reason: { code, field, message } }) => {
    return `${code}${field ? ` (${field})` : ''}: ${message}`;
  });
  return [...groups].flatMap(([words, group]) => {
    const more = group.length > shown ? [`    … and ${group.length - shown} more; --json lists all`] : [];
    const count = group.length > 1 ? `${group.length} × ` : '';
    return [
      `  ${count}${words}`,
      ...group.slice(0, shown).map(({ key, reason }) => `    ${named(key, reason)}`),
      ...more,
    ];
  });
}

/** The key is what `parked retry --key` takes; the record is what the CRM shows. */
function named(key: string, { record }: ParkedReason): string {
  return record ? `${key}  ${record}` : key;
}
