import { expect, it } from 'vitest';
import type { SentEvent } from '../../src/store/contract/sent.ts';
import { onEachDatabase } from './databases.ts';

const event = (name: string, more: Partial<SentEvent> = {}): SentEvent => ({
  ...{ connection: 'mp', object: 'events', event: name, digest: 'd', batch: 'b1', status: 'sealed' },
  ...{ at: 1_000, dueAt: 5_000, fault: null },
  content: { id: `id of ${name}`, at: 900, body: { who: name } },
  ...more,
});

onEachDatabase('the ledger of events that were sent', (databases) => {
  it('says what a system was told, object by object', async () => {
    const { sent } = await databases.store();
    await sent.put([event('a'), event('b', { object: 'others' }), event('c', { connection: 'ga' })]);
    expect(await sent.of('mp', 'events', ['a', 'b', 'c'])).toEqual([event('a')]);
    const fault = { code: 'NO', message: 'no' };
    await sent.put([event('a', { status: 'refused', content: null, fault })]);
    expect(await sent.of('mp', 'events', ['a'])).toEqual([
      event('a', { status: 'refused', content: null, fault }),
    ]);
    await sent.put([event('f')]);
    await sent.forget('mp', 'events', ['f']);
    expect(await sent.counts('mp')).toEqual([
      { object: 'events', status: 'refused', events: 1 },
      { object: 'others', status: 'sealed', events: 1 },
    ]);
  });

  it('gives open batches that are due, whole and in order', async () => {
    const { sent } = await databases.store();
    const rows = [
      event('z', { batch: 'b1' }),
      event('y', { batch: 'b2', status: 'leaving' }),
      event('a', { batch: 'b1' }),
    ];
    const others = [
      event('s', { status: 'sent' }),
      event('l', { dueAt: 9_000 }),
      event('o', { connection: 'ga' }),
    ];
    await sent.put([...rows, ...others]);
    expect((await sent.open('mp', 5_000)).map((row) => row.event)).toEqual(['a', 'z', 'y']);
    expect(await sent.open('mp', 4_999)).toEqual([]);
  });
});
