/** What a push has claimed is its own, however long the vendor takes. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/open.ts';
import { silentLog } from '../../src/support/log.ts';
import type { Hub, System } from '../../src/sync/hub.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { walk } from '../../src/sync/road.ts';
import { secrets } from '../store/databases.ts';
import { dataDirectory, openTestHub, type TestHub } from './hub.ts';

const data = dataDirectory();
const opened: (TestHub | Store)[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
  data.remove();
});

/** The hub, with a HubSpot that does something while it is written to. */
function slow(hub: Hub, meanwhile: () => Promise<void>): Hub {
  const systems = [...hub.systems].map(([name, system]): [string, System] => {
    const { connector } = system;
    if (name !== 'hubspot') return [name, system];
    const sink: typeof connector.sink = (object) => {
      const own = connector.sink?.(object);
      if (!own) return own;
      return {
        ...own,
        push: async (context, writes) => {
          await meanwhile();
          return own.push(context, writes);
        },
      };
    };
    return [name, { ...system, connector: { ...connector, sink } }];
  });
  return { ...hub, systems: new Map(systems) };
}

describe('a push that takes hours', () => {
  it('shares nothing of what it has claimed with another process', async () => {
    const hub = await openTestHub({ systems: ['hubspot', 'chatbot'], data: data.path });
    opened.push(hub);
    const { clock } = hub.hub;
    const other = await openStore({ directory: data.path, secrets, clock, log: silentLog });
    opened.push(other);
    await hub.quiet();
    hub.emulator('chatbot').records.create('event', {
      type: 'identified',
      sessionId: 's',
      visitorId: 'v',
      email: 'ada@a.example',
    });
    const seen: unknown[] = [];
    const pushing = slow(hub.hub, async () => {
      await clock.sleep(3 * 3_600_000);
      seen.push(await other.work.heldByOthers(), await other.work.claim('push', 99, 60_000));
    });
    await pullSystem(hub.hub, hub.system('chatbot'));
    await walk(pushing);
    expect(seen).toMatchObject([[{ keys: 1, until: null }], []]);
    expect(hub.emulator('hubspot').records.all('contacts')).toHaveLength(1);
  });
});
