import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKey, readAddress, sameAddress } from '../../src/canonical/address.ts';
import { endsSoon } from '../no-blowup.ts';

describe('an address', () => {
  it.each([
    ['another case', 'Anna@Bücher.Example'],
    ['an encoded domain', 'anna@xn--bcher-kva.example'],
    ['an encoded domain in capitals', 'anna@XN--BCHER-KVA.EXAMPLE'],
    ['a decomposed letter', 'anna@bu\u0308cher.example'],
    ['a final dot', 'anna@bücher.example.'],
    ['angle brackets', '<anna@bücher.example>'],
    ['a name before it', 'Anna Berg <anna@bücher.example>'],
    ['a link', 'mailto:anna@bücher.example?subject=Hello'],
    ['direction marks around it', '\u202aanna@bücher.example\u202c'],
    ['an invisible character inside', 'an\u200bna@bü\u00adcher.example'],
    ['fullwidth characters', 'ａｎｎａ＠bücher．example'],
    ['an ideographic full stop', 'anna@bücher\u3002example'],
    ['quotes around it', "'anna@bücher.example'"],
    ['typographic quotes around it', '“anna@bücher.example”'],
    ['NUL behind it', 'anna@bücher.example\0'],
    ['spaces around it', ' \u00a0anna@bücher.example\ufeff '],
  ])('with %s is the same address', (_, typed) => {
    expect(addressKey(typed)).toBe('anna@xn--bcher-kva.example');
    expect(sameAddress(typed, 'anna@bücher.example')).toBe(true);
  });

  it.each([
    'anna',
    'anna@example',
    'anna berg@x.example',
    '@x.example',
    '',
  ])('is not what "%s" is', (typed) => {
    expect([readAddress(typed), addressKey(typed)]).toEqual([null, null]);
    expect(sameAddress(typed, typed)).toBe(false);
  });

  it.each([
    ['a comma', 'a@x.example, b@y.example'],
    ['a semicolon', 'a@x.example;b@y.example'],
    ['a line end', 'a@x.example\nb@y.example'],
    ['a blank', 'a@x.example b@y.example'],
    ['a word', 'a@x.example or b@y.example'],
    ['a stroke', 'a@x.example / b@y.example'],
    ['names', 'Ada <a@x.example>, Ben <b@y.example>'],
    ['a comma within a name', '"Winter, Ada" <a@x.example>'],
    ['something else before it', 'none, a@x.example'],
  ])('is the first of several that are parted by %s', (_, typed) => {
    expect([readAddress(typed), addressKey(typed)]).toEqual(['a@x.example', 'a@x.example']);
  });

  it('may have an apostrophe of its own', () => {
    expect(addressKey("o'neil@x.example")).toBe("o'neil@x.example");
  });

  it('is shown as it was typed, in lower case and without the wrapping', () => {
    expect(readAddress('Anna <Anna@Bücher.example>')).toBe('anna@bücher.example');
    expect(readAddress('anna@xn--bcher-kva.example')).toBe('anna@xn--bcher-kva.example');
  });

  it('has a key that is its own key', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const key = addressKey(address);
        if (key !== null) expect(addressKey(key)).toBe(key);
      }),
    );
  });
});

describe('a text of megabytes', () => {
  it('is known at once for what it is not', () => {
    endsSoon(() => {
      for (const part of ['.', '<', 'a.', '@', ' '])
        expect(readAddress(`${part.repeat(1_000_000)}x`)).toBeNull();
    });
  });
});
