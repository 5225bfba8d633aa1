import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataFolder, openSettingsStore } from '../../src/app/storage.ts';
import { systemClock } from '../../src/support/clock.ts';
import { silentLog } from '../../src/support/log.ts';
import { dataDirectory, testSettings } from '../sync/hub.ts';

it('a lost key is not replaced by another, which could open nothing', async () => {
  const data = dataDirectory();
  const key = join(data.path, 'hub.key');
  const open = (env = {}) =>
    openSettingsStore(testSettings({ data: data.path }), dataFolder(data.path), env, {
      clock: systemClock,
      log: silentLog,
    });
  try {
    await (await open()).close();
    rmSync(key);
    await expect(open()).rejects.toMatchObject({
      kind: 'configuration',
      where: key,
      remedy: expect.stringContaining('backup'),
    });
    expect(existsSync(key)).toBe(false);
    const given = { HUB_KEY: Buffer.alloc(32).toString('base64') };
    await (await open(given)).close();
  } finally {
    data.remove();
  }
});
