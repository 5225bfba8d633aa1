/** Files as other programs and countries write them: read as they are meant, or refused with what to do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { announceEffort } from '../../src/attribution/markov/effort.ts';
import { directory, hub, hubJson } from './hub.ts';

function file(content: string | Buffer, name = 'paths.csv'): string {
  const path = join(directory(), name);
  writeFileSync(path, content);
  return path;
}

interface Credited {
  readonly conversions: number;
  readonly value: number;
  readonly credit: readonly { readonly channel: string; readonly conversions: number }[];
}

const linear = ['--model', 'linear'];
const paths = (content: string | Buffer, ...more: string[]) => [
  'attribute',
  '--paths',
  file(content),
  ...linear,
  ...more,
];

const plain = 'path,total_conversions,total_conversion_value\na > b,3,12.5\n"c, d",1,0\n';

describe('a file of paths is the same', () => {
  it.each([
    ['with semicolons', 'path;total_conversions;total_conversion_value\na > b;3;12.5\nc, d;1;0\n', []],
    ['with tabs', 'path\ttotal_conversions\ttotal_conversion_value\na > b\t3\t12.5\nc, d\t1\t0\n', []],
    [
      'with what was said',
      plain.replace('"c, d"', 'c, d').replace(/,(?! )/g, '|'),
      ['--delimiter', '|', '--separator', '>'],
    ],
    [
      'with a decimal comma',
      'path;total_conversions;total_conversion_value\na > b;3;12,50\nc, d;1;0\n',
      ['--decimal', ','],
    ],
    ['with a decimal comma in quotes', plain.replace('12.5', '"12,5"'), ['--decimal', ',']],
    [
      'with a line for Excel',
      `sep=;\r\n${'path;total_conversions;total_conversion_value\na > b;3;12.5\nc, d;1;0\n'}`,
      [],
    ],
    ['with a mark at its beginning', `\ufeff${plain}`, []],
    [
      'with other letters and blanks in its header',
      plain.replace('path,total_conversions,', ' Path ,TOTAL_Conversions ,'),
      [],
    ],
  ])('%s', async (_, content, options) => {
    const { value, stderr } = await hubJson<Credited>(paths(content, ...options));
    expect(stderr).not.toMatch(/paths\.csv/);
    expect(value).toMatchObject({
      conversions: 4,
      value: 12.5,
      credit: [
        { channel: 'a', conversions: 1.5 },
        { channel: 'b', conversions: 1.5 },
        { channel: 'c, d', conversions: 1 },
      ],
    });
  });

  it('without a header', async () => {
    const journeys = file('a > b, c;3;4\nb, c;1;1\n', 'journeys.txt');
    const { value } = await hubJson<Credited>(['attribute', '--journeys', journeys, ...linear]);
    expect(value.credit.map(({ channel }) => channel)).toEqual(['a', 'b, c']);
  });

  it('whichever way its characters are composed', async () => {
    const two = `path,total_conversions\n${'Café'.normalize('NFC')},3\n${'Café'.normalize('NFD')} > x,1\n`;
    const { value } = await hubJson<Credited>(paths(two));
    expect(value.credit.map(({ channel }) => channel)).toEqual(['Café', 'x']);
  });
});

describe('a file of paths is refused', () => {
  const head = 'path,total_conversions,total_conversion_value\n';
  it.each([
    [
      'thousands in a count',
      `${head}a,"1,024",0\n`,
      'paths.csv:2: "1,024" in total_conversions is not a count. Counts are whole numbers from 0 up: write 1024.',
    ],
    ['points in a count', `${head}a,1.000.000,0\n`, 'write 1000000.'],
    ['a currency', `${head}a,1,"$12,345.60"\n`, 'like 1234.50: write 12345.60.'],
    ['a currency behind it', `${head}a,1,12.345€\n`.replace('.', '.'), 'write 12.345.'],
    ['a decimal comma', `${head}a,1,"12,50"\n`, 'write 12.50, or give --decimal ,.'],
    ['thousands or decimals', `${head}a,1,"1,234"\n`, 'write 1234 or 1.234.'],
    ['a percent sign', `${head}a,1,12%\n`, '"12%" in total_conversion_value is not a value.'],
    [
      'a point with three digits in a file of semicolons',
      `${head}a,1,1.234\n`.replaceAll(',', ';'),
      '"1.234" in total_conversion_value may be 1234 or 1,234. Say how',
    ],
    [
      'a count like that',
      `${head}a,1.000,2\n`.replaceAll(',', ';'),
      '"1.000" in total_conversions may be 1000 or 1,000. Say how',
    ],
    [
      'a total',
      `${head}a,1,2\nb,3,4\nGrand total,4,6\n`,
      'paths.csv:4: The line looks like a total of others',
    ],
    ['a total without a name', `${head}a,1,2\n,1,2\n`, 'paths.csv:3: The path has an empty touch'],
    [
      'lines above the header',
      `# Report\n# 2026\n\n${head}a,1,2\n`,
      'paths.csv:1: The header is not in the first line but in line 4.',
    ],
    ['a column twice', 'Path,PATH,total_conversions\na,a,1\n', 'The header has the column "path" twice'],
    [
      'a header that is not UTF-8',
      Buffer.from('path,total_conversions,\xfc\na,1,2\n', 'latin1'),
      'paths.csv:1: The header is not UTF-8.',
    ],
  ])('for %s', async (_, content, words) => {
    const { code, stderr, stdout } = await hub(paths(content));
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(words)]);
  });

  it.each([
    ['UTF-16', Buffer.from(`\ufeff${head}a,1,2\n`, 'utf16le')],
    ['an old Excel workbook (.xls)', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    [
      'an OpenDocument sheet',
      Buffer.from('PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet', 'latin1'),
    ],
  ])('because it is %s', async (is, content) => {
    const { code, stderr } = await hub(paths(content));
    expect([code, stderr]).toEqual([2, expect.stringContaining(`paths.csv: The file is ${is}.`)]);
  });

  it.each([
    ['--delimiter', 'xx'],
    ['--decimal', ';'],
    ['--separator', ','],
  ])('for %s %s', async (option, given) => {
    expect((await hub(paths(plain, option, given))).code).toBe(2);
  });
});

describe('touches and people', () => {
  const people = 'User;Converted;End_Time_Days\nzoë;1;10,5\nb;0;20\nc;1;9\n';
  const touches = `user\tchannel\ttime_days\n${'zoë'.normalize('NFD')}\tCafé\t1,5\nb\t${'Café'.normalize('NFD')}\t2\nc\tx\t3\n`;
  const given = (...more: string[]) => [
    ...['attribute', '--touches', file(touches, 'touches.tsv'), '--people', file(people, 'people.csv')],
    ...more,
  ];

  it('have delimiters of their own, decimal commas, and names in any composition', async () => {
    const { value, code } = await hubJson<{ channels: { channel: string }[] }>(given('--decimal', ','));
    expect([code, value.channels.map(({ channel }) => channel)]).toEqual([0, ['x', 'Café']]);
  });

  it('say what is wrong with a number', async () => {
    const { code, stderr } = await hub(given());
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('people.csv:2: "10,5" in end_time_days is not a number.'),
    ]);
  });
});

it('prints channels that a spreadsheet would run as text', async () => {
  const { stdout } = await hub(paths('path,total_conversions\n=1+1,2\n@x > -12.5,2\n'));
  expect(stdout).toBe("channel,conversions,value\n-12.5,1,0\n'=1+1,2,0\n'@x,1,0\n");
});

describe('more channels than a chain can be solved for in time', () => {
  const many = (channels: number) =>
    Array.from({ length: channels * 2 }, (_, n) => `c${n % channels} > c${(n * 7 + 1) % channels},1,1`).join(
      '\n',
    );

  it('are refused at once by markov, with the time that it would take', async () => {
    const journeys = file(many(100_000), 'journeys.txt');
    const began = performance.now();
    const { code, stderr } = await hub(['attribute', '--journeys', journeys, '--model', 'markov:1']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /There are 100,000 channels: .* would take about \d+ (minutes|hours)\. Give rare/,
      ),
    ]);
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it('are told of before it begins', () => {
    const told: string[] = [];
    const channels = Array.from({ length: 3_000 }, (_, n) => `c${n}`);
    const links = {
      starts: new Int32Array(3_001),
      states: new Int32Array(400_000),
      counts: new Float64Array(),
    };
    const none = new Float64Array();
    const chain = {
      ...{ order: 1, channels, size: 3_000, windows: new Int32Array(), visits: none, starts: none },
      ...{ conversions: none, nulls: none, values: none, outgoing: links },
    };
    announceEffort(chain, (text) => told.push(text));
    expect(told).toEqual([expect.stringMatching(/^3,000 channels: this takes about \d+ seconds\.$/)]);
  });
});
