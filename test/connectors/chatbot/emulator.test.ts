import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { chatbot } from '../../../connectors/chatbot/index.ts';
import { parseBatch } from '../../../connectors/chatbot/read/batch.ts';
import { chatbotEmulator } from '../../../emulators/chatbot/index.ts';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { buildWorld, hardCases } from '../../../emulators/world/build.ts';
import { isJsonObject, type JsonObject } from '../../../src/support/json.ts';
import { type Seen, serve } from '../../connector/server.ts';
import { open, pullAll, recordsOf, startChatbot } from './chat.ts';

const world = buildWorld();

async function ask(
  chat: RunningEmulator,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; json: JsonObject }> {
  const response = await fetch(`${chat.url}${path}`, {
    headers: { authorization: `Bearer ${chat.config.apiKey}` },
    ...init,
  });
  const body: unknown = await response.json();
  return { status: response.status, json: isJsonObject(body) ? (body as JsonObject) : {} };
}

describe('the story', () => {
  test('every conversation is told whole, and every event keeps to the format', async () => {
    const chat = await startChatbot({ world });
    const told = chat.records.all('event');
    expect(new Set(told.map((event) => event.sessionId)).size).toBe(world.conversations.length);
    expect(told.filter((event) => event.type === 'message')).toHaveLength(
      world.conversations.flatMap((each) => each.messages).length,
    );
    for (const event of told) expect(chatbot.files?.parseLine(JSON.stringify(event))).toHaveLength(1);
  });

  test('a visitor is nameless until they say who they are', async () => {
    const chat = await startChatbot({ world });
    const sessions = hardCases(world)['anonymous, then identified'].conversations.map(
      (each) => `cs_${each.key}`,
    );
    const told = chat.records.all('event').filter((event) => sessions.includes(String(event.sessionId)));
    const named = told.findIndex((event) => event.type === 'identified');
    expect(told[named]).toMatchObject({
      email: 'isolde.brackenmoor@larkmere.example',
      firstName: 'Isolde',
      lastName: 'Brackenmoor',
    });
    expect(told.slice(0, named).filter((event) => 'userId' in event || 'email' in event)).toEqual([]);
    expect(new Set(told.slice(named).map((event) => event.userId))).toEqual(
      new Set(['cu_p-identified-later']),
    );
    expect(new Set(told.map((event) => event.visitorId)).size).toBe(1);
  });

  test('two starts tell the same bytes', async () => {
    const [one, other] = [await startChatbot({ world }), await startChatbot({ world: buildWorld() })];
    expect(JSON.stringify(one.records.all('event'))).toBe(JSON.stringify(other.records.all('event')));
  });
});

describe('the read API', () => {
  test('pages by cursor in the order of receipt', async () => {
    const chat = await startChatbot({ knobs: { synthetic: 5 } });
    const first = await ask(chat, '/v1/events?limit=3');
    expect(first.json).toMatchObject({
      more: true,
      events: [{ id: 'syn_0' }, { id: 'syn_1' }, { id: 'syn_2' }],
    });
    const second = await ask(chat, `/v1/events?limit=3&after=${first.json.next}`);
    expect(second.json).toMatchObject({
      more: false,
      asOf: '2026-01-01T00:00:00.040Z',
      events: [{ id: 'syn_3' }, { id: 'syn_4' }],
    });
  });

  test.each([
    ['/v1/events?limit=0', 400, 'invalid_limit'],
    ['/v1/events?limit=1001', 400, 'invalid_limit'],
    ['/v1/events?after=x&since=2026-01-01', 400, 'invalid_query'],
    ['/v1/events?since=yesterday', 400, 'invalid_since'],
    ['/v1/events?after=tampered', 410, 'cursor_expired'],
    ['/v1/nothing', 404, 'not_found'],
  ])('%s: %i %s', async (path, status, code) => {
    const chat = await startChatbot();
    expect(await ask(chat, path)).toMatchObject({ status, json: { error: { code } } });
  });

  test('wants its key', async () => {
    const chat = await startChatbot();
    expect(await ask(chat, '/v1/account', { headers: {} })).toMatchObject({ status: 401 });
    expect(await ask(chat, '/v1/account')).toMatchObject({ status: 200 });
  });

  test('throttles per second and says what is left', async () => {
    let now = 1_000_000;
    const clock = { now: () => now, sleep: async () => {} };
    const chat = await startChatbot({ clock, knobs: { requestsPerSecond: 2 } });
    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await ask(chat, '/v1/account')).status);
    expect(statuses).toEqual([200, 200, 429]);
    now += 1_000;
    expect((await ask(chat, '/v1/account')).status).toBe(200);
  });

  test('a misspelt knob is named', async () => {
    await expect(chatbotEmulator.start({ knobs: { sinthetic: 5 } })).rejects.toThrow('sinthetic');
  });
});

