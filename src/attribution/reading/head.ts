/** Where the rows of a file begin, and how they are written. */
import { Problem } from '../../support/problem.ts';
import { byte } from './bytes.ts';
import { type FileFormat, type FirstLine, readFirstLine } from './dialect.ts';

export interface Head extends FirstLine {
  /** Where the first line after the header begins. */
  readonly start: number;
  /** Lines before that. */
  readonly lines: number;
}

export interface HeadSource {
  readonly file: string;
  readonly format: FileFormat;
  /** Without a header the first line is a row like all others, and only tells the delimiter. */
  readonly header: boolean;
  /** How well fields score; `enough` when they are what is looked for. */
  score(fields: readonly string[]): number;
  readonly enough: number;
}

/** Null while the first line is not there to its end. */
export function readHead(bytes: Uint8Array, end: number, source: HeadSource): Head | null {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let { format } = source;
  let number = 1;
  let close = lineEnd(bytes, start, end);
  if (close < 0) return null;
  // Excel's own way to name the delimiter.
  const told = /^sep=([^\r\n"])\r?$/i.exec(text(bytes, start, close))?.[1];
  if (told !== undefined) {
    format = { delimiter: told, ...withoutBlanks(format) };
    start = close + 1;
    number = 2;
    close = lineEnd(bytes, start, end);
    if (close < 0) return null;
  }
  const where = () => `${source.file}:${number}`;
  const first = readFirstLine(
    utf8Text(bytes, start, close, source.header ? 'header' : 'line', where),
    format,
    source.score,
    where,
  );
  if (!source.header) return { ...first, start, lines: number - 1 };
  if (source.score(first.fields) < source.enough) refuseLinesAbove(bytes, close + 1, end, number, source);
  return { ...first, start: close + 1, lines: number };
}

const farthestHeader = 40;

/** Reports of web analytics begin with lines about themselves. */
function refuseLinesAbove(
  bytes: Uint8Array,
  start: number,
  end: number,
  first: number,
  { file, format, score, enough }: HeadSource,
): void {
  let at = start;
  for (let number = first + 1; number <= farthestHeader; number += 1) {
    const close = lineEnd(bytes, at, end);
    if (close < 0) return;
    const where = () => `${file}:${number}`;
    const line = text(bytes, at, close);
    if (line !== '' && score(fieldsOrNone(line, format, score, where)) >= enough)
      throw new Problem('failed', `The header is not in the first line but in line ${number}.`, {
        where: `${file}:1`,
        remedy: 'Remove the lines above it, and any total and summary below the rows.',
      });
    at = close + 1;
  }
}

function fieldsOrNone(
  line: string,
  format: FileFormat,
  score: HeadSource['score'],
  where: () => string,
): readonly string[] {
  try {
    return readFirstLine(line, format, score, where).fields;
  } catch {
    return [];
  }
}

function withoutBlanks(format: FileFormat): FileFormat {
  return Object.fromEntries(Object.entries(format).filter(([, value]) => value !== undefined));
}

function lineEnd(bytes: Uint8Array, start: number, end: number): number {
  const close = bytes.subarray(0, end).indexOf(byte.lineFeed, start);
  return close;
}

function text(bytes: Uint8Array, start: number, close: number): string {
  return new TextDecoder().decode(bytes.subarray(start, close)).replace(/\r$/, '');
}

function utf8Text(
  bytes: Uint8Array,
  start: number,
  close: number,
  what: string,
  where: () => string,
): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, close)).replace(/\r$/, '');
  } catch (cause) {
    throw new Problem('failed', `The ${what} is not UTF-8.`, {
      where: where(),
      remedy: 'Save the file as UTF-8.',
      cause,
    });
  }
}
