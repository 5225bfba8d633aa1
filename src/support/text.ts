/**
 * Text as another system may be given it: without characters that nobody sees but that change what is seen
 * (direction overrides), end a text early (NUL), or carry something hidden (tags, zero-width characters).
 */

/** Letters of scripts that never join: behind them a joiner only makes two equal-looking words differ. */
const unjoined =
  '[\\p{sc=Latn}\\p{sc=Grek}\\p{sc=Cyrl}\\p{sc=Armn}\\p{sc=Geor}\\p{sc=Hani}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}]';

/** Accents of any script, but not the vowel signs of Arabic and of India, which are shared as well. */
const accents = '[\\p{sc=Zinh}--[\\p{scx=Arab}\\p{scx=Deva}\\p{scx=Beng}]]';

/** Persian and the Indic scripts spell with joiners, Mongolian with its vowel separator; emoji are joined by them. */
const needless = `(?<![[\\p{L}\\p{M}]--${unjoined}--${accents}]|[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\uFE0F])[\\u180E\\u200C\\u200D]`;

/** A second variation selector in a row selects nothing. */
const repeatedSelectors = '(?<=\\p{Variation_Selector})\\p{Variation_Selector}';

const invisible =
  '[[\\p{Default_Ignorable_Code_Point}\\uFFF9-\\uFFFB]--[\\p{Variation_Selector}\\u115F\\u1160\\u180E\\u200C\\u200D]]';

/** Lone halves of a character, what Unicode says is no character, and control characters but tab and line feed. */
const broken = '[\\p{Cs}\\p{Noncharacter_Code_Point}[\\p{Cc}--[\\t\\n]]]';

/** A few flags (England's) are spelt with tags; elsewhere tags are hidden text. */
const unwanted = new RegExp(
  `(?<flag>\\p{RGI_Emoji_Tag_Sequence})|${[broken, invisible, needless, repeatedSelectors].join('|')}`,
  'gv',
);

const lineEnds = /\r\n?|[\v\f\u0085\u2028\u2029]/g;

/** Most texts need no second look. */
const plain = /^[\x20-\x7e\n\t]*$/;

/** Keeps line feeds and tabs. */
export function visibleText(text: string): string {
  return plain.test(text) ? text : text.replace(lineEnds, '\n').replace(unwanted, '$<flag>');
}

/** For a field of one line: line ends and tabs become a space. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/ *[\n\t][\n\t ]*/g, ' ');
}

/** Controls but tab and line ends, and marks that turn the direction of what follows. */
const steering = /\r(?!\n)|[\p{Cc}--[\t\n\r]]|[\u202A-\u202E\u2066-\u2069]/gv;

/** For a terminal: what a CRM or a sender wrote must not move its cursor, rename its window or hide what it shows. */
export function terminalText(text: string): string {
  return text.replace(steering, '');
}
