import { describe, expect, it } from 'vitest';
import { csvText } from '../../src/support/csv.ts';

describe('CSV for spreadsheets', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['=HYPERLINK("http://x.example","a")', `"'=HYPERLINK(""http://x.example"",""a"")"`],
    ['+cmd', "'+cmd"],
    ['-lead', "'-lead"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['  =1', "'  =1"],
    ['＝1+1', "'＝1+1"],
    ['-2+3', "'-2+3"],
    ['+49 30 901820', "'+49 30 901820"],
  ])('makes text of %j', (given, right) => {
    expect(csvText([], [[given]])).toBe(`\n${right}`);
  });

  it.each([
    '-12.5',
    '+3',
    '1e-7',
    '-0.00',
    '.5',
    'a=b',
    'e-mail',
    '(start)',
    '',
  ])('leaves %j as it is', (text) => {
    expect(csvText([], [[text]])).toBe(`\n${text}`);
  });

  it('quotes what would part a field, in any country', () => {
    expect(csvText(['a,b'], [['x;y', 'say "x"', 'two\nlines']])).toBe(
      '"a,b"\n"x;y","say ""x""","two\nlines"',
    );
  });
});
