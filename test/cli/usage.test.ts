/** The command line as such: help, mistakes, and what a process says where. */
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { plainLine } from '../../src/cli/text/log-lines.ts';
import { directory, hub, hubJson, oneValue } from './hub.ts';

describe('help', () => {
  it('lists every command on stdout and loads neither connectors nor SDKs', async () => {
    const empty = directory();
    const { code, stdout, stderr } = await hub(['--help'], {
      env: { NODE_DEBUG: 'module,esm', HOME: empty },
    });
    expect(code).toBe(0);
    for (const { usage } of commands) expect(stdout).toContain(usage.split(' ')[0]);
    for (const heavy of ['jsforce', '@hubspot', 'src/app.ts', 'kysely']) expect(stderr).not.toContain(heavy);
  });

  it('of one command names its options, asked for in either way', async () => {
    const [asked, told] = await Promise.all([hub(['help', 'sync']), hub(['sync', '--help'])]);
    expect(asked.stdout).toContain('--full');
    expect(told.stdout).toBe(asked.stdout);
  });

  it('is one JSON value when that is asked for', async () => {
    const { code, value } = await hubJson<{ help: string }>(['--help']);
    expect(code).toBe(0);
    expect(value.help).toContain('Usage: hub');
  });
});

it('tells its version', async () => {
  const { value } = await hubJson<{ version: string }>(['--version']);
  expect(value.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect((await hub(['-V'])).stdout.trim()).toBe(value.version);
});

describe('log lines on a terminal', () => {
  it('are for people', () => {
    const fields = {
      level: 40,
      time: '2026-06-30T12:00:01.000Z',
      connection: 'hubspot',
      attempt: 2,
      code: 'X',
    };
    expect(plainLine(JSON.stringify({ ...fields, msg: 'waits' }))).toBe(
      '12:00:01 warning hubspot: waits (attempt: 2, code: X)\n',
    );
    expect(plainLine(JSON.stringify({ level: 30, time: fields.time, msg: 'pulled' }))).toBe(
      '12:00:01 pulled\n',
    );
  });
});

describe('mistakes on the command line', () => {
  it.each([
    ['an unknown command', ['snyc'], 'Did you mean sync?'],
    ['an unknown option', ['sync', '--ful'], 'Did you mean --full?'],
    ['a missing argument', ['provision'], "Missing required argument 'connection'"],
    ['an argument too many', ['status', 'now'], 'Too many arguments'],
    ['no command', [], 'No command is given'],
    ['an unknown log level', ['status', '--log', 'loud'], 'Use one of: debug, info, warn, error, silent.'],
  ])('%s: exit code 2, with a word on what would be right', async (_, args, words) => {
    const { code, stdout, stderr } = await hub(args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stdout).toBe('');
  });

  it('with --json are one value on stdout, too', async () => {
    const { code, stdout, stderr } = await hub(['snyc', '--json']);
    expect(code).toBe(2);
    expect(oneValue(stdout)).toEqual({
      error: expect.objectContaining({ kind: 'usage', exitCode: 2, remedy: 'Did you mean sync?' }),
    });
    expect(stderr).toContain('Did you mean sync?');
  });
});

it('lets no name steer the terminal', async () => {
  const { code, stderr } = await hub([
    'attribute',
    '--model',
    'linear',
    '--paths',
    'no\u001b[31mred\u202e.csv',
  ]);
  expect(code).not.toBe(0);
  expect(stderr).toContain('no[31mred.csv');
});
