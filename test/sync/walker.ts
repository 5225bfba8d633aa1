/**
 * A hub process for tests that kill it: says `ready` when everything is loaded, opens the hub that stdin
 * describes in one line, does its task, says `done`.
 */
import { createInterface } from 'node:readline';
import { startServer } from '../../src/http/server.ts';
import { systemClock } from '../../src/support/clock.ts';
import { startWalker } from '../../src/sync/schedule.ts';
import { openTestHub, type TestHub, type TestHubOptions } from './hub.ts';

export interface WalkerOrder {
  readonly task: 'sync' | 'work' | 'serve';
  readonly hub: Pick<TestHubOptions, 'data' | 'attach' | 'settings' | 'connection' | 'systems'>;
}

const tasks: Readonly<Record<WalkerOrder['task'], (hub: TestHub) => Promise<void>>> = {
  sync: async (hub) => void (await hub.quiet()),
  /** Takes webhooks and works on none of them. */
  serve: async ({ hub }) => {
    const server = await startServer(hub);
    process.stdout.write(`serves ${server.url}\n`);
    await new Promise((resolve) => process.stdin.once('close', resolve));
    await server.close();
  },
  /** Until stdin ends. */
  work: async ({ hub }) => {
    const walker = startWalker(hub);
    process.stdout.write('working\n');
    await new Promise((resolve) => process.stdin.once('close', resolve));
    await walker.stop();
  },
};

process.stdout.write('ready\n');
createInterface(process.stdin).once('line', (line) => {
  const order: WalkerOrder = JSON.parse(line);
  void openTestHub({ ...order.hub, clock: systemClock }).then(async (hub) => {
    await tasks[order.task](hub);
    await hub.close();
    process.stdout.write('done\n');
    process.exit(0);
  });
});
