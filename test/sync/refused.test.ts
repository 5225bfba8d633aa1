/** Streams that a vendor does not let be read: named with a remedy, and nothing else stands still for them. */
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/connector/fault.ts';
import { hubStatus } from '../../src/reports/status.ts';
import { type Hub, pulledObjects, type System } from '../../src/sync/hub.ts';
import { pullNews } from '../../src/sync/pull/poll.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { pulledAt } from '../../src/sync/pull/pulled-at.ts';
import { walk } from '../../src/sync/road.ts';
import { openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;

async function troublesOf({ hub }: TestHub, connection: string): Promise<string[]> {
  return ((await hubStatus(hub)).connections[connection]?.troubles ?? []).map(
    ({ object, message }) => `${object}: ${message}`,
  );
}

function leaveChatLead(hub: TestHub): void {
  const email = 'nora.name@acme.example';
  hub.emulator('chatbot').records.create('event', {
    type: 'identified',
    sessionId: 's1',
    visitorId: 'v1',
    email,
    name: 'Nora Name',
  });
}

/** The system with one stream that answers a pull with a fault. */
function refusing(system: System, object: string, fault: () => Fault): System {
  const stream = system.connector.streams?.[object];
  if (!stream) throw new Error(`no stream ${object}`);
  const refused = {
    ...stream,
    // biome-ignore lint/correctness/useYield: a stream that is refused at once
    async *pull() {
      throw fault();
    },
  };
  const streams = { ...system.connector.streams, [object]: refused };
  return { ...system, connector: { ...system.connector, streams } };
}

describe('an object that may not be read', () => {
  test('of HubSpot: named with its scopes; the rest is read, and writes go on', async () => {
    const hub = await openTestHub({ knobs: { hubspot: { missingScopes: ['tickets'] } } });
    leaveChatLead(hub);
    await hub.quiet();
    const troubles = await troublesOf(hub, 'hubspot');
    expect(troubles).toEqual([expect.stringMatching(/^tickets: tickets cannot be read.*scopes tickets/)]);
    expect((await hubStatus(hub.hub)).connections.hubspot?.lastPull).not.toBeNull();
    expect(hub.emulator('salesforce').records.count('Lead')).toBe(1);
    await hub.close();
  });

  test('of Salesforce: named, and read as soon as it is granted', async () => {
    const hub = await openTestHub();
    const { records } = hub.emulator('salesforce');
    records.act?.('hide', 'Task', '');
    leaveChatLead(hub);
    await hub.quiet();
    expect(await troublesOf(hub, 'salesforce')).toEqual([
      expect.stringMatching(/^Task: Task cannot be read.*permission set/),
    ]);
    expect(records.count('Lead')).toBe(1);
    records.act?.('show', 'Task', '');
    await hub.sync();
    expect(await troublesOf(hub, 'salesforce')).toEqual([]);
    expect(await pulledAt(hub.hub, 'salesforce', 'Task')).not.toBeNull();
    await hub.close();
  });

  test('holds what might be a double of what it hides, with a word, until it can be read', async () => {
    const hub = await openTestHub();
    const { records } = hub.emulator('salesforce');
    records.act?.('hide', 'Contact', '');
    leaveChatLead(hub);
    await hub.quiet();
    expect(records.count('Lead')).toBe(0);
    expect(hub.emulator('hubspot').records.count('contacts')).toBe(1);
    expect(await hub.hub.store.work.parked()).toMatchObject([
      {
        reason: {
          code: 'CANNOT_BE_LOOKED_FOR',
          message: expect.stringMatching(/Contact cannot be read.*unless/),
        },
      },
    ]);
    records.act?.('show', 'Contact', '');
    await hub.quiet();
    expect(records.count('Lead')).toBe(1);
    expect(await hub.hub.store.work.parked()).toEqual([]);
    await hub.close();
  });

  test('is asked for again once a day by the schedule', async () => {
    const hub = await openTestHub({
      systems: ['hubspot'],
      knobs: { hubspot: { missingScopes: ['tickets'] } },
    });
    const system = hub.system('hubspot');
    const { requests } = hub.emulator('hubspot');
    const asked = async (): Promise<number> => {
      requests.clear();
      await pullNews(hub.hub, system, { objects: ['tickets'] });
      return requests.counted();
    };
    expect(await asked()).toBeGreaterThan(0);
    expect(await asked()).toBe(0);
    await hub.hub.clock.sleep(day);
    expect(await asked()).toBeGreaterThan(0);
    await hub.close();
  });
});

describe('a stream that fails', () => {
  test.each([
    'rejected',
    'absent',
    'unavailable',
    'expired',
  ] as const)('%s stops none of the others', async (kind) => {
    const hub = await openTestHub({ systems: ['hubspot'] });
    const system = refusing(hub.system('hubspot'), 'companies', () => new Fault(kind, 'no companies today'));
    const pulling = pullSystem(hub.hub, system);
    if (kind === 'absent') await pulling;
    else await expect(pulling).rejects.toThrow('no companies today');
    for (const object of pulledObjects(system).filter((one) => one !== 'companies'))
      expect(await pulledAt(hub.hub, 'hubspot', object)).not.toBeNull();
    await hub.close();
  });

  test.each(['rejected', 'absent'] as const)('%s for good, never read, holds up no write', async (kind) => {
    const hub = await openTestHub();
    const system = refusing(hub.system('hubspot'), 'companies', () => new Fault(kind, 'off in this account'));
    const systems = new Map([...hub.hub.systems, ['hubspot', system]]);
    const changed: TestHub = { ...hub, hub: { ...hub.hub, systems } satisfies Hub };
    leaveChatLead(hub);
    for (const one of systems.values()) await pullSystem(changed.hub, one).catch(() => undefined);
    expect(await troublesOf(changed, 'hubspot')).toEqual([
      expect.stringMatching(/^companies: .*off in this account/),
    ]);
    await walk(changed.hub);
    await changed.hub.clock.sleep(10_000);
    await walk(changed.hub);
    expect(hub.emulator('salesforce').records.count('Lead')).toBe(1);
    await hub.close();
  });
});
