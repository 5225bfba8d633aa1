/** A hub that takes changes and chats and walks the road; prints how long its event loop stood still. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openApp } from '../src/app.ts';
import { startServer } from '../src/http/server.ts';
import { settingsSchema } from '../src/settings/schema.ts';
import { silentLog } from '../src/support/log.ts';
import { pullStream } from '../src/sync/pull/stream.ts';
import { walk } from '../src/sync/road.ts';
import { report } from './measure.ts';
import { watchTurns } from './turns.ts';
import { batchOf, path, secret } from './webhooks-batch.ts';

const [given = '{}', batches = '100'] = process.argv.slice(2);

const data = mkdtempSync(join(tmpdir(), 'hub-bench-'));
const settings = settingsSchema.parse({
  connections: {
    salesforce: { connector: 'salesforce', config: JSON.parse(given) },
    chatbot: { connector: 'chatbot', config: { webhookSecret: secret } },
  },
  server: { port: 0 },
  log: 'silent',
});
const mappings = new URL('../mappings', import.meta.url).pathname;
const app = await openApp(
  { ...settings, data, mappings, file: 'bench' },
  { env: {}, log: silentLog, signal: new AbortController().signal },
);
const salesforce = app.hub.systems.get('salesforce');
if (!salesforce) throw new Error('no connection');
const server = await startServer(app.hub);

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const turns = watchTurns();
const stages: Record<string, number> = {};
async function stage(name: string, work: () => Promise<unknown>): Promise<void> {
  turns.longest();
  await work();
  stages[name] = turns.longest();
}
await stage('pull', () => pullStream(app.hub, salesforce, 'Contact'));
await stage('receive', async () => {
  for (let index = 0; index < Number(batches); index += 1) {
    const { headers, body } = batchOf(100);
    await fetch(server.url + path, { method: 'POST', headers, body });
  }
});
await stage('walk', () => walk(app.hub, { push: false }));
turns.stop();
delay.disable();
const { normalize } = await app.hub.store.work.counts();
report({ left: normalize, stages, delay: { max: delay.max / 1e6, p99: delay.percentile(99) / 1e6 } });
await server.close();
await app.close();
rmSync(data, { recursive: true, force: true });
process.exit();
