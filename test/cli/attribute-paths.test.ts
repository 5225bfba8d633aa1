/** `hub attribute --paths` and `--journeys`, from the command line to the table: what is right, odd, and wrong. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { directory, hub, hubJson, startHub } from './hub.ts';

const header = 'path,total_conversions,total_conversion_value,total_null\n';
const example = `${header}google,2,200,1\nmailing,1,50.5,0\ngoogle > mailing,1,100,0\n`;

function paths(text: string): string[] {
  return ['attribute', '--paths', join(directory({ 'paths.csv': text }), 'paths.csv')];
}

function journeys(text: string): string[] {
  return ['attribute', '--journeys', join(directory({ 'journeys.txt': text }), 'journeys.txt')];
}

interface Credited {
  readonly conversions: number;
  readonly credit: readonly {
    readonly channel: string;
    readonly conversions: number;
    readonly value: number;
  }[];
  readonly notes: readonly string[];
}

async function credited(command: readonly string[]): Promise<Credited> {
  const { code, value, stderr } = await hubJson<Credited>(command);
  expect(stderr.includes('NaN')).toBe(false);
  expect(code).toBe(0);
  const sum = value.credit.reduce((all, one) => all + one.conversions, 0);
  expect(sum).toBeCloseTo(value.conversions, 6);
  expect(value.credit.every(({ conversions, value: worth }) => conversions >= 0 && worth >= 0)).toBe(true);
  return value;
}

describe('credit', () => {
  it.each([
    ['first', 'google,3,300\nmailing,1,50.5'],
    ['last', 'google,2,200\nmailing,2,150.5'],
    ['linear', 'google,2.5,250\nmailing,1.5,100.5'],
    ['position', 'google,2.5,250\nmailing,1.5,100.5'],
    ['shapley', 'google,2.5,250\nmailing,1.5,100.5'],
    ['markov:1', 'google,2.4,226.600411039342\nmailing,1.6,123.899588960658'],
  ])('by %s is a table', async (model, rows) => {
    const ended = await hub([...paths(example), '--model', model]);
    expect(ended).toEqual({ code: 0, stdout: `channel,conversions,value\n${rows}\n`, stderr: '' });
  });

  it('takes columns by name, and lines without a header', async () => {
    const named = 'note,route,won,lost\n0,google|mailing,1,0\n0,google,2,1\n0,mailing,1,0\n';
    const options = ['--path', 'route', '--conversions', 'won', '--null', 'lost', '--separator', '|'];
    const one = await credited([...paths(named), ...options, '--model', 'markov:1']);
    const lines = 'google > mailing,1,0\ngoogle,2,1\nmailing,1,0\n';
    const other = await credited([...journeys(lines), '--model', 'markov:1']);
    expect(one.credit).toEqual(other.credit);
  });

  it('by presence comes with the form that it took, and with what a reader should know', async () => {
    const lines = 'a,30,970\nb,60,940\na > b,80,920\nb > a,80,920\n';
    const told = (...options: string[]) =>
      credited([...journeys(lines), '--model', 'presence', ...options]) as Promise<
        Credited & { readonly presence: object }
      >;
    const whole = await told();
    expect(whole.presence).toMatchObject({ form: 'sets', ending: 'watch', endingIs: 'seen' });
    expect(whole.notes.join(' ')).toMatch(/without any of the channels \d+ % of the conversions/);
    const cut = await told('--ends', 'conversion');
    expect(cut.presence).toMatchObject({ form: 'steps', ending: 'conversion', endingIs: 'given' });
    expect(cut.credit).not.toEqual(whole.credit);
  });

  it('of several models has the same total in every column', async () => {
    const { stdout } = await hub([...paths(example), '--model', 'first,markov:2,shapley']);
    expect(stdout).toBe(
      [
        'channel,first,markov:2,shapley,first:value,markov:2:value,shapley:value',
        'google,3.00,2.40,2.50,300.00,233.41,250.00',
        'mailing,1.00,1.60,1.50,50.50,117.09,100.50',
        'total,4.00,4.00,4.00,350.50,350.50,350.50\n',
      ].join('\n'),
    );
  });
});

describe('odd journeys have a defined credit', () => {
  it('one channel', async () => {
    const { credit } = await credited([...journeys('a > a > a,3,4\n'), '--model', 'markov:3']);
    expect(credit).toMatchObject([{ channel: 'a', conversions: 3 }]);
  });

  it('no conversions, and only conversions: what cannot be learnt is said', async () => {
    const none = await credited([...journeys('a > b,0,5\nb,0,1\n'), '--model', 'markov:1']);
    expect(none.credit.map(({ conversions }) => conversions)).toEqual([0, 0]);
    expect(none.notes).toEqual(['No journey converted: there is nothing to give credit for.']);
    const all = await credited([...journeys('a > b,5,0\nb,1,0\n'), '--model', 'markov:1']);
    expect(all.notes).toEqual([
      'Every journey converted: nothing can be learnt about what makes one convert.',
    ]);
  });

  it.each([
    'time-decay',
    'markov:4',
    'shapley:markov',
  ])('10,000 touches in one journey (%s)', async (model) => {
    const long = Array.from({ length: 10_000 }, (_, at) => `c${(at * at) % 7}`).join(' > ');
    await credited([...journeys(`${long},2,1\nc1 > c2,1,4\n`), '--model', model]);
  });

  it.each(['linear', 'shapley-ordered', 'markov:2'])('5,000 channels (%s)', async (model) => {
    const lines = Array.from({ length: 5_000 }, (_, at) => `c${at} > c${at >> 1},1,${at % 3}\n`);
    const { credit } = await credited([...journeys(lines.join('')), '--model', model]);
    expect(credit).toHaveLength(5_000);
  });

  it('equal times', async () => {
    const told = 'path,total_conversions,days\na > b > c,3,2 > 2 > 2\n';
    const { credit } = await credited([...paths(told), '--model', 'time-decay', '--ages', 'days']);
    for (const { conversions } of credit) expect(conversions).toBeCloseTo(1, 12);
  });
});

describe('large numbers', () => {
  it('are printed in full by one model', async () => {
    const lines = `${header}a,9007199254740991,45035996273705.03,0\n`;
    const { stdout } = await hub([...paths(lines), '--model', 'first']);
    expect(stdout).toBe('channel,conversions,value\na,9007199254740991,45035996273705.03\n');
  });

  it.each([
    ['conversions', 'a,999999999999999,2,0\nb,999999999999999,1,5\n', 'all'],
    ['values', 'a,1,90071992547409.92,0\nb,1,0.07,0\n', 'first,last'],
  ])('%s too large for a hundredth are refused by models side by side', async (what, lines, models) => {
    const ended = await hub([...paths(`${header}${lines}`), '--model', models]);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(new RegExp(`paths.csv: The ${what} sum to .* Give one model at a time`));
  });
});

describe('a file that is too much for one of the models', () => {
  /** A chain of order 4 takes 1,551 channels. */
  const many = () => journeys(Array.from({ length: 1_600 }, (_, at) => `c${at},1,${at % 3}\n`).join(''));

  it('is credited by all others, and the one is named with what to do', async () => {
    const { value } = await hubJson<{ models: object; credit: object[]; notes: string[] }>([
      ...many(),
      '--model',
      'all',
    ]);
    expect(Object.keys(value.models)).toEqual(expect.arrayContaining(['linear', 'shapley', 'markov:1']));
    expect(Object.keys(value.models)).not.toContain('markov:4');
    expect(value.credit).toHaveLength(1_600);
    expect(value.notes.filter((note) => note.includes('left out'))).toEqual([
      'markov:4 is left out: There are more channels than the 1551 that a chain of order 4 takes. Use a lower order, or group channels.',
    ]);
  });

  it('is refused where somebody asks for that model', async () => {
    const ended = await hub([...many(), '--model', 'linear,markov:4']);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('more channels than the 1551');
  });
});

