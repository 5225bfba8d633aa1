/** API calls of a backfill of 10,000 deals and a write-back of 10,000 credits, against the least possible. */

import type { RunningEmulator } from '../emulators/loopback/contract.ts';
import type { App } from '../src/app.ts';
import { leastChecks, leastReads, leastWrites } from '../src/reports/least.ts';
import { pullStream } from '../src/sync/pull/stream.ts';
import { provision } from '../src/sync/push/provision.ts';
import { walk } from '../src/sync/road.ts';
import { openBenchHub } from './hub.ts';
import { say } from './measure.ts';
import { chatOf, type DealMaker, dealMakers } from './scenes.ts';

const deals = 10_000;

export async function bench(): Promise<void> {
  say(
    'least possible = per object ⌈records ÷ page⌉ to read (one call to learn that there are none), ⌈writes ÷ batch⌉ to write',
  );
  await measureSystem('salesforce', 'Opportunity', { bulkThreshold: 1_000_000 }, 'calls of 200 records');
  await measureSystem('salesforce', 'Opportunity', {}, 'Bulk API above 2,000 records, as by default');
  await measureSystem('hubspot', 'deals', { requestsPerTenSeconds: 1_000_000 }, 'calls of 100 records');
}

async function measureSystem(name: string, object: string, config: object, how: string): Promise<void> {
  const unlimited = {
    salesforce: { dailyRequests: 1_000_000 },
    hubspot: { burst: 0, daily: 0, searchBurst: 0 },
  };
  const app = await openBenchHub({
    systems: [name, 'chatbot'],
    knobs: unlimited,
    config: { [name]: { ...config } },
  });
  try {
    await fill(app, name);
    await run(app, name, object, how);
  } finally {
    await app.close();
  }
}

async function fill({ emulators }: App, name: string): Promise<void> {
  const crm = emulators.get(name);
  const chatbot = emulators.get('chatbot');
  const make: DealMaker | undefined = dealMakers[name];
  if (!crm || !chatbot || !make) throw new Error(`no emulator of ${name}`);
  const person = make.person(crm, 'calls@example.com');
  for (let index = 0; index < deals; index += 1) make.deal(crm, `Deal ${index}`, person);
  chatOf(chatbot, 'calls@example.com');
}

async function run({ hub, emulators }: App, name: string, object: string, how: string): Promise<void> {
  const system = hub.systems.get(name);
  const chatbot = hub.systems.get('chatbot');
  const requests = (emulators.get(name) as RunningEmulator).requests;
  if (!system || !chatbot) throw new Error('not configured');
  await provision(system, { apply: true });
  requests.clear();
  const { received } = await pullStream(hub, system, object);
  say(
    `${name} backfill: ${received} ${object} by ${requests.counted()} calls, least possible ` +
      `${leastReads(system, { [object]: received })}  ${JSON.stringify(requests.byRoute())}`,
  );
  for (const other of Object.keys(system.connector.streams ?? {}))
    if (other !== object) await pullStream(hub, system, other);
  await pullStream(hub, chatbot, 'event');
  requests.clear();
  const { written } = await walk(hub);
  const writes = await hub.store.outbox.writes({ connection: name }, 1_000_000);
  say(
    `${name} write-back (${how}): ${written} writes by ${requests.counted()} calls, ` +
      `least possible ${leastWrites(system, writes)} + ${leastChecks(system, writes)} to check  ${JSON.stringify(requests.byRoute())}`,
  );
}
