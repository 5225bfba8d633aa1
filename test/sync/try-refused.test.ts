/** Records that a CRM refuses as a whole: what was granted by hand frees them, and nothing hammers at the CRM until then. */
import { expect, it } from 'vitest';
import type { Sink } from '../../src/connector/contract/writing.ts';
import { Fault } from '../../src/connector/fault.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { walk } from '../../src/sync/road.ts';
import { openTestHub } from './hub.ts';

const day = 86_400_000;

it('one goes again after a day, and the others with it once it is taken', async () => {
  const hub = await openTestHub({ systems: ['salesforce', 'chatbot'] });
  const system = hub.system('salesforce');
  const sent: number[] = [];
  let granted = false;
  const gate = (sink: Sink): Sink => ({
    ...sink,
    push: (context, writes) => {
      sent.push(writes.length);
      if (granted) return sink.push(context, writes);
      throw new Fault('rejected', 'no right to create this', { code: 'FORBIDDEN', status: 403 });
    },
  });
  const connector = {
    ...system.connector,
    sink: (object: string) => {
      const sink = system.connector.sink?.(object);
      return sink && object === 'Lead' ? gate(sink) : sink;
    },
  };
  const systems = new Map([...hub.hub.systems, [system.name, { ...system, connector }]]);
  const gated = { ...hub.hub, systems };
  for (const name of ['ada', 'ben', 'cleo']) {
    const id = { sessionId: `s-${name}`, visitorId: `v-${name}` };
    hub.emulator('chatbot').records.create('event', {
      ...{ type: 'identified', ...id, email: `${name}@larkmere.example` },
    });
  }
  const parked = async () => (await hub.hub.store.work.parked()).length;
  const leads = () => hub.emulator('salesforce').records.count('Lead');

  // Read, but not written by the hub whose gate is open.
  for (const one of hub.hub.systems.values()) await pullSystem(gated, one);
  await walk(gated);
  expect([await parked(), leads(), sent]).toEqual([3, 0, [3]]);

  await hub.hub.clock.sleep(day / 2);
  await walk(gated);
  expect(sent).toEqual([3]);

  await hub.hub.clock.sleep(day);
  await walk(gated);
  expect([await parked(), sent]).toEqual([3, [3, 1]]);

  granted = true;
  await hub.hub.clock.sleep(day + 1);
  await walk(gated);
  expect([await parked(), leads(), sent]).toEqual([0, 3, [3, 1, 1, 2]]);
  await hub.close();
});
