/** `hub simulate`: a folder that cannot be written is said at once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directory, hub } from './hub.ts';

const command = ['simulate', '--scenario', 'A', '--people', '50', '--out'];

describe('a folder that cannot be written', () => {
  it.each(['file', 'file/sub', 'folder'])('%s', async (name) => {
    const folder = directory({ file: '', 'folder/touches.csv/in-the-way': '' });
    const ended = await hub([...command, join(folder, name)]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(`${join(folder, name)}`);
    expect(ended.stderr).toContain('It cannot be written');
    expect(ended.stderr).toContain('Give --out');
    expect(ended.stderr).not.toContain('at async');
  });

  it.runIf(existsSync('/proc/self'))('a folder of the system that takes no others (Linux)', async () => {
    const ended = await hub([...command, '/proc/x']);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('/proc/x: It cannot be written');
  });
});

it('makes the folders that are not there yet', async () => {
  const folder = join(directory(), 'one/two');
  expect(await hub([...command, folder])).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, 'truth.json'))).toBe(true);
});
