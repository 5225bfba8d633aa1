/** Whether a file is UTF-8 text, found out before anything of it is taken. */
import { createReadStream } from 'node:fs';
import { refuseForeign } from '../../support/file-kind.ts';
import { Problem } from '../../support/problem.ts';
import { firstNotUtf8 } from '../../support/utf8.ts';

const newline = 0x0a;

/** Throws for a file that is not text in UTF-8, with the first line that is not; `lineByLine`: lines are looked at later. */
export async function assertText(file: string, lineByLine: boolean): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let [lines, bytes] = [0, 0];
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const all: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (bytes === 0) refuseForeign(all, file);
    if (lineByLine) return;
    const end = all.lastIndexOf(newline) + 1;
    check(all.subarray(0, end), file, lines, bytes);
    for (let at = all.indexOf(newline); at >= 0; at = all.indexOf(newline, at + 1)) lines += 1;
    bytes += end;
    rest = all.subarray(end);
  }
  check(rest, file, lines, bytes);
}

function check(block: Buffer, file: string, lines: number, bytes: number): void {
  const bad = firstNotUtf8(block);
  if (bad < 0) return;
  const before = block.subarray(0, bad);
  const line = lines + 1 + before.reduce((count, byte) => (byte === newline ? count + 1 : count), 0);
  throw notUtf8(block[bad] ?? 0, bytes + bad, `${file}:${line}`);
}

/** @param at offset in the file */
export function notUtf8(byte: number, at: number, where: string): Problem {
  const shown = `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return new Problem('failed', `The line is not UTF-8: byte ${at + 1} of the file is ${shown}.`, {
    where,
    remedy:
      'Save the file as UTF-8 and import it again. Files of older Windows programs: `iconv -f WINDOWS-1252 -t UTF-8`.',
  });
}
