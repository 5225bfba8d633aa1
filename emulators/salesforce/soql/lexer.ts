import { parseTime } from '../time.ts';
import { soqlFault } from './fault.ts';

export type TokenKind = 'name' | 'string' | 'number' | 'date' | 'datetime' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a string, its value. */
  readonly text: string;
  readonly at: number;
}

/** In the order in which they are tried: a datetime starts like a date, a date like a number. */
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['datetime', /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})/iy],
  ['date', /\d{4}-\d{2}-\d{2}(?![\dT])/y],
  ['number', /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w-])/y],
  ['name', /[A-Za-z_]\w*/y],
  ['symbol', /<=|>=|!=|<>|[=<>(),.:]/y],
];

const stringPattern = /'((?:[^'\\]|\\[\s\S])*)'/y;
const blank = /\s+/y;

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  // Wildcards meant as themselves; LIKE looks for the backslash.
  _: '\\_',
  '%': '\\%',
};

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = skipBlank(text, 0);
  while (at < text.length) {
    const token = text[at] === "'" ? quoted(text, at) : plain(text, at);
    tokens.push(token.token);
    at = skipBlank(text, token.end);
  }
  tokens.push({ kind: 'end', text: '<EOF>', at: text.length });
  return tokens;
}

function skipBlank(text: string, at: number): number {
  blank.lastIndex = at;
  return blank.test(text) ? blank.lastIndex : at;
}

function plain(text: string, at: number): { token: Token; end: number } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    if (kind === 'datetime' && parseTime(match[0].toUpperCase()) === undefined) break;
    return { token: { kind, text: match[0], at }, end: pattern.lastIndex };
  }
  const word = /^\S+/.exec(text.slice(at))?.[0] ?? '';
  throw soqlFault('MALFORMED_QUERY', text, at, `unexpected token: '${word}'`);
}

function quoted(text: string, at: number): { token: Token; end: number } {
  stringPattern.lastIndex = at;
  const match = stringPattern.exec(text);
  if (match === null) throw soqlFault('MALFORMED_QUERY', text, at, `unexpected token: ''`);
  return {
    token: { kind: 'string', text: resolveEscapes(text, match[1] ?? '', at), at },
    end: stringPattern.lastIndex,
  };
}

function resolveEscapes(text: string, raw: string, at: number): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(
    /\\u([0-9a-fA-F]{4})|\\([\s\S])/g,
    (_, code: string | undefined, char: string | undefined) => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      const meant = escapes[(char ?? '').toLowerCase()];
      if (meant !== undefined) return meant;
      throw soqlFault(
        'MALFORMED_QUERY',
        text,
        at,
        `Invalid string literal '${raw}'. Illegal character sequence '\\${char}' in string literal.`,
      );
    },
  );
}
