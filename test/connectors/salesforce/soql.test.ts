import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, isOneOf, quoted, select, startingAt } from '../../../connectors/salesforce/wire/soql.ts';

/** Reads a SOQL text literal the way Salesforce documents it. */
function unquoted(literal: string): string {
  const [, inner = ''] = /^'((?:[^'\\]|\\.)*)'$/s.exec(literal) ?? [];
  const meaning: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return inner.replace(/\\(.)/gs, (_, escaped: string) => meaning[escaped] ?? escaped);
}

describe('SOQL', () => {
  it('quotes any text so that it is read back as it was', () => {
    const check = (text: string) => {
      expect(unquoted(quoted(text))).toBe(text);
    };
    fc.assert(fc.property(fc.string({ unit: 'binary' }), check));
  });

  it('leaves no quote unescaped', () => {
    expect(quoted('O\'Brien \\ "x"\n')).toBe("'O\\'Brien \\\\ \\\"x\\\"\\n'");
  });

  it('names fields, condition and order', () => {
    expect(
      select({
        fields: ['Id', 'Name'],
        from: 'Lead',
        where: isOneOf('Id', ['a', "b'"]),
        orderBy: ['Name', 'Id'],
      }),
    ).toBe("SELECT Id, Name FROM Lead WHERE Id IN ('a', 'b\\'') ORDER BY Name, Id");
    expect(select({ fields: ['Id'], from: 'Lead' })).toBe('SELECT Id FROM Lead');
  });

  it('starts at a time, or strictly after one row of it', () => {
    const at = Date.UTC(2026, 0, 1);
    expect(instant(at)).toBe('2026-01-01T00:00:00.000Z');
    expect(startingAt('SystemModstamp', { at })).toBe('SystemModstamp >= 2026-01-01T00:00:00.000Z');
    expect(startingAt('SystemModstamp', { at, id: '00Q1' })).toBe(
      "(SystemModstamp > 2026-01-01T00:00:00.000Z OR (SystemModstamp = 2026-01-01T00:00:00.000Z AND Id > '00Q1'))",
    );
  });
});
