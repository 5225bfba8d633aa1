/** Files as people have them: quoted, from spreadsheets, broken. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Channels } from '../../../src/attribution/journeys/channels.ts';
import type { JourneySink } from '../../../src/attribution/journeys/sink.ts';
import { JourneyTable } from '../../../src/attribution/journeys/table.ts';
import { readInPieces, readJourneys } from '../../../src/attribution/run.ts';
import { Problem } from '../../../src/support/problem.ts';
import { fileOf } from './file.ts';

interface Told {
  path: string;
  conversions: number;
  nulls: number;
  value: number;
  ages?: number[];
}

interface How {
  header?: boolean;
  separator?: string;
  columns?: Record<string, string>;
}

async function read(
  content: string | Uint8Array,
  { header = true, separator = '>', columns = {} }: How = {},
) {
  const channels = new Channels();
  const told: Told[] = [];
  const sink: JourneySink = {
    add: (touches, length, { conversions, nulls, units, nanos }, ages) => {
      const names = [...touches.subarray(0, length)].map((id) => channels.names[id] ?? '');
      told.push({
        path: names.join('|'),
        conversions,
        nulls,
        value: units + nanos / 1e9,
        ...(ages ? { ages: [...ages.subarray(0, length)] } : {}),
      });
    },
  };
  const file = fileOf(content);
  const totals = await readJourneys({ file, header, columns, separator }, channels, sink);
  return { told, totals, file };
}

async function refused(content: string | Uint8Array, how?: How): Promise<Problem> {
  const outcome = await read(content, how).catch((error: unknown) => error);
  if (outcome instanceof Problem) return outcome;
  throw new Error(`not refused: ${JSON.stringify(outcome)}`);
}

const header = 'path,total_conversions,total_conversion_value,total_null\n';

describe('a file of paths', () => {
  it('counts the touches of all journeys of a line, and passes over lines of blanks', async () => {
    const { totals } = await read('a > b,2,1\n  \t\n \r\na,0,3\n', { header: false });
    expect(totals).toMatchObject({ touches: 9, conversions: 2, nulls: 4 });
    expect((await read('a > b,0,0\n', { header: false })).totals.touches).toBe(0);
  });

  it('is read with trimmed names, counts and values', async () => {
    const { told, totals } = await read(`${header} a >b>  c ,2,10.50,1\nd,0,0,3\n`);
    expect(told).toEqual([
      { path: 'a|b|c', conversions: 2, nulls: 1, value: 10.5 },
      { path: 'd', conversions: 0, nulls: 3, value: 0 },
    ]);
    expect(totals).toMatchObject({ touches: 12, conversions: 2, nulls: 4, value: 10.5 });
  });

  it.each([
    ['CRLF and no end of the last line', 'path,total_conversions\r\na>b,1\r\nc,2'],
    ['a byte order mark', '\ufeffpath,total_conversions\na>b,1\nc,2\n'],
    ['blank lines', 'path,total_conversions\n\na>b,1\n\r\nc,2\n\n'],
    ['quoted fields', '"path","total_conversions"\n"a>b","1"\n"c",2\n'],
    ['other columns and the path at the end', 'n,total_conversions,path\n9,1,a>b\n"x,y",2,c\n'],
    ['the path at the end of CRLF lines', 'total_conversions,path\r\n1,a > b\r\n2,c\r\n'],
    ['whole numbers in other spellings', 'path,total_conversions\na>b,1.0\nc, +2e0\n'],
  ])('may have %s', async (_, content) => {
    const { told } = await read(content);
    expect(told.map(({ path, conversions }) => [path, conversions])).toEqual([
      ['a|b', 1],
      ['c', 2],
    ]);
  });

  it('may have commas, quotes and separators of more than one character in its names', async () => {
    const content = `${header}"a, inc -> say ""hi"" -> b-c",1,0,0\nx>y -> a-,1,0,0\n`;
    const { told } = await read(content, { separator: '->' });
    expect(told.map(({ path }) => path)).toEqual(['a, inc|say "hi"|b-c', 'x>y|a-']);
  });

  it('keeps names apart that share their beginning, their end and their length', async () => {
    const names = [
      'abcdXefgh',
      'abcdYefgh',
      'abcdefgh',
      'abcd',
      'abc',
      'ab',
      'a',
      'abcd12345678efgh',
      'abcd1234X678efgh',
    ];
    const { told } = await read(`path,total_conversions\n${names.join('>')},1\n${names.join(' > ')},1\n`);
    expect(told.map(({ path }) => path)).toEqual([names.join('|'), names.join('|')]);
  });

  it('adds up values exactly', async () => {
    const { totals } = await read(`${header}${'a,1,0.1,0\n'.repeat(10)}`);
    expect(totals.value).toBe(1);
  });

  it('may be in pieces anywhere', async () => {
    const long = Array.from({ length: 200_000 }, (_, at) => `c${at % 97}`);
    const lines = Array.from({ length: 30_000 }, (_, at) => `a${at % 13} > b${at % 7},${at % 3},${at % 2}`);
    const { told, totals } = await read([...lines, `${long.join('>')},1,0`, ...lines].join('\n'), {
      header: false,
    });
    expect(told).toHaveLength(60_001);
    expect(told[30_000]?.path).toBe(long.join('|'));
    expect(told.slice(30_001)).toEqual(told.slice(0, 30_000));
    // Two touches a line, one and a half journeys on average.
    expect(totals.touches).toBe(180_000 + long.length);
  });

  it('tells ages in days before the end', async () => {
    const { told } = await read('path,total_conversions,days\na>b>c,1,38 > 8.5>8.5\n', {
      columns: { ages: 'days' },
    });
    expect(told[0]?.ages).toEqual([38, 8.5, 8.5]);
  });

  it('comes back as it was written, whatever the names', async () => {
    const name = fc
      .stringMatching(/^[a-z ,"é漢-]{1,12}$/)
      .filter((text) => text.trim() === text && text !== '');
    const row = fc.record({
      names: fc.array(name, { minLength: 1, maxLength: 6 }),
      conversions: fc.nat(1000),
      nulls: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const lines = rows.map(
          ({ names, conversions, nulls }) =>
            `"${names.join('>').replaceAll('"', '""')}",${conversions},${nulls}`,
        );
        const { told } = await read(lines.join('\n'), { header: false });
        expect(told.map(({ path, conversions, nulls }) => ({ path, conversions, nulls }))).toEqual(
          rows.map(({ names, ...counts }) => ({ path: names.join('|'), ...counts })),
        );
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});

describe('bad input is refused with its line', () => {
  const cases: readonly (readonly [string, string | Uint8Array, number, RegExp, How?])[] = [
    ['an empty path', `${header}a,1,0,0\n,1,0,0\n`, 3, /empty touch/],
    ['an empty quoted path', `${header}"",1,0,0\n`, 2, /empty touch/],
    ['an empty touch', `${header}a > > b,1,0,0\n`, 2, /empty touch/],
    ['a negative count', `${header}a,-1,0,0\n`, 2, /"-1" in total_conversions is not a count/],
    ['a fractional count', `${header}a,1,0,0.5\n`, 2, /"0.5" in total_null is not a count/],
    ['NaN', `${header}a,NaN,0,0\n`, 2, /"NaN" in total_conversions/],
    ['an infinite count', `${header}a,1e400,0,0\n`, 2, /in total_conversions/],
    ['an empty count', `${header}a,,0,0\n`, 2, /"" in total_conversions/],
    ['a negative value', `${header}a,1,-5,0\n`, 2, /"-5" in total_conversion_value is not a value/],
    ['a value that is not a number', `${header}a,1,"1,5",0\n`, 2, /"1,5" in total_conversion_value/],
    ['a value without a conversion', `${header}a,0,5,1\n`, 2, /a value and no conversion/],
    ['a line with too few fields', `${header}a,1\nb,1,0,0\n`, 2, /too few fields/],
    ['a line that is only a path', `${header}a\nb,1,0,0\n`, 2, /too few fields/],
    ['a last line that is only a path', `${header}b,1,0,0\na`, 3, /too few fields/],
    ['a comma in a name', `${header}a, inc > b,1,0,0\n`, 2, /is not a count/],
    ['a line with too many fields', `${header}a,1,0,0,7\n`, 2, /too many fields/],
    ['a comma in a path at the end', 'total_conversions,path\n1,a,b\n', 2, /too many fields/],
    ['a quote that is never closed', `${header}"a > b,1,0,0\nc,1,0,0\n`, 2, /never closed/],
    ['text after a quote', `${header}"a"b,1,0,0\n`, 2, /after a closing quote/],
    ['a stray quote', `${header}a > "b",1,0,0\n`, 2, /stray quote/],
    [
      'what is not UTF-8',
      Uint8Array.from([97, 62, 0xff, 44, 49, 44, 48, 10]),
      1,
      /not UTF-8/,
      { header: false },
    ],
    ['a column twice', 'path,path,total_conversions\na,b,1\n', 1, /"path" twice/],
    [
      'an unknown column',
      'path,total_conversions\na,1\n',
      1,
      /no column "sum" for --value/,
      { columns: { value: 'sum' } },
    ],
    ['a missing path column', 'journey,total_conversions\na,1\n', 1, /no column "path" for --path/],
    [
      'one column for two things',
      'path,n\na,1\n',
      1,
      /cannot mean two things/,
      { columns: { conversions: 'n', nulls: 'n' } },
    ],
    [
      'fewer ages than touches',
      'path,total_conversions,d\na>b,1,3\n',
      2,
      /2 touches and 1 ages/,
      { columns: { ages: 'd' } },
    ],
    [
      'a touch after the end',
      'path,total_conversions,d\na>b,1,3>-1\n',
      2,
      /"-1" is not an age/,
      { columns: { ages: 'd' } },
    ],
    [
      'touches out of order',
      'path,total_conversions,d\na>b,1,3>4\n',
      2,
      /Touch 2 is older/,
      { columns: { ages: 'd' } },
    ],
  ];

  it.each(
    cases.map(([what, content, line, message, how]) => ({ what, content, line, message, how })),
  )('$what', async ({ content, line, message, how }) => {
    const problem = await refused(content, how);
    expect(problem.message).toMatch(message);
    expect(problem.where).toMatch(new RegExp(`paths\\.csv:${line}$`));
    expect(problem.remedy).toBeTruthy();
  });

  it.each([
    ['an empty file', '', {}],
    ['a file with only a header', header, {}],
    ['blank lines only', '\n\n', { header: false }],
  ])('%s has no journeys', async (_, content, how) => {
    expect((await refused(content, how)).message).toBe('The file has no journeys.');
  });

  it.each(['', ',', 'a"b', '\n'])('the separator %j', async (separator) => {
    expect((await refused('a,1,0\n', { header: false, separator })).kind).toBe('usage');
  });

  it('a file packed with gzip', async () => {
    const problem = await refused(gzipSync('a,1,0\n'), { header: false });
    expect(problem).toMatchObject({ kind: 'usage', message: 'The file is packed with gzip.' });
  });

  it('a file that is not there', async () => {
    const source = { file: '/nowhere/paths.csv', header: true, columns: {}, separator: '>' };
    await expect(readJourneys(source, new Channels(), { add: () => {} })).rejects.toMatchObject({
      kind: 'usage',
      where: '/nowhere/paths.csv',
    });
  });
});

describe('a long file', () => {
  const line = 'a > b > c,1,2\n';

  it('passes through one buffer that never grows, and tells how far it has come', async () => {
    const file = fileOf(line.repeat(200_000));
    const buffers = new Set<unknown>();
    const told: number[] = [];
    let lines = 0;
    await readInPieces(
      file,
      (bytes, start, end) => {
        buffers.add(bytes.buffer);
        const whole = Math.floor((end - start) / line.length);
        lines += whole;
        return start + whole * line.length;
      },
      { progress: (read, size) => told.push(read / size) },
    );
    expect(lines).toBe(200_000);
    expect(buffers.size).toBe(1);
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual(told.toSorted((one, other) => one - other));
  });

  it('leaves nothing behind but distinct journeys', async () => {
    const channels = new Channels();
    const table = new JourneyTable(channels);
    const source = { file: fileOf(line.repeat(50_000)), header: false, columns: {}, separator: '>' };
    const totals = await readJourneys(source, channels, table);
    expect(totals).toMatchObject({ lines: 50_000, conversions: 50_000, nulls: 100_000 });
    expect(table.size).toBe(1);
    expect(table.touches.length).toBeLessThan(2_000);
  });
});
