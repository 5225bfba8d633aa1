/** Deliveries are kept as they came, each once, until they are understood. */
import { expect, it } from 'vitest';
import type { ReceivedDelivery } from '../../src/store/contract/inbox.ts';
import { onEachDatabase, start } from './databases.ts';

const request = { method: 'POST', url: 'https://hub.example/webhooks/bot', headers: { 'x-kind': 'chat' } };

function delivery(key: string, body: string | Uint8Array = '{}', at = start): ReceivedDelivery {
  return { key, at, request, body: Buffer.from(body) };
}

onEachDatabase('the inbox', (databases) => {
  it('keeps a delivery to the byte, and marks it', async () => {
    const { inbox, work } = await databases.store();
    const bodies = ['{"text":"Grüße"}', Buffer.from([0xff, 0xfe, 0]), 'a\0b', ''];
    const deliveries = bodies.map((body, index) => delivery(`bot|${index}`, body));
    expect(await inbox.put(deliveries)).toEqual(new Set(['bot|0', 'bot|1', 'bot|2', 'bot|3']));
    const kept = await inbox.get(['bot|0', 'bot|1', 'bot|2', 'bot|3']);
    expect(kept.map(({ body }) => Buffer.from(body))).toEqual(bodies.map((body) => Buffer.from(body)));
    expect(kept[0]).toMatchObject({ key: 'bot|0', at: start, request });
    expect(await inbox.sizes(['bot|1', 'nobody'])).toEqual(new Map([['bot|1', 3]]));
    expect((await work.counts()).inbox).toBe(4);
  });

  it('takes a delivery once: in one group, in the next, and after it was understood', async () => {
    const { inbox } = await databases.store();
    expect(await inbox.put([delivery('bot|a'), delivery('bot|a'), delivery('bot|b')])).toEqual(
      new Set(['bot|a', 'bot|b']),
    );
    expect(await inbox.put([delivery('bot|a'), delivery('other|a')])).toEqual(new Set(['other|a']));
    expect(await inbox.settle([delivery('bot|a')])).toEqual(new Set(['bot|a']));
    expect(await inbox.put([delivery('bot|a')])).toEqual(new Set());
    expect(await inbox.settle([delivery('bot|a')])).toEqual(new Set());
    await inbox.forgetReplays(start + 1);
    expect(await inbox.put([delivery('bot|a')])).toEqual(new Set(['bot|a']));
  });

  it('loses a delivery with its mark, when a person drops it', async () => {
    const { inbox, work } = await databases.store();
    await inbox.put([delivery('bot|a'), delivery('bot|b')]);
    for (const claim of await work.claim('inbox', 9, 60_000))
      await work.park(claim, { code: 'X', message: 'unreadable' });
    expect(await work.drop({ key: 'bot|a' })).toBe(1);
    expect((await inbox.get(['bot|a', 'bot|b'])).map(({ key }) => key)).toEqual(['bot|b']);
  });

  it('takes a delivery once, though two processes receive it at the same time', async () => {
    const place = await databases.place();
    const stores = [await databases.store(place), await databases.store(place)];
    const taken = await Promise.all(stores.map(({ inbox }) => inbox.put([delivery('bot|a')])));
    expect(taken.map(({ size }) => size).sort()).toEqual([0, 1]);
  });

  it('has acknowledged deliveries worked on by whoever claims next, though the process that took them ended', async () => {
    const place = await databases.place();
    const [taker, other] = [await databases.store(place), await databases.store(place)];
    await taker.inbox.put([delivery('bot|b'), delivery('bot|a', '{}', start - 1_000)]);
    await taker.close();
    expect(await other.work.nextDueAt()).toBe(start - 1_000);
    expect(await other.work.overdue()).toBe(2);
    expect(await other.work.count('inbox', 'bot|')).toBe(2);
    expect(await other.work.count('inbox', 'crm|')).toBe(0);
    const claims = await other.work.claim('inbox', 9, 60_000);
    expect(claims).toMatchObject([
      { stage: 'inbox', key: 'bot|a', attempts: 0, markedAt: start - 1_000 },
      { stage: 'inbox', key: 'bot|b', attempts: 0, markedAt: start },
    ]);
    expect((await other.work.counts()).inbox).toBe(2);
    expect(await other.work.claim('inbox', 9, 60_000)).toEqual([]);
    await other.inbox.settle([delivery('bot|a'), delivery('bot|b')]);
    await other.work.done(claims);
    expect((await other.work.counts()).inbox).toBe(0);
    expect(await other.work.nextDueAt()).toBeNull();
  });

  it('gives a delivery that came while others wait its turn, and no parked one a second', async () => {
    const { inbox, work } = await databases.store();
    await inbox.put([delivery('bot|a'), delivery('bot|b'), delivery('bot|c')]);
    const [one] = await work.claim('inbox', 1, 60_000);
    if (one) await work.park(one, { code: 'X', message: 'unreadable' });
    await inbox.put([delivery('crm|d')]);
    expect((await work.counts()).inbox).toBe(3);
    const rest = await work.claim('inbox', 9, 60_000);
    expect(rest.map(({ key }) => key).sort()).toEqual(['bot|b', 'bot|c', 'crm|d']);
    expect((await work.parked()).map(({ key }) => key)).toEqual(['bot|a']);
  });

  it('lets no delivery wait for a time that a wrong clock gave it', async () => {
    const { inbox, work } = await databases.store();
    await inbox.put([delivery('bot|a', '{}', start + 3_600_000)]);
    expect(await work.claim('inbox', 9, 60_000)).toHaveLength(1);
  });
});
