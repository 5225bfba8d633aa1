/** Whatever was marked first: of each stage every connection's news gets its share. */

import { expect, it } from 'vitest';
import type { Store } from '../../src/store/contract/store.ts';
import { type Claim, type Stage, stages } from '../../src/store/contract/work.ts';
import { onEachDatabase } from './databases.ts';

const lease = 60_000;
const prefix = 'salesforce|Deal|';

/** A key as each stage has it, of the nth piece of a connection's news. */
const keys: Readonly<Record<Stage, (connection: string, n: number) => string>> = {
  inbox: (connection, n) => `${connection}|${name(n)}`,
  fetch: (connection, n) => `${connection}|contacts|${name(n)}`,
  normalize: (connection, n) => `${connection}|contacts|${name(n)}`,
  resolve: (connection, n) => `Person|salesforce|Contact|${connection}${name(n)}`,
  attribute: (connection, n) => `deal-${connection}-${name(n)}`,
  push: (connection, n) => `${prefix}${connection}-${name(n)}`,
};

function name(n: number): string {
  return String(n).padStart(6, '0');
}

async function news(store: Store, stage: Stage, connection: string, count: number): Promise<string[]> {
  const marked = Array.from({ length: count }, (_, n) => keys[stage](connection, n));
  // Keys of the first stages say it themselves.
  const cause = ['inbox', 'fetch', 'normalize'].includes(stage) ? '' : connection;
  await store.transaction(({ work }) => work.mark(stage, marked), cause);
  return marked;
}

function claim({ work }: Store, stage: Stage, limit: number): Promise<Claim[]> {
  return work.claim(stage, limit, lease, { prefix: prefixOf(stage) });
}

/** Pushes are claimed of one system and kind at a time. */
function prefixOf(stage: Stage): string | undefined {
  return stage === 'push' ? prefix : undefined;
}

function keysOf(claims: readonly Claim[]): string[] {
  return claims.map(({ key }) => key);
}

onEachDatabase('the shares of connections in a stage', (databases) => {
  it.each(stages)('hold in %s, after a storm of 3,000', async (stage) => {
    const store = await databases.store();
    const storm = await news(store, stage, 'hubspot', 3_000);
    databases.clock.advance(10_000);
    const later = [
      ...(await news(store, stage, 'chatbot', 1)),
      ...(await news(store, stage, 'salesforce', 2)),
    ];
    const claims = await claim(store, stage, 100);
    expect(claims).toHaveLength(100);
    expect(keysOf(claims)).toEqual(expect.arrayContaining([...later, ...storm.slice(0, 1)]));
    expect(new Set(claims.map(({ cause }) => cause))).toEqual(new Set(['hubspot', 'chatbot', 'salesforce']));
    await store.work.done(claims);
    expect((await store.work.counts())[stage]).toBe(3_003 - 100);
  });

  it.each(stages)('leave nothing of %s unclaimed, and give nobody more than there is', async (stage) => {
    const store = await databases.store();
    await news(store, stage, 'hubspot', 300);
    expect(await claim(store, stage, 100)).toHaveLength(100);
    await news(store, stage, 'chatbot', 1);
    const rest = await claim(store, stage, 1_000);
    expect(new Set(keysOf(rest)).size).toBe(201);
    expect(rest).toHaveLength(201);
    expect(await claim(store, stage, 1_000)).toEqual([]);
  });

  it.each(stages)('can be claimed alone in %s', async (stage) => {
    const store = await databases.store();
    await news(store, stage, 'hubspot', 300);
    const chats = await news(store, stage, 'chatbot', 2);
    expect(await store.work.causes(stage, prefixOf(stage))).toEqual(['chatbot', 'hubspot']);
    const causes = ['chatbot', 'salesforce'];
    const claims = await store.work.claim(stage, 10, lease, { prefix: prefixOf(stage), causes });
    expect(keysOf(claims)).toEqual(chats);
    expect(await store.work.causes(stage, prefixOf(stage))).toEqual(['hubspot']);
  });

  it('are for what the hub itself has marked, too', async () => {
    const store = await databases.store();
    await news(store, 'attribute', 'hubspot', 300);
    await store.work.mark('attribute', ['deal']);
    const claims = await claim(store, 'attribute', 10);
    expect(claims.find(({ key }) => key === 'deal')).toMatchObject({ cause: '' });
  });

  it.each([
    'resolve',
    'attribute',
    'push',
  ] as const)('take what several have marked in %s for the news of the one that waits less', async (stage) => {
    const store = await databases.store();
    const storm = await news(store, stage, 'hubspot', 300);
    const both = storm.at(-1) ?? '';
    databases.clock.advance(1_000);
    await store.transaction(({ work }) => work.mark(stage, [both]), 'chatbot');
    databases.clock.advance(1_000);
    await news(store, stage, 'hubspot', 300);
    const claims = await claim(store, stage, 10);
    expect(claims.find(({ key }) => key === both)).toMatchObject({ cause: 'chatbot' });
  });

  it('take what was parked for the news of whom brings it back', async () => {
    const store = await databases.store();
    await news(store, 'attribute', 'hubspot', 1);
    const [parked] = await claim(store, 'attribute', 1);
    if (parked) await store.work.park(parked, { code: 'X', message: 'x' });
    await news(store, 'attribute', 'chatbot', 1);
    await store.transaction(({ work }) => work.mark('attribute', [parked?.key ?? '']), 'chatbot');
    expect((await claim(store, 'attribute', 9)).map(({ cause }) => cause)).toEqual(['chatbot', 'chatbot']);
  });

  it('go on with what the news of a connection has woken', async () => {
    const store = await databases.store();
    const [wait, row] = [`${prefix}waits`, `${prefix}row`];
    await store.waits.replace([wait], [{ awaited: 'person', key: wait, expected: true }]);
    await store.heldRows.replace([row], [{ key: row, deal: 'deal' }]);
    await store.transaction(async ({ waits, heldRows }) => {
      await waits.wake(['person']);
      await heldRows.release([row]);
    }, 'chatbot');
    expect((await claim(store, 'push', 9)).map(({ cause }) => cause)).toEqual(['chatbot', 'chatbot']);
  });
});
