/** Rows of deals that do not say what these show: one line each. */
import type { RowsBehind, RowsLeft } from '../../sync/push/plan/rows-behind.ts';

/** `312 rows of 48 deals`; `1 row of 1 deal`. */
export function rowsOfDeals({ rows, deals }: RowsBehind): string {
  return `${rows === 1 ? '1 row' : `${rows} rows`} of ${deals === 1 ? '1 deal' : `${deals} deals`}`;
}

export function heldRowsLines(held: RowsBehind): string[] {
  if (held.rows === 0) return [];
  const [wait, them, they] = [
    held.rows === 1 ? 'waits' : 'wait',
    held.deals === 1 ? 'it' : 'them',
    held.deals === 1 ? 'it has' : 'they have',
  ];
  return [`${rowsOfDeals(held)} ${wait} with ${them}, until ${they} been told the new credit`];
}

export function parkedRowsLines(parked: RowsBehind): string[] {
  if (parked.rows === 0) return [];
  const [is, shows] = [parked.rows === 1 ? 'is' : 'are', parked.deals === 1 ? 'it shows' : 'these show'];
  return [`${rowsOfDeals(parked)} ${is} parked and may contradict what ${shows}; see \`hub parked\``];
}

export function rowsLeftLine({ connection, object, rows }: RowsLeft): string {
  const [what, stay, contradict] =
    rows === 1
      ? ['the row', 'stays as it is', 'contradicts']
      : [`the ${rows} rows`, 'stay as they are', 'contradict'];
  return `${connection}: ${what} of ${object} there ${stay} and soon ${contradict} what their deals are told, for \`writes\` of ${object} are off; switch them on, or those of the deals off`;
}
