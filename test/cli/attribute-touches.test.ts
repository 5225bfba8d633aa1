/** `hub simulate` and `hub attribute --touches`: from the command line to the shares and back. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HazardReport } from '../../src/attribution/uncertainty/report.ts';
import { directory, hub, hubJson } from './hub.ts';

function inputs(folder: string): string[] {
  return ['--touches', join(folder, 'touches.csv'), '--people', join(folder, 'people.csv')];
}

describe('simulate, then attribute', () => {
  it('credits what the simulated truth says, with intervals, the same twice', async () => {
    const folder = directory();
    const made = await hubJson<{ files: string[]; conversions: number }>([
      'simulate',
      '--scenario',
      'B',
      '--people',
      '500',
      '--seed',
      '2',
      '--out',
      folder,
    ]);
    expect(made.code).toBe(0);
    expect(made.value.files).toHaveLength(4);
    const command = [
      'attribute',
      ...inputs(folder),
      '--model',
      'data-driven',
      '--covariates',
      'lead_score',
      '--seed',
      '3',
    ];
    const first = await hubJson<HazardReport>(command);
    expect(first.code).toBe(0);
    const { channels, baseline, conversions, covariates } = first.value;
    expect(conversions).toBe(made.value.conversions);
    const all = channels.reduce((sum, { share }) => sum + share.value, baseline.share.value);
    expect(all).toBeCloseTo(1, 9);
    expect(covariates.map(({ name }) => name)).toEqual(['lead_score']);
    const { low = 1, high = 0 } = baseline.share.interval ?? {};
    expect(low).toBeLessThan(high);
    const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'));
    expect(Math.abs(baseline.share.value - truth.shares.baseline)).toBeLessThan(0.25);
    expect(first.stderr).toContain('Fitted without lead_score, ');
    expect(first.stderr).toContain('The chains agree after ');
    expect((await hubJson(command)).stdout).toBe(first.stdout);
  });

  it('prints one line for each channel and the baseline', async () => {
    const folder = directory({
      'touches.csv': 'user,channel,time_days\na,"chat, web",1\nb,email,2\n',
      'people.csv': 'user,converted,end_time_days\na,1,2\nb,0,9\n',
    });
    const { code, stdout, stderr } = await hub(['attribute', ...inputs(folder)]);
    const [header, ...rows] = stdout.trim().split('\n');
    expect(code).toBe(0);
    expect(header).toContain('channel,conversions,share,share_low');
    expect(rows.map((row) => /^("[^"]*"|[^,]*)/.exec(row)?.[0]).sort()).toEqual([
      '"chat, web"',
      'baseline',
      'email',
    ]);
    expect(stderr).toContain('1 conversion is few');
  });
});

describe('a fit to one conversion', () => {
  const given = {
    'touches.csv': 'user,channel,time_days\nu1,a,1\n',
    'people.csv': 'user,converted,end_time_days\nu1,1,10\n',
  };

  it('has intervals of numbers, and says how many draws said nothing', async () => {
    const command = ['attribute', ...inputs(directory(given)), '--method', 'map', '--bootstrap', '50'];
    const json = await hubJson<HazardReport & { bootstrap: { redrawn: number } }>(command);
    const { redrawn } = json.value.bootstrap;
    expect(redrawn).toBeGreaterThan(0);
    expect(json.stderr).toContain(`${redrawn} draws without a conversion`);
    expect(json.stderr).toContain('1 conversion is few');
    expect(json.stdout).not.toContain('"low":null');
    const csv = await hub(command);
    expect(csv.code).toBe(0);
    expect(csv.stdout).not.toContain('NaN');
  });
});

describe('odd data are fitted', () => {
  const touchHeader = 'user,channel,time_days\n';
  const peopleHeader = 'user,converted,end_time_days\n';
  const crowd = Array.from({ length: 60 }, (_, at) => at);
  const someConvert = `${peopleHeader}${crowd.map((at) => `u${at},${at % 4 === 0 ? 1 : 0},${5 + at}\n`).join('')}`;
  const allConvert = `${peopleHeader}${crowd.map((at) => `u${at},1,${5 + at}\n`).join('')}`;
  const touched = (rows: readonly string[]) => `${touchHeader}${rows.join('\n')}\n`;

  it.each([
    ['one channel', touched(crowd.map((at) => `u${at},chat,${at / 20}`)), someConvert, 1],
    ['only conversions', touched(crowd.map((at) => `u${at},c${at % 2},1`)), allConvert, 2],
    ['no touches', touchHeader, someConvert, 0],
    [
      'equal times',
      touched(crowd.flatMap((at) => [`u${at},a,2`, `u${at},b,2`, `u${at},a,2`])),
      someConvert,
      2,
    ],
    ['a touch at the very end', touched(crowd.map((at) => `u${at},form,${5 + at}`)), someConvert, 1],
    [
      '10,000 touches of one person',
      touched(
        Array.from({ length: 10_000 }, (_, at) => `u${at < 9_990 ? 8 : at % 60},c${at % 3},${at / 2_000}`),
      ),
      someConvert,
      3,
    ],
    [
      '5,000 channels',
      touched(Array.from({ length: 5_000 }, (_, at) => `u${at % 60},channel ${at},${(at % 5) + 0.5}`)),
      someConvert,
      5_000,
    ],
  ])('%s', async (_, touches, people, count) => {
    const folder = directory({ 'touches.csv': touches, 'people.csv': people });
    const { code, value } = await hubJson<HazardReport>([
      'attribute',
      ...inputs(folder),
      '--model',
      'hazard',
      '--method',
      'map',
    ]);
    expect(code).toBe(0);
    expect(value.channels).toHaveLength(count);
    const all = [...value.channels, value.baseline].map(({ share }) => share.value);
    expect(all.every((share) => share >= 0)).toBe(true);
    expect(all.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });
});

describe('what is wrong', () => {
  const files = {
    'touches.csv': 'user,channel,time_days\na,x,3\n',
    'people.csv': 'user,converted,end_time_days\na,1,2\n',
  };
  it.each([
    ['a touch after the end', files, [], 1, 'touches.csv:2'],
    [
      'nobody converted',
      { ...files, 'people.csv': 'user,converted,end_time_days\na,0,5\n' },
      [],
      1,
      'Nobody converted',
    ],
    [
      'NaN',
      { ...files, 'touches.csv': 'user,channel,time_days\na,x,NaN\n' },
      [],
      1,
      '"NaN" in time_days is not a number',
    ],
    [
      'a negative time',
      { ...files, 'touches.csv': 'user,channel,time_days\na,x,1\na,x,-1\n' },
      [],
      1,
      'touches.csv:3',
    ],
    [
      'an empty channel',
      { ...files, 'touches.csv': 'user,channel,time_days\na,,1\n' },
      [],
      1,
      'The channel is empty',
    ],
    [
      'an unknown column',
      { ...files, 'touches.csv': 'user,channel,day\na,x,1\n' },
      [],
      1,
      'There is no column "time_days"',
    ],
    [
      'a conversion by halves',
      { ...files, 'people.csv': 'user,converted,end_time_days\na,0.5,2\n' },
      [],
      1,
      '"0.5" in converted is neither 1 nor 0',
    ],
    ['an unknown covariate', files, ['--covariates', 'size'], 1, 'people.csv:1'],
    ['another model', files, ['--model', 'linear'], 2, 'does not work on touches'],
    ['a negative number of resamples', files, ['--method', 'map', '--bootstrap', '-1'], 2, '--bootstrap'],
    [
      'too few resamples',
      files,
      ['--method', 'map', '--bootstrap', '19'],
      2,
      'cannot be made of --bootstrap 19. Give 20 or more',
    ],
    ['resamples of a posterior', files, ['--bootstrap', '50'], 2, 'does not go with --method posterior'],
    ['another method', files, ['--method', 'mean'], 2, 'There is no method "mean"'],
    [
      'a channel that nobody was touched by',
      { ...files, 'people.csv': 'user,converted,end_time_days\na,1,4\n' },
      ['--caused-by-deal', 'call'],
      2,
      'the channel "call"',
    ],
    ['a covariate twice', files, ['--covariates', 's, s'], 2, '"s" is in --covariates twice'],
    ['a fixed column', files, ['--covariates', 'end_time_days'], 2, '"end_time_days" cannot be a covariate'],
    ['an empty covariate', files, ['--covariates', 's,'], 2, 'A name in --covariates is empty'],
  ])('%s', async (_, given, more, code, words) => {
    const ended = await hub(['attribute', ...inputs(directory(given)), ...more]);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(words);
  });

  it('not: blanks around the names of covariates', async () => {
    const people = 'user,converted,end_time_days,s,s2\na,1,4,1,2\nb,0,9,2,1\n';
    const { code, value } = await hubJson<HazardReport>([
      'attribute',
      ...inputs(directory({ ...files, 'people.csv': people })),
      ...['--covariates', 's, s2'],
    ]);
    expect(code).toBe(0);
    expect(value.covariates.map(({ name }) => name)).toEqual(['s', 's2']);
  });

  it('touches without people, an unknown scenario', async () => {
    expect(await hub(['attribute', '--touches', 'touches.csv'])).toMatchObject({ code: 2 });
    expect(await hub(['simulate', '--scenario', 'Z'])).toMatchObject({ code: 2 });
  });
});