it('the definition of time decay speaks of touches without times only where there are some', async () => {
  const told = paths('path,total_conversions,days\na > b,3,2 > 1\n');
  const [without, aged] = await Promise.all([
    hubJson<{ definition: string }>([...told, '--model', 'time-decay']),
    hubJson<{ definition: string }>([...told, '--model', 'time-decay', '--ages', 'days']),
  ]);
  expect(without.value.definition).toContain('touches without times lie 1 days apart');
  expect(aged.value.definition).toMatch(/before the end\.$/);
});

describe('options that do not go together are refused', () => {
  it.each([
    [['--journeys', 'j', '--touches', 'x'], 'Both --journeys and --touches are given'],
    [['--paths', 'p', '--journeys', 'j'], 'Both --paths and --journeys are given'],
    [['--journeys', 'j', '--people', 'x'], '--people does not go with --journeys'],
    [
      ['--journeys', 'j', '--covariates', 'a', '--bootstrap', '5'],
      '--covariates does not go with --journeys',
    ],
    [['--paths', 'p', '--no-intent'], '--no-intent does not go with --paths'],
    [['--paths', 'p', '--ends', 'never'], '"never" is not what can end a journey'],
    [['--touches', 't', '--people', 'p', '--ends', 'watch'], '--ends does not go with --touches'],
    [['--touches', 't', '--people', 'p', '--half-life', '3'], '--half-life does not go with --touches'],
    [['--touches', 't', '--people', 'p', '--separator', ';'], '--separator does not go with --touches'],
  ])('%j', async (options, words) => {
    const ended = await hub(['attribute', ...options, '--model', 'linear']);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(words);
  });
});

