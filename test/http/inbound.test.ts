/** What is refused unread, how much is held at once, who is cut off, and what becomes of a body nobody understands. */
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../src/http/server.ts';
import type { Log } from '../../src/support/log.ts';
import { silentLog } from '../../src/support/log.ts';
import { openTestHub, type TestHub } from '../sync/hub.ts';
import { tellStory } from '../sync/story.ts';
import { batchOf, secret } from './chat-batch.ts';

let hub: TestHub;
let server: RunningServer;
let logged: { level: string; message: string }[];

function recordingLog(): Log {
  const note = (level: string) => (_: object, message?: string) =>
    void logged.push({ level, message: message ?? '' });
  return Object.assign(Object.create(silentLog), {
    debug: note('debug'),
    warn: note('warn'),
    error: note('error'),
  });
}

beforeEach(async () => {
  logged = [];
  hub = await openTestHub({
    settings: { server: { port: 0 } },
    connection: { chatbot: { config: { webhookSecret: secret } } },
  });
  server = await startServer({ ...hub.hub, log: recordingLog() });
});
afterEach(async () => {
  await server.close();
  await hub.close();
});

const batch = (texts: readonly string[] = ['hello']) => batchOf(texts, hub.hub.clock.now());

/** Sends a head and then as much of a body as is said; resolves with the answer as soon as there is one. */
function half(
  head: Readonly<Record<string, string>>,
  body = '',
  path = '/webhooks/chatbot',
): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const lines = Object.entries({ host: `${hostname}:${port}`, ...head }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`),
    );
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
      if (answer.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
    socket.on('error', reject);
  });
}

describe('a delivery is refused before its body was sent', () => {
  const promised = { 'content-length': '100000', 'content-type': 'application/json' };

  it.each([
    ['without a signature', '/webhooks/chatbot', {}, 400],
    ['to a connection that does not exist', '/webhooks/nobody', {}, 404],
    [
      'with a signature of long ago',
      '/webhooks/chatbot',
      { 'chat-timestamp': '1000000000', 'chat-signature': `v1=${'0'.repeat(64)}` },
      401,
    ],
    [
      'with two signatures',
      '/webhooks/chatbot',
      { 'chat-timestamp': '1000000000, 1000000000', 'chat-signature': 'v1=00, v1=11' },
      400,
    ],
    ['without the token in its address', '/webhooks/salesforce?token=wrong', {}, 401],
    ['without a signature of HubSpot', '/webhooks/hubspot', { 'x-hubspot-signature-v3': 'x' }, 401],
    ['compressed', '/webhooks/chatbot', { 'content-encoding': 'gzip' }, 415],
  ])('%s', async (_, path, head, status) => {
    expect(await half({ ...promised, ...head }, '', path)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('that is larger than its sender sends', async () => {
    const { headers } = batch();
    expect(await half({ ...headers, 'content-length': String(1_048_577) })).toMatch(/ 413 /);
  });

  it('in pieces, as soon as they are more than its sender sends', async () => {
    const { headers } = batch();
    const piece = `20000\r\n${' '.repeat(0x20000)}\r\n`;
    expect(await half({ ...headers, 'transfer-encoding': 'chunked' }, piece.repeat(9))).toMatch(/ 413 /);
  });
});

describe('what one sender has under way at once', () => {
  it('is bounded: more is told to come again, and goes through when the others have gone', async () => {
    const { hostname, port } = new URL(server.url);
    const { headers } = batch();
    const head = Object.entries({ host: `${hostname}:${port}`, ...headers, 'content-length': '1048576' });
    const opening = `POST /webhooks/chatbot HTTP/1.1\r\n${head.map((pair) => pair.join(': ')).join('\r\n')}\r\n\r\n`;
    const holders = Array.from({ length: 9 }, () => connect(Number(port), hostname));
    await Promise.all(
      holders.map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.on('error', () => undefined);
            socket.write(opening);
            socket.write(' '.repeat(1_040_000), () => resolve());
          }),
      ),
    );
    const send = () => {
      const { body, headers } = batch(['later']);
      return fetch(`${server.url}/webhooks/chatbot`, { method: 'POST', headers, body });
    };
    await expect
      .poll(async () => await half({ ...batch().headers, 'content-length': '1000000' }), { timeout: 60_000 })
      .toMatch(/ 503 /);
    for (const socket of holders) socket.destroy();
    await expect.poll(async () => (await send()).status, { timeout: 60_000 }).toBe(200);
  });
});

describe('an upload that its sender gave up', () => {
  it('is a line for those who look for it, and no error', async () => {
    const { hostname, port } = new URL(server.url);
    const { headers } = batch();
    const head = Object.entries({ host: `${hostname}:${port}`, ...headers, 'content-length': '1000' });
    const opening = `POST /webhooks/chatbot HTTP/1.1\r\n${head.map((pair) => pair.join(': ')).join('\r\n')}\r\n\r\n`;
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write(`${opening}{"half`, () => socket.destroy()),
      );
      socket.on('close', () => resolve());
    });
    await expect
      .poll(() => logged.map(({ message }) => message))
      .toContain('a webhook was not read to its end');
    expect(logged.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });
});

