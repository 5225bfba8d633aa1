/** From a deal's stage change (webhook in) to the credit readable in the CRM: 200 changes on loopback; and a chat behind a storm. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningEmulator } from '../emulators/loopback/contract.ts';
import { startServer } from '../src/http/server.ts';
import { pullSystem } from '../src/sync/pull/pull.ts';
import { provision } from '../src/sync/push/provision.ts';
import { walk } from '../src/sync/road.ts';
import { startWalker } from '../src/sync/schedule.ts';
import { openBenchHub } from './hub.ts';
import { measureStorm } from './latency-storm.ts';
import { quantile, say } from './measure.ts';
import { chatOf, dealMakers } from './scenes.ts';

const changes = 200;

/** What moves the deal's credit at each CRM: it closes, later than a chat that so far lay outside its journey. */
const scenes: Readonly<
  Record<string, { object: string; field: string; change(amount: number): Record<string, unknown> }>
> = {
  salesforce: {
    object: 'Opportunity',
    field: 'Chat_Credit_Amount__c',
    change: (amount) => ({ StageName: 'Qualification', Amount: amount }),
  },
  hubspot: {
    object: 'deals',
    field: 'chat_credit_amount',
    change: (amount) => ({ dealstage: 'qualifiedtobuy', amount: String(amount) }),
  },
};

export async function bench(): Promise<void> {
  for (const name of Object.keys(scenes)) await measureSystem(name);
  await measureStorm();
}

async function measureSystem(name: string): Promise<void> {
  const unlimited = {
    salesforce: { dailyRequests: 1_000_000 },
    hubspot: { burst: 0, daily: 0, searchBurst: 0 },
  };
  const fast = { salesforce: {}, hubspot: { requestsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000 } };
  const app = await openBenchHub({ systems: [name, 'chatbot'], knobs: unlimited, config: fast });
  const { hub, emulators } = app;
  const crm = emulators.get(name);
  const maker = dealMakers[name];
  const chatbot = emulators.get('chatbot');
  if (!crm || !maker || !chatbot) throw new Error(`no emulator of ${name}`);
  const person = maker.person(crm, 'latency@example.com');
  const ids = Array.from({ length: changes }, (_, index) => maker.deal(crm, `Deal ${index}`, person));
  chatOf(chatbot, 'latency@example.com');
  for (const system of hub.systems.values()) await provision(system, { apply: true });
  for (const system of hub.systems.values()) await pullSystem(hub, system);
  await walk(hub);
  const server = await startServer({
    ...hub,
    settings: { ...hub.settings, server: { ...hub.settings.server, port: 0 } },
  });
  const walker = startWalker(hub);
  crm.deliverTo?.(`${server.url}/webhooks/${name}`);
  const waits: number[] = [];
  for (const [index, id] of ids.entries()) waits.push(await oneChange(name, crm, id, 2_000 + index));
  crm.deliverTo?.(null);
  await walker.stop();
  await server.close();
  await app.close();
  say(
    `${name}: webhook to credit readable, ${changes} changes: median ${quantile(waits, 0.5).toFixed(0)} ms, ` +
      `p99 ${quantile(waits, 0.99).toFixed(0)} ms (wanted: p99 under 500 ms)`,
  );
}

async function oneChange(name: string, crm: RunningEmulator, id: string, amount: number): Promise<number> {
  const scene = scenes[name];
  if (!scene) throw new Error(name);
  const started = performance.now();
  crm.records.update(
    scene.object,
    id,
    scene.change(amount) as Parameters<RunningEmulator['records']['update']>[2],
  );
  for (;;) {
    const record = crm.records.get(scene.object, id) ?? {};
    const held = Number(
      record[scene.field] ?? (record.properties as Record<string, unknown> | undefined)?.[scene.field],
    );
    if (held === amount) return performance.now() - started;
    if (performance.now() - started > 30_000) throw new Error(`${name}: no credit after 30 s`);
    await sleep(1);
  }
}
