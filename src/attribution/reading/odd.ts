/** Fields that are not plain: quoted or with blanks around them; and what is refused, by name and line. */
import { Problem } from '../../support/problem.ts';
import { byte, endsField, type Place } from './bytes.ts';

/** Where a field stands, and how its file is written. */
export type At = Pick<Place, 'where' | 'dialect'>;

const decoder = new TextDecoder();

export function refusal(message: string, where: string, remedy: string): Problem {
  return new Problem('failed', message, { where, remedy });
}

/** The field's text without quotes and blanks around it, and the position of the delimiter or line end after it. */
export function fieldAt(bytes: Uint8Array, start: number, place: At): { text: string; next: number } {
  if (bytes[start] === byte.quote) {
    const { content, next } = unquoted(bytes, start, place);
    return { text: decoder.decode(content).trim(), next };
  }
  const next = fieldEnd(bytes, start, place.dialect.delimiter);
  return { text: decoder.decode(bytes.subarray(start, next)).trim(), next };
}

/** The position of the delimiter or line end after the plain field at `start`. */
export function fieldEnd(bytes: Uint8Array, start: number, delimiter: number): number {
  let at = start;
  while (!endsField(bytes, at, delimiter)) at += 1;
  return at;
}

/** The content of the quoted field at `start`, doubled quotes made single, and the position after it. */
export function unquoted(
  bytes: Uint8Array,
  start: number,
  { where, dialect }: At,
): { content: Uint8Array; next: number } {
  const content: number[] = [];
  let at = start + 1;
  for (; ; at += 1) {
    const here = bytes[at] ?? byte.lineFeed;
    if (here === byte.lineFeed)
      throw refusal('A quote is opened and never closed.', where(), 'Close it on its line.');
    if (here === byte.quote) {
      if (bytes[at + 1] !== byte.quote) break;
      at += 1;
    }
    content.push(here);
  }
  if (!endsField(bytes, at + 1, dialect.delimiter))
    throw refusal(
      'There is text after a closing quote.',
      where(),
      'Double the quotes inside a quoted field.',
    );
  return { content: Uint8Array.from(content), next: at + 1 };
}

/** The fields of a header line. */
export function headerFields(line: string, place: At): string[] {
  const bytes = new TextEncoder().encode(`${line}\n`);
  const fields: string[] = [];
  for (let at = 0; ; at += 1) {
    const { text, next } = fieldAt(bytes, at, place);
    fields.push(text);
    if (bytes[next] !== place.dialect.delimiter) return fields;
    at = next;
  }
}
