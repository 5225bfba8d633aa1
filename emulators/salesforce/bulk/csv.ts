/** CSV as the Bulk API reads and writes it: quotes doubled, fields quoted where they must be. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault';
}

/** Rows of cells; a quoted empty cell and a bare one are both empty. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : bareCell(text, at, delimiter);
    row.push(cell.value);
    at = cell.end;
    if (text[at] === delimiter) {
      at++;
      if (at < text.length) continue;
      row.push('');
    }
    rows.push(row);
    row = [];
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
  }
  return rows.filter((cells) => cells.length > 1 || cells[0] !== '');
}

function quotedCell(text: string, start: number): { value: string; end: number } {
  let at = start + 1;
  let value = '';
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new CsvFault('Unclosed quote in CSV data');
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}

function bareCell(text: string, start: number, delimiter: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++;
  return { value: text.slice(start, end), end };
}

export function csvLine(cells: readonly string[], delimiter: string, lineEnding: string): string {
  return cells.map(quote).join(delimiter) + lineEnding;
}

export function quote(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
