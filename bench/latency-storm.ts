/**
 * From a chat to its credit at the CRM, alone and behind a storm: thousands of contacts that another CRM has just named
 * as changed. Both in one run, so that the ratio means something on any machine.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningEmulator } from '../emulators/loopback/contract.ts';
import { refText } from '../src/canonical/names.ts';
import type { Hub } from '../src/sync/hub.ts';
import { pullSystem } from '../src/sync/pull/pull.ts';
import { provision } from '../src/sync/push/provision.ts';
import { walk } from '../src/sync/road.ts';
import { startWalker } from '../src/sync/schedule.ts';
import { openBenchHub } from './hub.ts';
import { quantile, say } from './measure.ts';
import { chatOf, dealMakers } from './scenes.ts';

const contacts = 4_000;
const rounds = 5;

export async function measureStorm(): Promise<void> {
  const app = await openBenchHub({
    systems: ['salesforce', 'hubspot', 'chatbot'],
    knobs: {
      salesforce: { dailyRequests: 1_000_000 },
      hubspot: { burst: 0, daily: 0, searchBurst: 0 },
    },
    config: { hubspot: { requestsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000 } },
  });
  const { hub, emulators } = app;
  const emulator = (name: string): RunningEmulator => {
    const found = emulators.get(name);
    if (!found) throw new Error(`no emulator of ${name}`);
    return found;
  };
  const deals = Array.from({ length: 2 * rounds }, (_, n) => dealOf(emulator('salesforce'), n));
  const ids = Array.from({ length: contacts }, (_, n) =>
    emulator('hubspot').records.create('contacts', { email: `c${n}@storm.example`, lastname: `C${n}` }),
  );
  for (const system of hub.systems.values()) await provision(system, { apply: true });
  for (const system of hub.systems.values()) await pullSystem(hub, system);
  await walk(hub);
  const walker = startWalker(hub);
  const chat = (n: number) => oneChat(hub, emulator('chatbot'), emulator('salesforce'), deals[n] ?? '', n);
  const [alone, behind, left]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    alone.push(await chat(2 * round));
    await hub.store.work.mark(
      'fetch',
      ids.map((id) => refText({ connection: 'hubspot', object: 'contacts', id })),
    );
    behind.push(await chat(2 * round + 1));
    left.push(await waiting(hub));
    while ((await waiting(hub)) > 0) await sleep(20);
  }
  await walker.stop();
  await app.close();
  const [quiet, stormy] = [quantile(alone, 0.5), quantile(behind, 0.5)];
  say(
    `a chat behind a storm of ${contacts} changed contacts: ${stormy.toFixed(0)} ms, alone ${quiet.toFixed(0)} ms ` +
      `(ratio ${(stormy / quiet).toFixed(1)}); ${quantile(left, 0.5)} of the storm were left when it was credited`,
  );
}

async function waiting({ store }: Hub): Promise<number> {
  const { fetch, normalize, resolve } = await store.work.counts();
  return fetch + normalize + resolve;
}

function emailOf(n: number): string {
  return `chatter${n}@example.com`;
}

function dealOf(crm: RunningEmulator, n: number): string {
  const maker = dealMakers.salesforce;
  if (!maker) throw new Error('no scene for salesforce');
  return maker.deal(crm, `Deal ${n}`, maker.person(crm, emailOf(n)));
}

/** Until the deal at the CRM tells of it, ms. */
async function oneChat(
  hub: Hub,
  chatbot: RunningEmulator,
  crm: RunningEmulator,
  deal: string,
  n: number,
): Promise<number> {
  const system = hub.systems.get('chatbot');
  if (!system) throw new Error('no chatbot');
  const started = performance.now();
  // Each after the one before, and all of it over: what is yet to be is read later.
  chatOf(chatbot, emailOf(n), hub.clock.now() - 3_600_000 + n * 60_000);
  await pullSystem(hub, system);
  for (;;) {
    if (Number(crm.records.get('Opportunity', deal)?.Chat_Touches__c) > 0) return performance.now() - started;
    if (performance.now() - started > 300_000) throw new Error('no credit after five minutes');
    await sleep(1);
  }
}
