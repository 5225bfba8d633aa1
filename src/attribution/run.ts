/** The attribution engine's only file that reads files. */
import { type FileHandle, open } from 'node:fs/promises';
import { refuseForeign } from '../support/file-kind.ts';
import { Problem } from '../support/problem.ts';
import type { Channels } from './journeys/channels.ts';
import type { JourneySink } from './journeys/sink.ts';
import { slack } from './reading/bytes.ts';
import { columnsIn } from './reading/columns.ts';
import type { FileFormat } from './reading/dialect.ts';
import { type HeadSource, readHead } from './reading/head.ts';
import {
  type ColumnNames,
  columnsWanted,
  journeyLines,
  layoutFromHeader,
  meanings,
} from './reading/layout.ts';
import { JourneyLines } from './reading/lines.ts';

const pieceSize = 1 << 18;
const lineFeed = 10;

export interface Reading {
  readonly signal?: AbortSignal;
  /** How the file is written, as far as somebody said. */
  readonly format?: FileFormat;
  /** Called now and then with the bytes read so far and the size of the file (0 where it has none, as a pipe). */
  readonly progress?: (read: number, size: number) => void;
}

/**
 * Reads a file in large pieces into one buffer that is used again and again. `take(bytes, start, end)` gets what
 * there is and returns how far it came; the rest comes again in front of the next piece. The last line ends with a
 * line feed, also where the file's does not.
 */
export async function readInPieces(
  file: string,
  take: (bytes: Uint8Array, start: number, end: number) => number,
  { signal, progress }: Reading = {},
): Promise<void> {
  const handle = await opened(file);
  try {
    const status = await handle.stat();
    // A folder can be opened, and fails at the first read.
    if (status.isDirectory()) throw unreadable(file, 'This is a folder, not a file.');
    let buffer: Uint8Array = new Uint8Array(pieceSize + slack);
    let kept = 0;
    for (let total = 0; ; ) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, kept, buffer.length - slack - kept, null);
      if (bytesRead === 0) break;
      if (total === 0) refuseForeign(buffer.subarray(0, bytesRead), file);
      total += bytesRead;
      const end = kept + bytesRead;
      const taken = take(buffer, 0, end);
      kept = end - taken;
      buffer.copyWithin(0, taken, end);
      if (kept > buffer.length / 2) buffer = doubled(buffer, kept);
      progress?.(total, status.size);
    }
    if (kept > 0) {
      buffer[kept] = lineFeed;
      take(buffer, 0, kept + 1);
    }
  } finally {
    await handle.close();
  }
}

function doubled(buffer: Uint8Array, kept: number): Uint8Array {
  const wider = new Uint8Array(buffer.length * 2);
  wider.set(buffer.subarray(0, kept));
  return wider;
}

async function opened(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (cause) {
    throw unreadable(file, 'The file cannot be read.', cause);
  }
}

function unreadable(file: string, message: string, cause?: unknown): Problem {
  const remedy = 'Give the path of a file that is there and may be read.';
  return new Problem('usage', message, { where: file, remedy, cause });
}

/** A file of journeys: with a header (`columns` by name), or `a > b > c,conversions,null` without one. */
export interface JourneyFile {
  readonly file: string;
  readonly header: boolean;
  readonly columns: ColumnNames;
  readonly separator: string;
}

export interface ReadTotals {
  readonly lines: number;
  /** Of all journeys, with and without conversion; a line counts as often as it has journeys. */
  readonly touches: number;
  readonly conversions: number;
  readonly nulls: number;
  readonly value: number;
  /** What the file tells at all. */
  readonly has: { readonly value: boolean; readonly nulls: boolean; readonly ages: boolean };
}

function headSource({ file, header, columns }: JourneyFile, format: FileFormat): HeadSource {
  const { needed, all } = columnsWanted(columns);
  return header
    ? {
        file,
        header,
        format,
        enough: needed.length * 100,
        score: (fields) => columnsIn(fields, needed) * 100 + columnsIn(fields, all),
      }
    : { file, header, format, enough: 1, score: looksLikeJourney };
}

/** `a > b`, conversions and null. */
function looksLikeJourney([, ...counts]: readonly string[]): number {
  return counts.length === 2 && counts.every((count) => /^\d/.test(count)) ? 1 : 0;
}

/** Reads all journeys of a file into the sink. Throws a `Problem` that names the line for what is not right. */
export async function readJourneys(
  { file, header, columns, separator }: JourneyFile,
  channels: Channels,
  sink: JourneySink,
  reading: Reading = {},
): Promise<ReadTotals> {
  let lines: JourneyLines | undefined;
  let layout = journeyLines;
  const source = headSource({ file, header, columns, separator }, reading.format ?? {});
  const begin = (bytes: Uint8Array, end: number): number => {
    const head = readHead(bytes, end, source);
    if (!head) return 0;
    const { dialect, fields, start, lines: linesBefore } = head;
    if (header) layout = layoutFromHeader(fields, columns, `${file}:${linesBefore}`);
    lines = new JourneyLines({ layout, separator, dialect, file, linesBefore }, channels, sink);
    return lines.read(bytes, start, end);
  };
  await readInPieces(
    file,
    (bytes, start, end) => (lines ? lines.read(bytes, start, end) : begin(bytes, end)),
    reading,
  );
  if (!lines?.found)
    throw new Problem('failed', 'The file has no journeys.', {
      where: file,
      remedy: 'Give one journey a line.',
    });
  const { line, touches, conversions, nulls, value } = lines;
  const has = (meaning: number) => layout.fields.includes(meaning);
  return {
    lines: line,
    touches,
    conversions,
    nulls,
    value,
    has: { value: has(meanings.value), nulls: has(meanings.nulls), ages: has(meanings.ages) },
  };
}