describe('a signed delivery that cannot be understood', () => {
  const send = (headers: Readonly<Record<string, string>>, body: string) =>
    fetch(`${server.url}/webhooks/chatbot`, { method: 'POST', headers, body });

  it('is kept, parked under its reason, and the others go on', async () => {
    tellStory(hub.emulator, Math.floor(hub.hub.clock.now() / 1_000) * 1_000);
    const broken = batchOf(['x'], hub.hub.clock.now(), (text) => text.replace('"version":1', '"version":9'));
    const statuses = [];
    for (const { headers, body } of [batch(['one']), broken, batch(['two'])])
      statuses.push((await send(headers, body)).status);
    expect(statuses).toEqual([200, 200, 200]);
    await hub.sync();
    const [parked, ...more] = await hub.hub.store.work.parked();
    expect(more).toEqual([]);
    expect(parked).toMatchObject({
      stage: 'inbox',
      key: expect.stringMatching(/^chatbot\|/),
      reason: { code: 'CANNOT_BE_READ', message: expect.stringMatching(/version: expected 1/) },
    });
    const [kept] = await hub.hub.store.inbox.get([parked?.key ?? '']);
    expect(Buffer.from(kept?.body ?? []).toString()).toBe(broken.body);
    const events = await hub.hub.store.facts.events({ types: ['chat.message'] }, 100);
    expect(events.length).toBeGreaterThanOrEqual(2);
    expect((await send(broken.headers, broken.body)).status).toBe(409);
  });

  it('keeps no token of its address', async () => {
    const { emulator } = hub;
    const { config } = emulator('salesforce');
    emulator('salesforce').deliverTo?.(`${server.url}/webhooks/salesforce`);
    const story = tellStory(emulator, Math.floor(hub.hub.clock.now() / 1_000) * 1_000);
    emulator('salesforce').records.update('Contact', story.Contact.ada, { Phone: '+1 212 555 0177' });
    await emulator('salesforce').delivered?.();
    const claims = await hub.hub.store.work.claim('inbox', 100, 60_000);
    const kept = await hub.hub.store.inbox.get(claims.map(({ key }) => key));
    expect(kept.length).toBeGreaterThan(0);
    const heads = JSON.stringify(kept.map(({ request }) => request));
    expect(heads).not.toContain(String(config.webhookToken));
  });
});

describe('odd requests', () => {
  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])('%s is told what goes there', async (method) => {
    const answer = await fetch(`${server.url}/webhooks/chatbot`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it.each([
    '/webhooks/../webhooks/nobody',
    '/webhooks/%2e%2e/admin',
    '/webhooks/chatbot/more',
    '/webhooks/',
    '/webhooks/__proto__',
    '/webhooks/constructor',
  ])('%s is not found', async (path) => {
    expect(await half({ 'content-length': '2' }, '{}', path)).toMatch(/ 404 /);
  });

  it('a flood of headers is refused, and the hub stays up', async () => {
    const flood = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [`x-flood-${index}`, 'x'.repeat(20)]),
    );
    expect(await half({ ...flood, 'content-length': '2' }, '{}')).toMatch(/ 4\d\d /);
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  });

  it('a bomb is not unpacked', async () => {
    const { headers } = batch();
    const body = gzipSync(Buffer.alloc(50_000_000));
    const answer = await fetch(`${server.url}/webhooks/chatbot`, {
      method: 'POST',
      headers: { ...headers, 'content-encoding': 'gzip' },
      body,
    });
    expect(answer.status).toBe(415);
  });
});
