import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnwritable, readCsv, writeCsvRow } from '../../../connectors/salesforce/wire/csv.ts';
import { fixtureText, hasFixtures } from './fixtures.ts';

describe('CSV of bulk jobs', () => {
  it('brings any text through', () => {
    const cell = fc.string({ unit: 'grapheme' }).filter((text) => text !== '' && !isUnwritable(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), (rows) => {
        const csv = [['a', 'b'], ...rows].map(writeCsvRow).join('');
        expect(readCsv(csv)).toEqual(rows.map(([a, b]) => ({ a, b })));
      }),
    );
  });

  it('clears by a word, and leaves alone by saying nothing', () => {
    expect(writeCsvRow(['1', null, undefined, '', 'a "b", c'])).toBe('"1",#N/A,,#N/A,"a ""b"", c"\n');
  });

  it('reads line ends of every kind, empty cells and a byte order mark', () => {
    expect(readCsv('\uFEFFa,b\r\n1,\r\n,"2\n3"\n')).toEqual([
      { a: '1', b: '' },
      { a: '', b: '2\n3' },
    ]);
    expect(readCsv('a,b\n1,2')).toEqual([{ a: '1', b: '2' }]);
    expect(readCsv('a,b\n1,')).toEqual([{ a: '1', b: '' }]);
    expect(readCsv('')).toEqual([]);
  });

  it('refuses a cell that does not end', () => {
    expect(() => readCsv('a\n"1')).toThrow(/does not end/);
  });

  it.skipIf(!hasFixtures)('reads a recorded result file (needs the recordings beside the project)', () => {
    const [row] = readCsv(fixtureText('amp-labs/bulk__info__partial-failure.csv'));
    expect(row).toMatchObject({ sf__Id: '', Name: 'Noemi Miller', external_id__c: 'external-id-3' });
    expect(row?.sf__Error).toMatch(/^INVALID_FIELD:Failed to deserialize field at col 3\. .*:CloseDate --$/);
  });
});
