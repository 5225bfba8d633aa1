import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadRecording, readRecording, titleOf } from '../../emulators/loopback/recording.ts';
import { Problem } from '../../src/support/problem.ts';

const folder = mkdtempSync(join(tmpdir(), 'recording-'));
afterAll(() => rmSync(folder, { recursive: true }));

const row = { source: 'x.js', base: 'https://api.example.com:443', method: 'GET', path: '/a', status: 200 };

describe('a recording', () => {
  it('is rows, a line each, with header names in lower case', () => {
    const text = `${JSON.stringify({ ...row, headers: { 'X-Rate': '9' }, body: { id: 1 } })}\n\n${JSON.stringify({ ...row, status: 204, body: '' })}\n`;
    const [first, second] = readRecording('r.jsonl', text);
    expect(first).toMatchObject({
      source: 'r.jsonl:1',
      host: 'https://api.example.com:443',
      body: { id: 1 },
    });
    expect(first?.headers).toEqual({ 'x-rate': '9' });
    expect(second).toMatchObject({ source: 'r.jsonl:3', status: 204, body: '' });
  });

  it('is an array of interactions, whose body is what was sent', () => {
    const sent = { host: 'https://x', method: 'POST', path: '/b', body: { name: 'n' }, status: 201 };
    const [only] = readRecording('r.json', JSON.stringify([{ ...sent, response: { id: 7 }, headers: {} }]));
    expect(only).toMatchObject({ source: 'r.json[0]', sent: { name: 'n' }, body: { id: 7 } });
    expect(only && titleOf(only)).toBe('POST /b 201');
  });

  it.each([
    ['one.json', '{"totalSize":0}', { totalSize: 0 }],
    ['list.json', '[{"errorCode":"X"}]', [{ errorCode: 'X' }]],
    ['some.xml', '<a/>', '<a/>'],
  ])('is one answer: %s', (file, text, body) => {
    expect(readRecording(file, text)).toEqual([
      { source: file, host: '', method: 'GET', path: '', status: 200, sent: null, headers: {}, body },
    ]);
  });

  it('is read from a folder, file by file in the order of names', () => {
    writeFileSync(join(folder, 'b.json'), '{"b":1}');
    writeFileSync(join(folder, 'a.json'), '{"a":1}');
    expect(loadRecording(folder).map(({ body }) => body)).toEqual([{ a: 1 }, { b: 1 }]);
  });

  it('names the file and the line that is torn', () => {
    const text = `${JSON.stringify({ ...row, body: null })}\n{"method":"GET","path":`;
    expect(() => readRecording('r.jsonl', text)).toThrow(Problem);
    expect(() => readRecording('r.jsonl', text)).toThrow(/no recorded exchange/);
    try {
      readRecording('r.jsonl', text);
    } catch (error) {
      expect(error).toMatchObject({ where: 'r.jsonl:2', kind: 'usage' });
    }
  });

  it('that is not there is a mistake of the user', () => {
    expect(() => loadRecording(join(folder, 'none.jsonl'))).toThrow(/cannot be read/);
  });
});
