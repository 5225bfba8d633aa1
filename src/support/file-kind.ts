/** What a file is that should have been UTF-8 text, by its first bytes, and how its owner makes text of it. */
import { Problem } from './problem.ts';

interface FileKind {
  /** Completes "The file is …". */
  readonly is: string;
  readonly remedy: string;
}

interface Signature extends FileKind {
  matches(bytes: Uint8Array, head: string): boolean;
}

/** As many bytes as a decision needs: the first names inside a zip archive stand in here. */
const headSize = 4_096;

const asCsv = 'Open it there and save the sheet as CSV in UTF-8.';
const asUtf8 = 'Save it as UTF-8: in Excel "CSV UTF-8", elsewhere `iconv -f UTF-16 -t UTF-8`.';
const unpack = (tool: string) => `Unpack it with ${tool}, and give the unpacked file.`;

const starts =
  (...signature: readonly number[]) =>
  (bytes: Uint8Array) =>
    signature.every((byte, at) => bytes[at] === byte);

const isZip = starts(0x50, 0x4b, 0x03, 0x04);
const zipWith = (mark: RegExp) => (bytes: Uint8Array, head: string) => isZip(bytes) && mark.test(head);

/** The first that matches counts. UTF-32 begins like UTF-16, and workbooks like any zip archive. */
const signatures: readonly Signature[] = [
  { is: 'UTF-32', remedy: 'Save it as UTF-8.', matches: starts(0xff, 0xfe, 0, 0) },
  { is: 'UTF-32', remedy: 'Save it as UTF-8.', matches: starts(0, 0, 0xfe, 0xff) },
  { is: 'UTF-16', remedy: asUtf8, matches: starts(0xff, 0xfe) },
  { is: 'UTF-16', remedy: asUtf8, matches: starts(0xfe, 0xff) },
  { is: 'UTF-16', remedy: asUtf8, matches: (bytes) => alternatesWithZeros(bytes) },
  { is: 'a Numbers sheet', remedy: asCsv, matches: zipWith(/\.iwa/) },
  {
    is: 'an OpenDocument sheet',
    remedy: asCsv,
    matches: zipWith(/mimetypeapplication\/vnd\.oasis\.opendocument/),
  },
  {
    is: 'an Excel workbook',
    remedy: asCsv,
    matches: zipWith(/\[Content_Types\]\.xml|_rels\/|xl\/|docProps\//),
  },
  { is: 'a zip archive', remedy: unpack('unzip'), matches: isZip },
  {
    is: 'an old Excel workbook (.xls)',
    remedy: asCsv,
    matches: starts(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
  },
  // RFC 1952, section 2.3.1.
  { is: 'packed with gzip', remedy: unpack('gunzip'), matches: starts(0x1f, 0x8b) },
  {
    is: 'packed with bzip2',
    remedy: unpack('bunzip2'),
    matches: starts(0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59),
  },
  { is: 'packed with xz', remedy: unpack('unxz'), matches: starts(0xfd, 0x37, 0x7a, 0x58, 0x5a) },
  { is: 'packed with zstd', remedy: unpack('unzstd'), matches: starts(0x28, 0xb5, 0x2f, 0xfd) },
  { is: 'a 7-Zip archive', remedy: unpack('7z x'), matches: starts(0x37, 0x7a, 0xbc, 0xaf) },
  {
    is: 'a Parquet file',
    remedy: 'Export it as text.',
    matches: starts(0x50, 0x41, 0x52, 0x31, 0x15),
  },
  { is: 'a PDF', remedy: 'Export the data as text.', matches: starts(0x25, 0x50, 0x44, 0x46, 0x2d) },
  {
    is: 'a web page or XML, whatever its name says',
    remedy: asCsv,
    matches: (_, head) => /^(ï»¿)?\s*<(!doctype|html|\?xml|table|meta|head)\b/i.test(head),
  },
  {
    is: 'text with the line ends of old Macs (carriage returns alone)',
    remedy: "Save it with other line ends: in Excel as \"CSV UTF-8\", elsewhere `tr '\\r' '\\n'`.",
    matches: (_, head) => /\r[^\r]/.test(head) && !head.includes('\n'),
  },
];

/** Null for what may be UTF-8 text. */
export function fileKindOf(bytes: Uint8Array): FileKind | null {
  const first = bytes.subarray(0, headSize);
  const head = Buffer.from(first).toString('latin1');
  return signatures.find(({ matches }) => matches(first, head)) ?? null;
}

/** Throws when the file, whose first bytes these are, is something else than text in UTF-8. */
export function refuseForeign(bytes: Uint8Array, file: string): void {
  const kind = fileKindOf(bytes);
  if (kind) throw new Problem('usage', `The file is ${kind.is}.`, { where: file, remedy: kind.remedy });
}

/** Text in UTF-16 without a mark at its beginning: every other byte is zero, as in no UTF-8. */
function alternatesWithZeros(bytes: Uint8Array): boolean {
  const pairs = Math.min(bytes.length >> 1, 32);
  if (pairs < 4) return false;
  let [even, odd] = [0, 0];
  for (let at = 0; at < pairs * 2; at += 2) {
    if (bytes[at] === 0) even += 1;
    if (bytes[at + 1] === 0) odd += 1;
  }
  return Math.max(even, odd) * 2 > pairs && Math.min(even, odd) === 0;
}
