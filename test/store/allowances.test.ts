import { expect, it } from 'vitest';
import { Accounts } from '../../src/connector/accounts.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { faultOf, open, recordingClock } from '../connector/connection.ts';
import { json, serve } from '../connector/server.ts';
import { onEachDatabase } from './databases.ts';

const read = { method: 'GET', url: '/' } as const;
const limits = {
  pools: { default: { requests: 100_000, perMs: 1000, concurrency: 8 } },
  reserve: 0.1,
  daily: { calls: 200 },
  account: 'acme',
};

onEachDatabase('allowances', (databases) => {
  it('keep the reserve of a day over all processes and runs, and say to each that it is spent', async () => {
    const server = await serve((_, response) => json(response, {}));
    const place = await databases.place();
    const clock = recordingClock();
    const connect = (store: Store, connection: string) =>
      open(
        server.url,
        { limits },
        { connection, clock, accounts: new Accounts(clock, store.connections.allowances) },
      );
    const stores = [await databases.store(place), await databases.store(place)];
    const run = async (store: Store, name: string, calls: number) => {
      const connection = connect(store, name);
      for (let made = 0; made < calls; made += 1) await connection.http.send(read).catch(() => null);
      await connection.settled();
    };
    for (let hour = 0; hour < 12; hour += 1) {
      await Promise.all(stores.map((store, process) => run(store, `of process ${process}`, 10)));
    }
    expect(server.seen).toHaveLength(180);
    for (const store of stores) {
      expect((await faultOf(connect(store, 'late').http.send(read))).code).toBe('DAILY_ALLOWANCE');
    }
    clock.advance(24 * 3_600_000);
    await run(stores[0] as Store, 'next day', 30);
    expect(server.seen).toHaveLength(210);
  });
});
