import { describe, expect, test } from 'vitest';
import { chatbot } from '../../../connectors/chatbot/index.ts';
import { parseBatch } from '../../../connectors/chatbot/read/batch.ts';
import { buildWorld } from '../../../emulators/world/build.ts';
import { failure, faultOf } from '../../connector/connection.ts';
import { json, serve } from '../../connector/server.ts';
import { events, idsOf, open, pullAll, recordsOf, secret, startChatbot, strangeIds } from './chat.ts';

const world = buildWorld();

describe('a pull', () => {
  test('brings every event of the world once, in full pages', async () => {
    const chat = await startChatbot({ world });
    const pages = await pullAll(open(chat.config));
    const ids = idsOf(recordsOf(pages));
    expect(ids).toHaveLength(chat.records.count('event'));
    expect(new Set(ids).size).toBe(ids.length);
    expect(chat.requests.counted()).toBe(Math.ceil(ids.length / events.pageSize));
  });

  test('goes on from every checkpoint without loss or repetition', async () => {
    const chat = await startChatbot({ knobs: { synthetic: 23, pageSize: 5 } });
    const ctx = open(chat.config);
    const pages = await pullAll(ctx);
    expect(pages.map((page) => page.records.length)).toEqual([5, 5, 5, 5, 3]);
    for (const [index, page] of pages.entries()) {
      const rest = await pullAll(ctx, page.checkpoint);
      expect(idsOf(recordsOf(rest))).toEqual(idsOf(recordsOf(pages.slice(index + 1))));
    }
  });

  test('with nothing new costs one call and yields nothing', async () => {
    const chat = await startChatbot({ knobs: { synthetic: 3 } });
    const ctx = open(chat.config);
    const checkpoint = (await pullAll(ctx)).at(-1)?.checkpoint ?? null;
    chat.requests.clear();
    expect(await pullAll(ctx, checkpoint)).toEqual([]);
    expect(chat.requests.counted()).toBe(1);
  });

  test('of a chatbot that has said nothing yet starts well later', async () => {
    const chat = await startChatbot();
    const ctx = open(chat.config);
    const checkpoint = (await pullAll(ctx)).at(-1)?.checkpoint ?? null;
    const id = chat.records.create('event', {});
    expect(idsOf(recordsOf(await pullAll(ctx, checkpoint)))).toEqual([id]);
  });

  test('finds an event that happened long before it was received', async () => {
    const chat = await startChatbot({ world });
    const ctx = open(chat.config);
    const checkpoint = (await pullAll(ctx)).at(-1)?.checkpoint ?? null;
    const late = chat.records.create('event', { text: 'sent from a tunnel' }, { at: world.now - 86_400_000 });
    const [record, ...others] = recordsOf(await pullAll(ctx, checkpoint));
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      id: late,
      modifiedAt: world.now - 86_400_000,
      body: { text: 'sent from a tunnel' },
    });
  });

  test('tells an erasure, and an erased event no more', async () => {
    const chat = await startChatbot({ knobs: { pageSize: 2 } });
    const ctx = open(chat.config);
    const [first = ''] = ['a secret wish', 'two', 'three'].map((text) =>
      chat.records.create('event', { text }),
    );
    const checkpoint = (await pullAll(ctx)).at(-1)?.checkpoint ?? null;
    chat.records.remove('event', first);
    expect(recordsOf(await pullAll(ctx, checkpoint))).toMatchObject([
      { id: first, tombstone: { kind: 'erased' } },
    ]);
    const again = await pullAll(ctx);
    expect(JSON.stringify(again)).not.toContain('a secret wish');
    expect(idsOf(recordsOf(again)).filter((id) => id === first)).toHaveLength(1);
  });

  test('lands an erasure later than what it erases, even by a clock that lags', async () => {
    const clock = { now: () => Date.UTC(2026, 0, 1), sleep: async () => {} };
    const chat = await startChatbot({ clock });
    const ctx = open(chat.config);
    const at = Date.UTC(2026, 0, 2);
    const id = chat.records.create('event', {}, { at });
    chat.records.remove('event', id);
    expect(recordsOf(await pullAll(ctx))).toMatchObject([
      { id, modifiedAt: at + 1, tombstone: { kind: 'erased' } },
    ]);
  });

  test('with a forgotten cursor re-reads an hour, not everything', async () => {
    const chat = await startChatbot({ world });
    const ctx = open(chat.config);
    const all = recordsOf(await pullAll(ctx));
    const checkpoint = (await pullAll(ctx)).at(-1)?.checkpoint ?? null;
    chat.expireCursors?.();
    const fresh = chat.records.create('event', {});
    const reread = recordsOf(await pullAll(ctx, checkpoint));
    expect(idsOf(reread)).toContain(fresh);
    expect(reread.length).toBeLessThan(all.length / 10);
  });

  test('with a cursor forgotten in the middle misses nothing', async () => {
    const chat = await startChatbot({ knobs: { synthetic: 50, pageSize: 10 } });
    const seen = new Set<string>();
    let forgotten = false;
    for await (const page of events.pull(open(chat.config), null)) {
      for (const { id } of page.records) seen.add(id);
      if (seen.size === 30 && !forgotten) {
        forgotten = true;
        chat.expireCursors?.();
      }
    }
    expect(seen.size).toBe(50);
  });

  test('starts over when a checkpoint is not one of its own', async () => {
    const chat = await startChatbot({ knobs: { synthetic: 4 } });
    expect(recordsOf(await pullAll(open(chat.config), { from: 'another version' }))).toHaveLength(4);
  });

  test('waits out throttling, outages and torn answers', async () => {
    const chat = await startChatbot({ knobs: { synthetic: 40, pageSize: 5 } });
    const faults = ['throttle', 'server-error', 'html', 'truncated', 'drop', 'lost-answer'] as const;
    for (const [index, what] of faults.entries()) chat.faults.inject({ what, times: 1, after: index });
    const ctx = open(chat.config);
    const ids = idsOf(recordsOf(await pullAll(ctx)));
    expect(ids).toEqual(Array.from({ length: 40 }, (_, index) => `syn_${index}`));
    expect(ctx.clock.waits).toContain(1_000);
  });

  test('surfaces a spent day as throttled with its time', async () => {
    const chat = await startChatbot();
    chat.faults.inject({ what: 'daily-limit', times: 1 });
    expect(await faultOf(pullAll(open(chat.config)))).toMatchObject({
      kind: 'throttled',
      code: 'daily_limit',
      retryAfterMs: 3_600_000,
    });
  });

  test('stops when it is cancelled', async () => {
    const chat = await startChatbot({ knobs: { synthetic: 5 } });
    const ctx = {
      ...open(chat.config),
      http: { send: () => Promise.reject(new Error('cancelled')), stream: () => Promise.reject(new Error()) },
    };
    expect(await failure(pullAll(ctx))).toMatchObject({ message: 'cancelled' });
  });

  test('makes no call where the chatbot has no API', async () => {
    const ctx = open({ webhookSecret: secret });
    expect(await pullAll(ctx)).toEqual([]);
    expect(await events.fetch?.(ctx, ['ev_1'])).toEqual([]);
    expect(await chatbot.check(ctx)).toEqual({
      account: 'webhooks only, nothing to sign in to',
      missingPermissions: [],
    });
  });
});

