/** What the command line says of how a file parts its fields and writes its numbers. */
import type { FileFormat } from '../../attribution/reading/dialect.ts';
import { Problem } from '../../support/problem.ts';

export const formatOptions: Readonly<Record<string, string>> = {
  '--delimiter <character>': 'between the fields of a file: , ; or tab (default: as its first line shows)',
  '--decimal <character>': 'before the decimals of its numbers: . or , (default: .)',
};

export function fileFormat({ delimiter, decimal }: Readonly<Record<string, unknown>>): FileFormat {
  return {
    ...(delimiter === undefined ? {} : { delimiter: delimiterOf(delimiter) }),
    ...(decimal === undefined ? {} : { decimal: decimalOf(decimal) }),
  };
}

const words: Readonly<Record<string, string>> = {
  tab: '\t',
  '\\t': '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
};

function delimiterOf(given: unknown): string {
  const text = String(given);
  const character = words[text.toLowerCase()] ?? text;
  if (/^[\t -/:-@[-`{-~]$/.test(character) && character !== '"' && character !== '.') return character;
  throw new Problem('usage', `"${text}" cannot stand between fields.`, {
    remedy: 'Give --delimiter with one character such as , or ; or the word tab.',
  });
}

function decimalOf(given: unknown): '.' | ',' {
  if (given === '.' || given === ',') return given;
  if (given === 'comma') return ',';
  if (given === 'point') return '.';
  throw new Problem('usage', `"${String(given)}" is not a decimal mark.`, {
    remedy: 'Give --decimal . or --decimal ,',
  });
}
