import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMistyped, isRecordId, longId, typedId } from '../../../connectors/salesforce/wire/ids.ts';
import { fixtureText, hasFixtures } from './fixtures.ts';

describe('record ids', () => {
  it('grow their checksum', () => {
    expect(longId('0014S000007Nxml')).toBe('0014S000007NxmlQAC');
    expect(longId('005ak000005hvjJ')).toBe('005ak000005hvjJAAQ');
  });

  it('stay as they are with 18 characters, and so does other text', () => {
    for (const text of ['0014S000007NxmlQAC', 'not an id', '', '0014S000007Nxm!'])
      expect(longId(text)).toBe(text);
  });

  it('have their case again, whatever a spreadsheet made of it', () => {
    const character = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
    const ids = fc.array(character, { minLength: 15, maxLength: 15 }).map((all) => longId(all.join('')));
    fc.assert(
      fc.property(ids, (id) => {
        for (const lost of [id, id.toUpperCase(), id.toLowerCase()]) expect(typedId(lost)).toBe(id);
      }),
    );
  });

  it('cannot be where the checksum calls a digit a capital, or is none', () => {
    for (const text of ['0014S000007NxmlQAD', '0014S000007NxmlQAB', '000000000000000AAB'])
      expect([text, typedId(text), isMistyped(text)]).toEqual([text, null, true]);
    expect(['0014S000007Nxml', 'not an id', '0014S000007Nxml!AC'].some(isMistyped)).toBe(false);
  });

  it('tell two records apart that differ in case only', () => {
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
    fc.assert(
      fc.property(fc.array(letter, { minLength: 15, maxLength: 15 }), fc.nat(14), (letters, at) => {
        const lower = letters.join('');
        const upper = letters.map((one, n) => (n === at ? one.toUpperCase() : one)).join('');
        expect(longId(lower).toLowerCase()).not.toBe(longId(upper).toLowerCase());
      }),
    );
  });

  it('are told from other text', () => {
    expect(['0014S000007Nxml', '0014S000007NxmlQAC'].every(isRecordId)).toBe(true);
    expect(["0014S000007Nx'l", '0014S000007NxmlQ', '0014S000007Nxmlqac'].some(isRecordId)).toBe(false);
  });

  it.skipIf(!hasFixtures)(
    'have the checksums that Salesforce gave them (needs the recordings beside the project)',
    () => {
      const text = fixtureText('grouparoo-nock/interactions.json');
      const ids = new Set([...text.matchAll(/"[iI]d": ?"(\w{18})"/g)].map(([, one = '']) => one));
      expect(ids.size).toBeGreaterThan(50);
      for (const one of ids) expect(longId(one.slice(0, 15))).toBe(one);
    },
  );
});
