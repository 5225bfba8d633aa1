/** The plan for a spreadsheet: a line for each field that would be written, and for each obstacle. */
import { csvText } from '../../support/csv.ts';
import type { About, PlanLine } from './plan-lines.ts';

const header = 'connection object record name address hub_id op writes field before after reason'.split(' ');

export function planCsv(lines: readonly PlanLine[]): string {
  return csvText(header, lines.flatMap(rowsOf));
}

function rowsOf(line: PlanLine): string[][] {
  const start = aboutCells(line);
  if (line.op === 'none') return [[...start, line.op, '', line.field ?? '', '', '', line.message]];
  const writes = line.writesOn ? 'on' : 'off';
  return line.fields.map(({ field, from, to, because }) => [
    ...start,
    ...[line.op, writes, field, cell(from), cell(to), because.text],
  ]);
}

function aboutCells({ connection, object, record, name, address, entity }: About): string[] {
  return [connection, object, record ?? '', name ?? '', address ?? '', entity];
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
