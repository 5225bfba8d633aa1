import { expect, it } from 'vitest';
import { keyFrom } from '../../src/connector/secrets.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/open.ts';
import { silentLog } from '../../src/support/log.ts';
import { onEachDatabase, start } from './databases.ts';

async function twoOn(
  databases: Parameters<Parameters<typeof onEachDatabase>[1]>[0],
): Promise<[Store, Store]> {
  const place = await databases.place();
  return [await databases.store(place), await databases.store(place)];
}

const patience = { interval: 5, timeout: 120_000 };
const soon = () => new Promise((resolve) => setTimeout(resolve, 15));

onEachDatabase('connections', (databases) => {
  it('keeps checkpoints by stream and small facts by key, until they are taken back', async () => {
    const { connections } = await databases.store();
    expect(await connections.checkpoint('sf', 'Lead')).toBeNull();
    await connections.saveCheckpoint('sf', 'Lead', { after: ['x', 1] });
    await connections.saveCheckpoint('sf', 'Contact', 5);
    await connections.saveCheckpoint('sf', 'Lead', { after: ['y', 2] });
    expect(await connections.checkpoint('sf', 'Lead')).toEqual({ after: ['y', 2] });
    await connections.saveCheckpoint('sf', 'Lead', null);
    expect([
      await connections.checkpoint('sf', 'Lead'),
      await connections.checkpoint('sf', 'Contact'),
    ]).toEqual([null, 5]);
    await connections.saveState('mapping:sf', 'v1');
    await connections.saveState('mapping:sf', false);
    expect(await connections.state('mapping:sf')).toBe(false);
    await connections.saveState('mapping:sf', null);
    expect(await connections.state('mapping:sf')).toBeNull();
  });

  it('seals tokens: the text is nowhere in the database, and another key opens nothing', async () => {
    const place = await databases.place();
    const { connections } = await databases.store(place);
    const token = { accessToken: 'very-secret-token', refreshToken: 'r', expiresAt: start };
    await connections.vault.write('sf', token);
    expect(await connections.vault.read('sf')).toEqual(token);
    expect(await connections.vault.read('hs')).toBeNull();
    const { database } = await databases.database(place);
    const rows = await database.read.db.selectFrom('token').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain('very-secret-token');
    const stranger = await openStore({ ...place, secrets: [keyFrom(new Uint8Array(32).fill(9))] });
    await expect(stranger.connections.vault.read('sf')).rejects.toThrow('unsealed');
    await stranger.close();
  });

  it('lets one at a time renew a token, here and in another process, in the order of asking', async () => {
    const [here, there] = await twoOn(databases);
    const story: string[] = [];
    const renew = (store: Store, name: string) =>
      store.connections.vault.exclusively('sf', async () => {
        story.push(`${name} in`);
        await soon();
        story.push(`${name} out`);
        return name;
      });
    const done = await Promise.all([renew(here, 'a'), renew(here, 'b'), renew(there, 'c')]);
    expect(done).toEqual(['a', 'b', 'c']);
    expect(
      story
        .filter((_, n) => n % 2 === 0)
        .map((line) => line.slice(0, 1))
        .sort(),
    ).toEqual(['a', 'b', 'c']);
    for (let n = 0; n < story.length; n += 2) expect(story[n + 1]).toBe(story[n]?.replace('in', 'out'));
    expect(story.indexOf('a in')).toBeLessThan(story.indexOf('b in'));
    await expect(
      here.connections.vault.exclusively('sf', () => Promise.reject(new Error('refused'))),
    ).rejects.toThrow('refused');
    expect(await renew(there, 'd')).toBe('d');
  });

  it('says for whom somebody waits who has to wait long, and until when', async () => {
    const place = await databases.place();
    const here = await databases.store(place);
    const said: unknown[] = [];
    const log = { ...silentLog, warn: (fields: object, words: string) => void said.push([fields, words]) };
    const there = await databases.store({ ...place, log });
    const waiting = await here.connections.vault.exclusively('sf', async () => {
      const turn = there.connections.vault.exclusively('sf', async () => 'its turn');
      await expect.poll(() => said, patience).not.toEqual([]);
      return { turn };
    });
    expect(await waiting.turn).toBe('its turn');
    expect(said).toEqual([
      [
        { lease: expect.stringContaining('sf'), until: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
        expect.stringMatching(new RegExp(`^waiting for process ${process.pid} on .`)),
      ],
    ]);
  });

  it('runs leased work once, and again when it has ended', async () => {
    const [here, there] = await twoOn(databases);
    const outcomes: boolean[] = [];
    const ran = await here.connections.leased('pull:sf', 60_000, async () => {
      outcomes.push(await there.connections.leased('pull:sf', 60_000, async () => {}));
      outcomes.push(await there.connections.leased('pull:hs', 60_000, async () => {}));
    });
    outcomes.push(ran, await there.connections.leased('pull:sf', 60_000, async () => {}));
    expect(outcomes).toEqual([false, true, true, true]);
    await expect(
      here.connections.leased('pull:sf', 60_000, () => Promise.reject(new Error('outage'))),
    ).rejects.toThrow('outage');
    expect(await there.connections.leased('pull:sf', 60_000, async () => {})).toBe(true);
  });

  it('takes a lease that a clock which was ahead has left behind', async () => {
    const place = await databases.place();
    const { connections } = await databases.store(place);
    const { database } = await databases.database(place);
    const expires_at = databases.clock.now() + 30 * 86_400_000;
    await database.write(({ db }) =>
      db.insertInto('lease').values({ name: 'pull:sf', holder: 'gone/1', expires_at }).execute(),
    );
    expect(await connections.leased('pull:sf', 60_000, async () => {})).toBe(true);
  });

  it('renews a lease while its work goes on', async () => {
    const place = await databases.place();
    const [here, there] = [await databases.store(place), await databases.store(place)];
    const { database } = await databases.database(place);
    const expiry = async () =>
      (await database.read.db.selectFrom('lease').selectAll().execute())[0]?.expires_at;
    await here.connections.leased('pull:sf', 30, async (signal) => {
      for (let round = 0; round < 3; round += 1) {
        databases.clock.advance(20);
        await expect.poll(expiry, patience).toBe(databases.clock.now() + 30);
      }
      expect(signal.aborted).toBe(false);
      expect(await there.connections.leased('pull:sf', 30, async () => {})).toBe(false);
    });
  });

  it('tells the work when its lease was lost', async () => {
    const [here, there] = await twoOn(databases);
    await here.connections.leased('pull:sf', 30, async (lost) => {
      databases.clock.advance(1_000);
      await there.connections.leased('pull:sf', 60_000, async () => {
        await expect.poll(() => lost.aborted, patience).toBe(true);
      });
    });
  });

  it('sees a replay as one, for as long as keys are kept', async () => {
    const { connections } = await databases.store();
    expect(await connections.firstSeen('sf', 'k', start, 1_000)).toBe(true);
    expect(await connections.firstSeen('sf', 'k', start + 500, 1_000)).toBe(false);
    expect(await connections.firstSeen('hs', 'k', start + 500, 1_000)).toBe(true);
    expect(await connections.firstSeen('sf', 'k', start + 1_001, 1_000)).toBe(true);
  });
});

onEachDatabase('transactions', (databases) => {
  it('keep all or nothing, across parts and nested calls', async () => {
    const store = await databases.store();
    const work = store.transaction(async (outer) => {
      await outer.landing.put('sf', [{ object: 'Lead', id: '1', body: {}, modifiedAt: 1 }]);
      await outer.transaction(async (inner) => inner.connections.saveCheckpoint('sf', 'Lead', 7));
      expect(await outer.connections.checkpoint('sf', 'Lead')).toBe(7);
      throw new Error('half-way');
    });
    await expect(work).rejects.toThrow('half-way');
    expect(await store.landing.scan({}, null, 9)).toEqual([]);
    expect(await store.connections.checkpoint('sf', 'Lead')).toBeNull();
  });

  it('do not mix with each other, nor with what is read meanwhile', async () => {
    const store = await databases.store();
    const add = (name: string) =>
      store.transaction(async ({ connections }) => {
        const before = await connections.state('sum');
        await soon();
        await connections.saveState('sum', `${before ?? ''}${name}`);
        await soon();
      });
    if (store.dialect === 'sqlite') {
      await Promise.all([add('a'), store.connections.saveState('other', 1), add('b')]);
      expect(await store.connections.state('sum')).toBe('ab');
    }
    const slow = store.transaction(async ({ connections }) => {
      await connections.saveState('seen', 'inside');
      await soon();
      throw new Error('undone');
    });
    const seen = soon().then(() => store.connections.state('seen'));
    await expect(slow).rejects.toThrow('undone');
    expect(await seen).toBeNull();
  });

  it('both end well that want the same things in opposite order', async () => {
    const [here, there] = await twoOn(databases);
    const touchBoth = (store: Store, first: string, second: string) =>
      store.transaction(async ({ connections, work }) => {
        await connections.saveState(first, 1);
        await work.mark('push', [first]);
        await soon();
        await connections.saveState(second, 1);
        await work.mark('push', [second]);
      });
    await here.connections.saveState('a', 0);
    await here.connections.saveState('b', 0);
    await Promise.all([touchBoth(here, 'a', 'b'), touchBoth(there, 'b', 'a')]);
    expect(await here.work.counts()).toMatchObject({ push: 2 });
  });

  it('say so when the outer store is used inside', async () => {
    const store = await databases.store();
    await expect(store.transaction(() => store.connections.saveState('x', 1))).rejects.toThrow(
      'the transaction hands you',
    );
  });
});
