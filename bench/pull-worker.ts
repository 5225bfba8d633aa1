/** One pass over all contacts of an emulator: `bare` by jsforce alone, `hub` into landing. Prints what it took. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from 'jsforce';
import { openApp } from '../src/app.ts';
import { settingsSchema } from '../src/settings/schema.ts';
import { silentLog } from '../src/support/log.ts';
import { pullStream } from '../src/sync/pull/stream.ts';
import { report } from './measure.ts';

interface Config {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly apiVersion?: string;
}

const [kind = '', given = '{}'] = process.argv.slice(2);
const config = JSON.parse(given) as Config;
report(kind === 'bare' ? await bare() : await hub());

async function bare(): Promise<{ records: number; seconds: number }> {
  const fields = await contactFields();
  const connection = new Connection({ loginUrl: config.loginUrl, version: config.apiVersion ?? '66.0' });
  await connection.authorize({
    grant_type: 'client_credentials',
    client_id: config.clientId,
    client_secret: config.clientSecret,
  });
  const started = performance.now();
  let records = 0;
  let page = await connection.query(`SELECT ${fields.join(', ')} FROM Contact ORDER BY SystemModstamp, Id`);
  for (;;) {
    records += page.records.length;
    if (page.done || !page.nextRecordsUrl) return { records, seconds: (performance.now() - started) / 1_000 };
    page = await connection.queryMore(page.nextRecordsUrl);
  }
}

/** The same fields that the hub asks for. */
async function contactFields(): Promise<string[]> {
  const { pulledObjects } = await import('../connectors/salesforce/wire/objects.ts');
  return [...(pulledObjects.Contact?.fields ?? ['Id'])];
}

async function hub(): Promise<{ records: number; seconds: number }> {
  const data = mkdtempSync(join(tmpdir(), 'hub-bench-'));
  const connections = { salesforce: { connector: 'salesforce', config } };
  const mappings = new URL('../mappings', import.meta.url).pathname;
  const settings = { ...settingsSchema.parse({ connections }), data, mappings, file: 'bench' };
  const app = await openApp(settings, { env: {}, log: silentLog, signal: new AbortController().signal });
  const system = app.hub.systems.get('salesforce');
  if (!system) throw new Error('no connection');
  const started = performance.now();
  const { received } = await pullStream(app.hub, system, 'Contact');
  const seconds = (performance.now() - started) / 1_000;
  await app.close();
  rmSync(data, { recursive: true, force: true });
  return { records: received, seconds };
}