describe('a chatbot that errs', () => {
  const page = { next: 'c1', more: false, asOf: null };

  async function against(body: unknown) {
    const { url } = await serve((_, response) => json(response, body));
    return open({ baseUrl: url, apiKey: 'a-key', webhookSecret: secret });
  }

  test('an event of wrong details lands, one without an id by its content; what has no time is handed over as it came', async () => {
    const odd = { id: 'ev_1', type: 'feedback', at: '2026-06-30T12:00:00Z', rating: 'five' };
    const { id: _, ...nameless } = odd;
    const others = [{ ...odd, at: 'noon' }, { ...odd, type: undefined }, 7];
    const ctx = await against({
      ...page,
      events: [nameless, odd, { ...nameless, id: ' ' }, nameless, ...others],
    });
    const [read] = await pullAll(ctx);
    const [first, second, third, again] = read?.records ?? [];
    expect(second).toMatchObject({ id: 'ev_1', body: odd });
    expect(first).toMatchObject({ id: expect.stringMatching(/^~[0-9a-f]{32}$/), body: nameless });
    expect([again?.id === first?.id, third?.id === first?.id, read?.records.length]).toEqual([
      true,
      false,
      4,
    ]);
    const faults = await Promise.all(
      (read?.unreadable ?? []).map(
        async ({ body }) =>
          (await faultOf(Promise.resolve(body).then((text) => parseBatch(Buffer.from(text))))).message,
      ),
    );
    expect(faults).toEqual([
      expect.stringContaining('events[0].at: expected an ISO 8601 time'),
      expect.stringContaining('events[0].type: '),
      expect.stringContaining('events[0]: expected object'),
    ]);
    expect(new Set(read?.unreadable?.map(({ name }) => name)).size).toBe(3);
  });

  test('an answer of another shape is an outage, not an empty page', async () => {
    expect(await faultOf(pullAll(await against({ status: 'ok' })))).toMatchObject({
      kind: 'unavailable',
      code: 'UNEXPECTED_ANSWER',
    });
  });

  test('a promise of more without moving on is not followed for ever', async () => {
    const ctx = await against({ ...page, events: [], more: true });
    expect(await faultOf(pullAll(ctx))).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('does not move on'),
    });
  });
});

