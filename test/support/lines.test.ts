import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lines } from '../../src/support/lines.ts';

async function* cut(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = 7): Promise<string[]> {
  return Array.fromAsync(lines(cut(text, size)));
}

describe('lines', () => {
  it('parts at line feeds only, with or without a carriage return, and gives an unfinished last line', async () => {
    expect(await read('a\r\nb\n\nc')).toEqual(['a', 'b', '', 'c']);
  });

  it('keeps a JSON text with U+2028 in one piece', async () => {
    const text = JSON.stringify({ said: 'one\u2028two' });
    expect(await read(`${text}\n${text}\n`)).toEqual([text, text]);
  });

  it('does not care where the bytes are cut, also in the middle of a character', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).map((one) => one.replace(/[\r\n]/g, ''))),
        fc.integer({ min: 1, max: 9 }),
        async (given, size) => {
          expect(await read(given.map((line) => `${line}\n`).join(''), size)).toEqual(given);
        },
      ),
    );
  });
});
