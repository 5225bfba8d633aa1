/** What somebody gave instead of a text file, and where a text stops being one. */
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileKindOf } from '../../src/support/file-kind.ts';
import { firstNotUtf8 } from '../../src/support/utf8.ts';

/** The beginning of a zip archive whose first entry has this name and content. */
function zip(name: string, content: string, packed = false): Buffer {
  const header = Buffer.from('504b0304140000000000000000000000000000000000000000000000', 'hex');
  const body = packed ? deflateRawSync(content) : Buffer.from(content);
  return Buffer.concat([header, Buffer.alloc(2), Buffer.from(name), body]);
}

const csv = 'path,total_conversions\na > b,3\n';

describe('kind of file', () => {
  it.each([
    ['UTF-16', Buffer.from(`\ufeff${csv}`, 'utf16le')],
    ['UTF-16', Buffer.from(`\ufeff${csv}`, 'utf16le').swap16()],
    ['UTF-16', Buffer.from(csv, 'utf16le')],
    ['UTF-16', Buffer.from(csv, 'utf16le').swap16()],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
    ['an Excel workbook', zip('[Content_Types].xml', '<Types/>', true)],
    ['an Excel workbook', zip('xl/workbook.xml', '<workbook/>', true)],
    ['an OpenDocument sheet', zip('mimetype', 'application/vnd.oasis.opendocument.spreadsheet')],
    ['a Numbers sheet', zip('Index/Document.iwa', 'x')],
    ['a zip archive', zip('paths.csv', csv)],
    ['an old Excel workbook (.xls)', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    ['packed with gzip', gzipSync(csv)],
    ['text with the line ends of old Macs (carriage returns alone)', Buffer.from(csv.replaceAll('\n', '\r'))],
    ['a web page or XML, whatever its name says', Buffer.from(`\n<html><table>`)],
  ])('%s', (is, bytes) => {
    expect(fileKindOf(bytes)?.is).toBe(is);
  });

  it.each([
    csv,
    `\ufeff${csv}`,
    '',
    'PK,n\n',
    csv.replaceAll('\n', '\r\n'),
    'path,total_conversions\r',
    '日本語,1\n',
    '<none> > b,1,2\n',
    '\u0000a',
  ])('text, perhaps: %j', (text) => {
    expect(fileKindOf(Buffer.from(text))).toBe(null);
  });
});

describe('the first byte that is not UTF-8', () => {
  it.each([
    ['none', Buffer.from('aé😀'), -1],
    ['Latin-1', Buffer.from('aü', 'latin1'), 1],
    ['a character that is cut off', Buffer.from([0x61, 0xe2, 0x82, 0x61]), 1],
    ['a character that is cut off by the end', Buffer.from([0x61, 0x62, 0xc3]), 2],
    ['half a surrogate pair', Buffer.from([0xed, 0xa0, 0x80]), 0],
    ['an overlong form', Buffer.from([0x61, 0xc0, 0x80]), 1],
    ['a stray continuation', Buffer.from([0xf0, 0x9f, 0x98, 0x80, 0x80]), 4],
  ])('%s', (_, bytes, at) => {
    expect(firstNotUtf8(bytes)).toBe(at);
  });
});
