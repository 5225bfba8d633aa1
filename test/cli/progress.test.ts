/** The line that says how far a long read has come: for eyes only. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { progressLine } from '../../src/cli/text/progress.ts';

function onTerminal(isTTY: boolean): string[] {
  const written: string[] = [];
  const before = process.stderr.isTTY;
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  process.stderr.isTTY = isTTY;
  onTestFinished(() => {
    write.mockRestore();
    process.stderr.isTTY = before;
  });
  return written;
}

describe('progress', () => {
  it('rewrites one line, once for each percent, and wipes it in the end', () => {
    const written = onTerminal(true);
    const line = progressLine();
    for (let read = 1; read <= 1_000; read += 1) line.show(read, 1_000);
    line.done();
    expect(written).toHaveLength(102);
    expect(written[50]).toBe('\r50 %');
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  it('is silent where nobody looks', () => {
    const written = onTerminal(false);
    const line = progressLine();
    line.show(1, 2);
    line.done();
    expect(written).toEqual([]);
  });
});
