/** CSV as Bulk API 2.0 speaks it: comma, LF, every value quoted. jsforce's own writer and reader are not fit for it. */

/** Values of one row; undefined leaves the field alone, null clears it. */
export type CsvRow = readonly (string | null | undefined)[];

/** What clears a field; an empty cell means "leave as it is". */
const cleared = '#N/A';

export function writeCsvRow(row: CsvRow): string {
  return `${row.map(cell).join(',')}\n`;
}

function cell(value: string | null | undefined): string {
  if (value === undefined) return '';
  // Salesforce knows no empty text: REST takes it for null as well.
  if (value === null || value === '') return cleared;
  return `"${value.replaceAll('"', '""')}"`;
}

/** True for text that a CSV cannot carry, because it would clear the field. */
export function isUnwritable(value: unknown): boolean {
  return value === cleared;
}

/** Rows as objects by the header's names. Quoted cells may hold commas, quotes and line ends. */
export function readCsv(text: string): Record<string, string>[] {
  const [header = [], ...rows] = cellsOf(text);
  return rows.map((cells) => Object.fromEntries(header.map((name, column) => [name, cells[column] ?? ''])));
}

// One cell, quoted or bare, and what ends it. Sticky, so that the text is walked once.
const token = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  token.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const [, quoted, bare = '', end = ''] = token.exec(text) ?? [];
    if (token.lastIndex === 0) throw new RangeError(`CSV: the quoted cell at character ${at} does not end`);
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === ',' && token.lastIndex < text.length) continue;
    if (end === ',') row.push('');
    rows.push(row);
    row = [];
  }
  return rows;
}
