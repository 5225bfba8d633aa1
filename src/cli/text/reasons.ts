/** Parked work for people: a thousand records that wait for the same reason are told once. */
import type { ParkedReason } from '../../store/contract/work.ts';

const shown = 5;

export interface Waiting {
  readonly key: string;
  readonly reason: ParkedReason;
  /** What people call the thing, and where its record can be looked at; where known. */
  readonly name?: string | null;
  readonly address?: string | null;
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
      ...group.slice(0, shown).map((waiting) => `    ${named(waiting)}`),
      ...more,
    ];
  });
}

/** The key is what `parked retry --key` takes; the record is what the CRM shows. Of a delivery both are the same. */
function named({ key, reason: { record }, name, address }: Waiting): string {
  const parts = [name, key, record, address].filter((part) => typeof part === 'string');
  return [...new Set(parts)].join('  ');
}
