/** Deliveries that were acknowledged as they came, and are understood later. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { inboxKey, readInbox } from '../../src/sync/pull/inbox.ts';
import { found, openTestHub } from './hub.ts';

it('others are answered while many deliveries are understood', async () => {
  const { hub, system, close } = await openTestHub({ systems: ['chatbot'] });
  const webhooks = found(system('chatbot').connector.webhooks, 'webhooks');
  let turns = 0;
  const seen: number[] = [];
  const parse = vi.spyOn(webhooks, 'parse').mockImplementation(() => {
    seen.push(turns);
    // Longer than anybody may keep the event loop to himself.
    for (const until = performance.now() + 15; performance.now() < until; );
    return { changes: [], records: [] };
  });
  const request = { method: 'POST', url: 'http://hub.example/webhooks/chatbot', headers: {} };
  const deliveries = ['a', 'b', 'c'].map((key) => ({
    key: inboxKey('chatbot', key),
    at: hub.clock.now(),
    request,
    body: Buffer.from('{}'),
  }));
  await hub.store.inbox.put(deliveries);
  const reading = { isOver: false };
  const others = (async () => {
    for (; !reading.isOver; turns += 1) await turn();
  })();
  expect(await readInbox(hub)).toBe(deliveries.length);
  reading.isOver = true;
  await others;
  expect(new Set(seen).size).toBe(deliveries.length);
  parse.mockRestore();
  await close();
});
