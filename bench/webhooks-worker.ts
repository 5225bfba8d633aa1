/** One of the two servers that are measured, in a process of its own: `bare <folder>` or `hub <folder>`. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { openApp } from '../src/app.ts';
import { startServer } from '../src/http/server.ts';
import { settingsSchema } from '../src/settings/schema.ts';
import { silentLog } from '../src/support/log.ts';
import { path, secret } from './webhooks-batch.ts';

const [kind = '', folder = ''] = process.argv.slice(2);

/** The least that a durable receiver does: read, check the signature, write one row, sync, answer. */
function startBare(): Promise<string> {
  const database = new DatabaseSync(`${folder}/bare.db`);
  database.exec('pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full;');
  database.exec(
    'create table inbox (key text primary key not null, at integer not null, body text not null)',
  );
  const insert = database.prepare('insert into inbox (key, at, body) values (?, ?, ?)');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const time = String(request.headers['chat-timestamp']);
      const given = String(request.headers['chat-signature']);
      const mac = createHmac('sha256', secret).update(`${time}.`).update(body).digest();
      const signature = Buffer.from(given.slice('v1='.length), 'hex');
      const isGenuine = signature.length === mac.length && timingSafeEqual(signature, mac);
      if (isGenuine) insert.run(given, Date.now(), body.toString());
      response.writeHead(isGenuine ? 200 : 401).end();
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

async function startHub(): Promise<string> {
  const settings = settingsSchema.parse({
    connections: { chatbot: { connector: 'chatbot', config: { webhookSecret: secret } } },
    server: { port: 0 },
    log: 'silent',
    data: folder,
  });
  const mappings = new URL('../mappings', import.meta.url).pathname;
  const app = await openApp(
    { ...settings, mappings, file: 'bench' },
    { env: {}, log: silentLog, signal: new AbortController().signal },
  );
  return (await startServer(app.hub)).url;
}

const url = await (kind === 'bare' ? startBare() : startHub());
process.on('message', () => process.send?.(process.cpuUsage()));
process.on('disconnect', () => process.exit());
process.send?.(url + path);
