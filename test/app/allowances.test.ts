/** The calls of a day are counted in the hub's store: a hub that is opened again goes on counting. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { loadSettings } from '../../src/settings/load.ts';
import { silentLog } from '../../src/support/log.ts';
import { json, serve } from '../connector/server.ts';

it('keep the reserve over 24 openings of a hub', async () => {
  const server = await serve((_, response) => json(response, {}));
  const folder = mkdtempSync(join(tmpdir(), 'hub-allowances-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'config'), { recursive: true });
  const crm = `{ connector: hubspot, config: { accessToken: a-token-that-is-long-enough, baseUrl: "${server.url}", dailyRequests: 100, reserve: 0.1 } }`;
  writeFileSync(join(folder, 'config/hub.yaml'), `data: data\nconnections:\n  crm: ${crm}\n`);
  const settings = loadSettings(join(folder, 'config/hub.yaml'), {});
  for (let run = 0; run < 24; run += 1) {
    const { signal } = new AbortController();
    const app = await openApp(settings, { env: {}, log: silentLog, signal });
    const http = app.hub.systems.get('crm')?.context.http;
    for (let call = 0; call < 7; call += 1) await http?.send({ method: 'GET', url: '/' }).catch(() => null);
    await app.close();
  }
  expect(server.seen).toHaveLength(90);
});
