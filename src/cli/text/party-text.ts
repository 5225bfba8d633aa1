/** One of several who may be one, by a record of theirs. */
import type { Party } from '../../reports/doubts.ts';

export function partyText({ connection, object, id, name, address }: Party): string {
  return `${name ?? '(no name)'} (${connection} ${object} ${id}${address ? ` ${address}` : ''})`;
}

/** Nothing where all are shown. */
export function moreThan(shown: number, all: number): string[] {
  return all > shown ? [`and ${all - shown} more`] : [];
}
