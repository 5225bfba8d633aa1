/** Columns found by name, in any case and with blanks around them. */
import { Problem } from '../../support/problem.ts';

/** The place of a column in a header, -1 where it has none. Throws where two may be meant. */
export function columnAt(header: readonly string[], name: string, where: string): number {
  const exact = header.indexOf(name);
  if (exact >= 0) return exact;
  const like = header.flatMap((column, index) => (folded(column) === folded(name) ? [index] : []));
  const [only = -1, other] = like;
  if (other === undefined) return only;
  throw new Problem('failed', `The header has the column "${name}" twice, in other letters.`, {
    where,
    remedy: 'Rename one of them.',
  });
}

/** How many of the columns a header has. */
export function columnsIn(header: readonly string[], names: readonly string[]): number {
  const known = new Set(header.map(folded));
  return names.filter((name) => known.has(folded(name))).length;
}

function folded(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}
