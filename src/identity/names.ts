/** Whether two names can be one person's, or one organization's: compared word by word, as people shorten and swap them. */
import type { Contribution } from '../canonical/model.ts';

/** The words of a name, folded and sorted; none: the name is not known. */
export type Name = readonly string[];

/** `equal`: the same words; `alike`: one may be a short form of the other; `unknown`: one of them is not known. */
export type NameMatch = 'equal' | 'alike' | 'other' | 'unknown';

/** What forms and imports put where a name is demanded. */
const placeholders: ReadonlySet<string> = new Set(
  [
    'unknown',
    'not provided',
    'n a',
    'na',
    'none',
    'null',
    'undefined',
    'anonymous',
    'guest',
    'visitor',
    'test',
  ].concat(['no name', 'noname', 'unbekannt', 'user', 'customer', 'contact', 'lead', 'tbd', 'xxx', 'x']),
);

const titles: ReadonlySet<string> = new Set([
  'mr',
  'mrs',
  'ms',
  'miss',
  'dr',
  'prof',
  'herr',
  'frau',
  'mme',
  'sir',
]);

const legalForms: ReadonlySet<string> = new Set(
  [
    'inc',
    'llc',
    'ltd',
    'limited',
    'corp',
    'corporation',
    'co',
    'company',
    'gmbh',
    'ag',
    'kg',
    'se',
    'sa',
    'sas',
  ].concat(['sarl', 'srl', 'spa', 'bv', 'nv', 'oy', 'ab', 'as', 'aps', 'plc', 'pty', 'the', 'und', 'and']),
);

/** Letters that have no decomposition, and vowels that German and the Nordic languages write in two ways. */
const respelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  æ: 'a',
  œ: 'o',
  ae: 'a',
  oe: 'o',
  ue: 'u',
};
const respelling = new RegExp(Object.keys(respelled).join('|'), 'gu');

export function nameOf({ kind, values }: Contribution): Name {
  if (kind === 'Person') return personName(textOf(values.firstName?.value), textOf(values.lastName?.value));
  return kind === 'Organization' ? wordsOf(textOf(values.name?.value), legalForms) : [];
}

export function personName(firstName: string, lastName: string): Name {
  return [firstName, lastName].flatMap((part) => wordsOf(part, titles)).sort();
}

/** An address in the place of a name is not a name. */
function wordsOf(text: string, dropped: ReadonlySet<string>): string[] {
  if (text.includes('@')) return [];
  const folded = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/['’`]/g, '');
  const words = folded.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (placeholders.has(words.join(' '))) return [];
  const kept = words.filter((word) => !dropped.has(word));
  return (kept.length > 0 ? kept : words).map((word) =>
    word.replace(respelling, (letters) => respelled[letters] ?? letters),
  );
}

/** Which parts of a name are given. */
export type NameParts = 'first' | 'last' | 'both';

export function partsOf({ values }: Contribution): NameParts | null {
  const [first, last] = [values.firstName, values.lastName].map((part) => textOf(part?.value).trim() !== '');
  return first ? (last ? 'both' : 'first') : last ? 'last' : null;
}

/** A first name here and a last name there contradict nothing. */
export function haveHalves(some: ReadonlySet<NameParts>, others: ReadonlySet<NameParts>): boolean {
  const isOnly = (part: NameParts, parts: ReadonlySet<NameParts>) => parts.size === 1 && parts.has(part);
  return (
    (isOnly('first', some) && isOnly('last', others)) || (isOnly('last', some) && isOnly('first', others))
  );
}

export function compareNames(a: Name, b: Name): NameMatch {
  if (a.length === 0 || b.length === 0) return 'unknown';
  if (a.join(' ') === b.join(' ') || isRunTogether(a, b)) return 'equal';
  const isShorter = a.length - b.length || (a.join(' ') < b.join(' ') ? -1 : 1);
  const [few, many] = isShorter < 0 ? [a, b] : [b, a];
  return fits(few, many) ? 'alike' : 'other';
}

/** Names without a space between their parts, as Chinese and Japanese ones are often kept. */
function isRunTogether(a: Name, b: Name): boolean {
  const letters = (name: Name) => [...name.join('')].sort().join('');
  return (
    (a.length === 1) !== (b.length === 1) &&
    /^\p{Script=Han}+$/u.test(a.join('')) &&
    letters(a) === letters(b)
  );
}

/** Each word of the shorter name stands for another word of the longer one, one at least in full, the rest as initials. */
function fits(few: Name, many: Name): boolean {
  const left = [...many];
  const take = (matches: (word: string) => boolean): boolean => {
    const at = left.findIndex(matches);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  const rest = few.filter((word) => !take((other) => other === word));
  if (!few.some((word) => word.length > 1 && !rest.includes(word))) return false;
  return rest.every((word) => take((other) => isInitial(word, other) || isInitial(other, word)));
}

function isInitial(letter: string, word: string): boolean {
  return [...letter].length === 1 && word.startsWith(letter);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Of several names each may be known: one that agrees is enough, none that agrees contradicts. */
export function compareAny(some: Iterable<Name>, others: readonly Name[]): NameMatch {
  let best: NameMatch = 'unknown';
  for (const name of some)
    for (const other of others) {
      const match = compareNames(name, other);
      if (match === 'equal') return match;
      if (match === 'alike' || (match === 'other' && best === 'unknown')) best = match;
    }
  return best;
}

export function agree(match: NameMatch): boolean {
  return match === 'equal' || match === 'alike';
}