describe('fetch', () => {
  test('re-reads by id; erased and unknown ones come back as tombstones', async () => {
    const chat = await startChatbot();
    const [kept = '', gone = ''] = [
      chat.records.create('event', { text: 'here' }),
      chat.records.create('event', {}),
    ];
    chat.records.remove('event', gone);
    const records = await events.fetch?.(open(chat.config), [kept, gone, 'ev_never']);
    expect(records).toMatchObject([
      { id: kept, body: { text: 'here' } },
      { id: gone, tombstone: { kind: 'erased' } },
      { id: 'ev_never', tombstone: { kind: 'deleted' } },
    ]);
  });

  test.each(
    strangeIds,
  )('asks for %j by the sender’s own id, and takes none for gone that cannot be asked for', async (id) => {
    const chat = await startChatbot();
    chat.records.create('event', { id, text: 'here' });
    const ctx = open(chat.config);
    const read = recordsOf(await pullAll(ctx));
    const found = (await events.fetch?.(ctx, [...idsOf(read), 'ev_never'])) ?? [];
    const gone = expect.objectContaining({ id: 'ev_never', tombstone: { kind: 'deleted' } });
    expect(found).toEqual([...(String(id).length > 256 ? [] : read), gone]);
  });

  test('takes nothing for gone while it is told something that it cannot read', async () => {
    const chat = await startChatbot();
    chat.records.create('event', { id: 'ev_odd', at: 'noon' });
    const ctx = open(chat.config);
    expect(await events.fetch?.(ctx, ['ev_odd', 'ev_never'])).toEqual([]);
    expect(await events.fetch?.(ctx, ['ev_never'])).toMatchObject([{ tombstone: { kind: 'deleted' } }]);
  });

  test('asks for a hundred at a time', async () => {
    const chat = await startChatbot({ knobs: { synthetic: 250 } });
    const ids = Array.from({ length: 250 }, (_, index) => `syn_${index}`);
    expect(idsOf((await events.fetch?.(open(chat.config), ids)) ?? [])).toEqual(ids);
    expect(chat.requests.byRoute()).toEqual({ 'POST events/lookup': 3 });
  });
});

describe('check', () => {
  test('says whose chatbot it is', async () => {
    const chat = await startChatbot();
    expect(await chatbot.check(open(chat.config))).toEqual({
      account: 'Lumenfold website chat',
      missingPermissions: [],
    });
  });

  test('names the missing scope', async () => {
    const chat = await startChatbot({ knobs: { mayRead: false } });
    const ctx = open(chat.config);
    expect(await chatbot.check(ctx)).toMatchObject({ missingPermissions: ['events:read'] });
    expect(await faultOf(pullAll(ctx))).toMatchObject({ kind: 'unauthorized', code: 'missing_scope' });
  });

  test('a revoked key is told in the chatbot’s words, without the key', async () => {
    const chat = await startChatbot();
    const { config } = chat;
    const ctx = open(config);
    await chatbot.check(ctx);
    chat.expireTokens();
    const fault = await faultOf(chatbot.check(ctx));
    expect(fault).toMatchObject({ kind: 'unauthorized', code: 'invalid_key', status: 401 });
    expect(fault.message).toBe(
      'chatbot: this key is unknown or was revoked (Put its present apiKey into the connection.)',
    );
    expect(await chatbot.check(open(chat.config))).toBeDefined();
  });
});

describe('settings', () => {
  test.each([
    ['no secret', {}, 'webhookSecret'],
    ['a short secret', { webhookSecret: 'short' }, 'at least 16 characters'],
    [
      'an address without a key',
      { webhookSecret: secret, baseUrl: 'https://chat.example.com' },
      'fill in both baseUrl and apiKey',
    ],
    ['no address', { webhookSecret: secret, baseUrl: 'chat', apiKey: 'k' }, 'API address'],
    ['a misspelt setting', { webhookSecret: secret, webhokSecret: 'x' }, 'webhokSecret'],
  ])('%s is refused', (_, config, words) => {
    expect(() => open(config)).toThrow(words);
  });
});