describe('webhooks', () => {
  const secret = 'the-secret-of-this-webhook-test';

  async function receiver(statuses: readonly number[] = []): Promise<{ url: string; seen: Seen[] }> {
    return serve((_, response, count) => {
      response.writeHead(statuses[count - 1] ?? 200).end();
    });
  }

  const only = ([first]: readonly Seen[]): Seen => first ?? { method: '', url: '', headers: {}, body: '' };

  const idsIn = (seen: readonly Seen[]) =>
    seen.map((each) =>
      (JSON.parse(each.body) as { events: { id: string }[] }).events.map((event) => event.id),
    );

  test('new events go out in one signed batch, old ones do not', async () => {
    const chat = await startChatbot({ world, knobs: { webhookSecret: secret } });
    const { url, seen } = await receiver();
    chat.records.create('event', {});
    chat.deliverTo?.(url);
    const ids = [chat.records.create('event', {}), chat.records.create('event', {})];
    await chat.delivered?.();
    expect(idsIn(seen)).toEqual([ids]);
    const { headers, body } = only(seen);
    const expected = createHmac('sha256', secret)
      .update(`${headers['chat-timestamp']}.${body}`)
      .digest('hex');
    expect(headers['chat-signature']).toBe(`v1=${expected}`);
    expect(JSON.parse(body)).toMatchObject({ version: 1, batch: 'b_1', sentAt: expect.any(String) });
  });

  test('the connector accepts and reads what the emulator sends', async () => {
    const chat = await startChatbot({ knobs: { webhookSecret: secret } });
    const { url, seen } = await receiver();
    chat.deliverTo?.(url);
    const id = chat.records.create('event', { text: 'à jeudi 🎉' });
    chat.records.remove('event', id);
    await chat.delivered?.();
    const { headers, body } = only(seen);
    const request = {
      method: 'POST',
      url,
      headers: headers as Record<string, string>,
      body: Buffer.from(body),
    };
    const ctx = {
      config: { webhookSecret: secret },
      clock: { now: () => Date.now(), sleep: async () => {} },
    };
    expect(chatbot.webhooks?.verify(ctx, request)).toMatchObject({ accepted: true });
    expect(chatbot.webhooks?.parse(ctx, request).records).toMatchObject([
      { id, body: { text: 'à jeudi 🎉' } },
      { id, tombstone: { kind: 'erased' } },
    ]);
  });

  test('are repeated while the hub is away, and given up when it refuses', async () => {
    const chat = await startChatbot({ knobs: { retryMs: 1 } });
    const { url, seen } = await receiver([503, 429, 500, 200, 400]);
    chat.deliverTo?.(url);
    chat.records.create('event', {});
    await chat.delivered?.();
    expect(seen).toHaveLength(4);
    expect(new Set(seen.map((each) => each.body)).size).toBe(1);
    chat.records.create('event', {});
    await chat.delivered?.();
    expect(seen).toHaveLength(5);
  });

  test('come twice and shuffled on demand, complete all the same', async () => {
    const chat = await startChatbot({ knobs: { duplicate: true, shuffle: true, batchSize: 3 } });
    const { url, seen } = await receiver();
    chat.deliverTo?.(url);
    const ids = Array.from({ length: 10 }, () => chat.records.create('event', {}));
    await chat.delivered?.();
    expect(seen).toHaveLength(8);
    expect(idsIn(seen).flat()).not.toEqual([...ids, ...ids]);
    expect(idsIn(seen).flat().sort()).toEqual([...ids, ...ids].sort());
  });

  test('told twice and shuffled, they bring the records that a pull brings', async () => {
    const knobs = { duplicate: true, shuffle: true, batchSize: 4, webhookSecret: secret };
    const chat = await startChatbot({ knobs });
    const { url, seen } = await receiver();
    chat.deliverTo?.(url);
    const ids = Array.from({ length: 20 }, (_, index) =>
      chat.records.create('event', { text: `no. ${index}` }),
    );
    await chat.delivered?.();
    const told = seen.flatMap((each) => parseBatch(Buffer.from(each.body)).records);
    const pulled = recordsOf(await pullAll(open(chat.config)));
    expect(pulled.map((record) => record.id)).toEqual(ids);
    expect(new Map(told.map((record) => [record.id, record]))).toEqual(
      new Map(told.map((record) => [record.id, pulled.find((each) => each.id === record.id)])),
    );
    expect(new Set(told.map((record) => record.id))).toEqual(new Set(ids));
  });

  test('stop when they are told to', async () => {
    const chat = await startChatbot();
    const { url, seen } = await receiver();
    chat.deliverTo?.(url);
    chat.deliverTo?.(null);
    chat.records.create('event', {});
    await chat.delivered?.();
    expect(seen).toEqual([]);
  });
});
