/** How a file parts its fields: as somebody said, or as its first line shows. */
import type { Problem } from '../../support/problem.ts';
import { byte, type Dialect } from './bytes.ts';
import { headerFields } from './odd.ts';

/** What somebody said of a file; what is missing is found out. */
export interface FileFormat {
  readonly delimiter?: string | undefined;
  readonly decimal?: '.' | ',' | undefined;
}

const names: Readonly<Record<string, string>> = { ',': 'a comma', ';': 'a semicolon', '\t': 'a tab' };

export function delimiterName(delimiter: string): string {
  return names[delimiter] ?? `"${delimiter}"`;
}

function dialectOf(delimiter: string, { decimal }: FileFormat): Dialect {
  return {
    delimiter: delimiter.charCodeAt(0),
    decimal: decimal === ',' ? byte.comma : byte.point,
    // Spreadsheets of countries with a decimal comma export semicolons.
    doubtful: decimal === undefined && delimiter === ';',
  };
}

/** The first line, as it reads with the delimiter that suits it best. */
export interface FirstLine {
  readonly dialect: Dialect;
  readonly fields: readonly string[];
}

/** @param score how well these fields are what is looked for; at an equal score the more fields, then the usual delimiter */
export function readFirstLine(
  line: string,
  format: FileFormat,
  score: (fields: readonly string[]) => number,
  where: () => string,
): FirstLine {
  const delimiters = format.delimiter === undefined ? Object.keys(names) : [format.delimiter];
  const readings = delimiters.map((delimiter) => readWith(line, dialectOf(delimiter, format), where));
  const rank = ({ fields }: FirstLine) => score(fields) * 1_000_000 + fields.length;
  const [best] = readings
    .filter((one): one is FirstLine => 'fields' in one)
    .sort((a, b) => rank(b) - rank(a));
  if (best) return best;
  throw readings[0];
}

function readWith(line: string, dialect: Dialect, where: () => string): FirstLine | Problem {
  try {
    return { dialect, fields: headerFields(line, { where, dialect }) };
  } catch (error) {
    return error as Problem;
  }
}