it.each([
  ['--paths', ['--model', 'linear']],
  ['--touches', ['--people', '.']],
])('a folder for %s is refused', async (input, more) => {
  const folder = directory();
  const people = join(directory({ 'people.csv': 'user,converted,end_time_days\na,1,2\n' }), 'people.csv');
  const options = more.map((option) => (option === '.' ? people : option));
  const ended = await hub(['attribute', input, folder, ...options]);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(`${folder}: This is a folder, not a file. Give`);
});

describe('what is wrong is said with its line, and nothing is printed', () => {
  const many = Array.from({ length: 5_000 }, (_, at) => `c${at},1,1\n`).join('');
  it.each([
    ['an empty path', `${header}a,1,0,0\n,1,0,0\n`, [], 'paths.csv:3', 'empty touch'],
    ['an empty touch', `${header}a > > b,1,0,0\n`, [], 'paths.csv:2', 'empty touch'],
    ['an unknown column', example, ['--value', 'worth'], 'paths.csv:1', 'no column "worth" for --value'],
    [
      'a negative count',
      `${header}a,-1,0,0\n`,
      [],
      'paths.csv:2',
      '"-1" in total_conversions is not a count',
    ],
    ['a fractional count', `${header}a,1,0,0.5\n`, [], 'paths.csv:2', '"0.5" in total_null is not a count'],
    ['NaN', `${header}a,1,NaN,0\n`, [], 'paths.csv:2', '"NaN" in total_conversion_value is not a value'],
    ['a value without a conversion', `${header}a,0,5,1\n`, [], 'paths.csv:2', 'a value and no conversion'],
    [
      'a touch after the end',
      'path,total_conversions,days\na > b,1,2 > -1\n',
      ['--ages', 'days'],
      'paths.csv:2',
      'no touch comes after it',
    ],
    ['nothing at all', '', [], 'paths.csv', 'no journeys'],
  ])('%s', async (_, text, options, where, words) => {
    const ended = await hub([...paths(text), ...options, '--model', 'time-decay']);
    expect(ended.code).not.toBe(0);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toContain(where);
    expect(ended.stderr).toContain(words);
  });

  it.each([
    ['markov:4', 'more channels than the 1551'],
    ['shapley:markov', 'takes 100 at most'],
    ['markov:5', 'There is no model "markov:5"'],
  ])('more channels than %s can take, or no such model', async (model, words) => {
    const ended = await hub([...journeys(many), '--model', model]);
    expect(ended.code).not.toBe(0);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toContain(words);
    expect(ended.stderr.includes('journeys.txt: ')).toBe(model !== 'markov:5');
  });
});

it('ends at once on an interrupt, in the middle of a long computation too', async () => {
  // Thousands of states that all lead to each other: half a minute's work.
  const channel = (index: number) => `c${(index * 7_919) % 4_001}`;
  const long = Array.from({ length: 10_000 }, (_, index) => channel(index * index)).join(' > ');
  const { child, ended } = startHub([...journeys(`${long},1,0\n${long} > c0,0,1\n`), '--model', 'markov:2']);
  const signalled = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  await pause(3_000);
  child.kill('SIGINT');
  expect(await signalled).toBe('SIGINT');
  expect((await ended).stdout).toBe('');
});
