/**
 * A process that works on a store until it is killed, or until it has done its share. Says on stdout, a line
 * each, what has been committed; the line is out before the next work begins.
 *   node worker.ts <place as JSON> pages | claim | count
 */
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { keyFrom } from '../../src/connector/secrets.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/support/clock.ts';
import { silentLog } from '../../src/support/log.ts';
import { pageOf, turnsOfEach } from './pages.ts';

const tasks: Readonly<Record<string, (store: Store) => Promise<void>>> = { pages, claim, count };

const [place = '{}', task = ''] = process.argv.slice(2);
const secrets = [keyFrom(new Uint8Array(32))] as const;
const store = await openStore({ ...JSON.parse(place), secrets, clock: systemClock, log: silentLog });
await tasks[task]?.(store);
await store.close();

function say(line: string | number): void {
  writeSync(1, `${line}\n`);
}

/** Lands page after page, each with its marks and checkpoint, for ever. */
async function pages(here: Store): Promise<void> {
  for (let page = Number((await here.connections.checkpoint('sf', 'Lead')) ?? 0) + 1; ; page += 1) {
    await here.transaction(async (inside) => {
      const changed = await inside.landing.put('sf', pageOf(page));
      await inside.work.mark(
        'normalize',
        changed.map(({ id }) => id),
      );
      await inside.connections.saveCheckpoint('sf', 'Lead', page);
    });
    say(page);
  }
}

/** Takes all work there is and never ends it. */
async function claim(here: Store): Promise<void> {
  say((await here.work.claim('push', 1_000, 3_600_000)).length);
  await pause(60_000);
}

/** Adds to a number that others add to as well, and marks keys that others mark as well. */
async function count(here: Store): Promise<void> {
  for (let turn = 1; turn <= turnsOfEach; turn += 1) {
    await here.transaction(async ({ connections, work }) => {
      const sum = Number((await connections.state('sum')) ?? 0);
      // Longer than the other process would wait in place.
      if (turn % 10 === 0) await pause(40);
      await work.mark('push', [`k${turn % 7}`, `${process.pid} ${turn}`]);
      await connections.saveState('sum', sum + 1);
    });
  }
  say('done');
}
