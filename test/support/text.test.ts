/** What other systems get to see of a text. */
import { describe, expect, it } from 'vitest';
import { terminalText, visibleLine, visibleText } from '../../src/support/text.ts';

describe('visible text', () => {
  it.each([
    ['NUL', 'a\u0000b', 'ab'],
    ['an escape sequence', '\u001b[2Jred', '[2Jred'],
    ['C1 controls', 'a\u009bb', 'ab'],
    ['a direction override', 'invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['isolates', '\u2066a\u2069', 'a'],
    ['marks of direction', 'a\u200e\u200f\u061cb', 'ab'],
    ['a zero-width space', 'Zo\u200bë', 'Zoë'],
    ['a word joiner', 'a\u2060b', 'ab'],
    ['a byte order mark', '\ufeffname', 'name'],
    ['a soft hyphen', 'Donau\u00addampf', 'Donaudampf'],
    ['a filler that looks like a blank name', '\u3164\u3164', ''],
    ['joiners between Latin letters', 'pay\u200dpal\u200c', 'paypal'],
    ['joiners behind an accent', 'e\u0301\u200dx', 'e\u0301x'],
    ['joiners in a row', 'می\u200c\u200c\u200cخواهم', 'می\u200cخواهم'],
    ['hidden tags', 'hi\u{E0049}\u{E0050}', 'hi'],
    ['tags behind a flag that has none', '\u{1F3F4}\u{E0041}x', '\u{1F3F4}x'],
    ['data in variation selectors', 'a\u{FE00}\u{E0101}\u{E0102}', 'a\u{FE00}'],
    ['lone halves of a character', 'a\ud83d b\udc69', 'a b'],
    ['what is no character', 'a\uffff\ufdd0b', 'ab'],
  ])('cuts %s', (_, given, right) => {
    expect(visibleText(given)).toBe(right);
  });

  it.each([
    ['a family', '👩‍👩‍👧'],
    ['a skin tone and a joiner', '👩🏽‍💻'],
    ['a heart on fire', '❤️‍🔥'],
    ['a keycap', '7️⃣'],
    ['a flag of two letters', '🇯🇵'],
    ['the flag of England', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['Persian', 'می\u200cخواهم'],
    ['Persian with vowel signs', 'مِ\u200cخ'],
    ['Devanagari', 'क्\u200dष'],
    ['Sinhala', 'ශ්\u200dරී'],
    ['Mongolian', 'ᠠ\u180eᠠ'],
    ['a variant of a Japanese name', '葛\u{E0100}城'],
    ['accents that stand apart', 'e\u0301'],
    ['Hebrew with points', 'שָׁלוֹם'],
    ['numbers and lines', 'a\tb\nc'],
  ])('keeps %s', (_, text) => {
    expect(visibleText(text)).toBe(text);
  });

  it('makes one line end of all kinds', () => {
    expect(visibleText('a\r\nb\rc\u2028d\u2029e\u0085f\vg')).toBe('a\nb\nc\nd\ne\nf\ng');
  });

  it('makes a space of line ends and tabs where there is one line', () => {
    expect(visibleLine('12 Hill St\r\n\t  Boston')).toBe('12 Hill St Boston');
    expect(visibleLine('two  spaces')).toBe('two  spaces');
  });
});

describe('text for a terminal', () => {
  it.each([
    ['an escape sequence', '\u001b[31mEve\u001b[0m', '[31mEve[0m'],
    ['a window title', '\u001b]0;pwned\u0007', ']0;pwned'],
    ['C1 controls', 'a\u009b2Jb', 'a2Jb'],
    ['a turn of direction', 'a\u202eb\u2067c', 'abc'],
    ['a return to the start of the line', 'no\ryes', 'noyes'],
  ])('cuts %s', (_, given, right) => expect(terminalText(given)).toBe(right));

  it('leaves lines, tabs and all that can be read', () => {
    const text = 'a\tb\r\nZoë می\u200cخواهم 👩\u200d👧\n';
    expect(terminalText(text)).toBe(text);
  });
});
