/** Moving a hub: from where to where, whichever way the target is named. */
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directory, hub, hubJson, root } from './hub.ts';

const config = `
data: data
mappings: ${join(root, 'mappings')}
log: warn
connections: { chatbot: { connector: chatbot, emulate: empty } }
`;
const nobody = 'postgres://somebody:a-secret-word@127.0.0.1:9/hub';

describe('db copy', () => {
  it('moves the embedded store to a directory, key and all', async () => {
    const cwd = directory({ 'config/hub.yaml': config });
    expect((await hub(['sync'], { cwd })).code).toBe(0);
    const { code, value } = await hubJson<{ tables: { table: string; rows: number }[] }>(
      ['db', 'copy', '--to', 'moved'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(value.tables.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(0);
    expect([existsSync(join(cwd, 'moved/hub.db')), existsSync(join(cwd, 'moved/hub.key'))]).toEqual([
      true,
      true,
    ]);
  });

  it('moves the embedded store when DATABASE_URL names the target, with or without --to', async () => {
    const cwd = directory({ 'config/hub.yaml': config });
    const env = { DATABASE_URL: nobody };
    for (const to of [[], ['--to', nobody]]) {
      const { code, stderr } = await hub(['db', 'copy', ...to], { cwd, env });
      expect([code, stderr]).toEqual([3, expect.stringContaining('no embedded store')]);
    }
    expect((await hub(['sync'], { cwd })).code).toBe(0);
    const { code, stderr } = await hub(['db', 'copy'], { cwd, env });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/127\.0\.0\.1:9|ECONNREFUSED/);
    expect(stderr).not.toContain('a-secret-word');
  });

  it('refuses at once to copy a hub onto itself, however its place is written: exit code 2', async () => {
    const cwd = directory({ 'config/hub.yaml': config });
    expect((await hub(['sync'], { cwd })).code).toBe(0);
    symlinkSync(join(cwd, 'data'), join(cwd, 'alias'));
    const itself = [2, expect.stringContaining('The target is the store of this very hub.')];
    for (const to of ['data', './data/', join(cwd, 'data'), 'alias']) {
      const { code, stderr } = await hub(['db', 'copy', '--to', to], { cwd });
      expect([code, stderr]).toEqual(itself);
    }
    const given = { cwd, env: { DATABASE_URL: nobody } };
    for (const to of [
      nobody.replace('postgres:', 'postgresql:'),
      'postgres://somebody:another-word@127.0.0.1:9/hub',
    ]) {
      const { code, stderr } = await hub(['db', 'copy', '--to', to], given);
      expect([code, stderr]).toEqual(itself);
      expect(stderr).not.toMatch(/-word/);
    }
  });

  it('needs a target: exit code 2', async () => {
    const cwd = directory({ 'config/hub.yaml': config });
    const { code, stderr } = await hub(['db', 'copy'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining('Set DATABASE_URL')]);
  });
});
