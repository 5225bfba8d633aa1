/** `npm run demo`: the whole road on stand-ins of the vendors, with the credit read back through their own APIs. */
import type { App } from '../../app.ts';
import { leastChecks, leastReads, leastWrites } from '../../reports/least.ts';
import { readBack } from '../../reports/readback.ts';
import { sideBySide } from '../../reports/side-by-side.ts';
import { type Hub, pulledObjects, type System } from '../../sync/hub.ts';
import { pullSystem } from '../../sync/pull/pull.ts';
import { pullStream } from '../../sync/pull/stream.ts';
import { markAdminChanges, walk } from '../../sync/road.ts';
import type { Cli } from '../command.ts';
import { demoConfig, type Invocation } from '../invocation.ts';
import { type ConnectionReport, type DemoReport, demoText } from '../text/demo-text.ts';
import { verdict } from '../text/verdict.ts';
import { listening, startServing } from './serve.ts';
import { provisionStandIns } from './stand-ins.ts';
import { stopped } from './stopped.ts';

export const demo: Cli = {
  options: { '--keep': 'stay up afterwards and serve' },
  run: (given) => {
    const invocation = given.with({ config: given.options.config ?? demoConfig() });
    return invocation.withApp(async (app) => {
      const report = await tell(invocation, app);
      invocation.print(report, () => demoText(report));
      if (invocation.options.keep === true) await keep(invocation, app);
      else invocation.say(whatNext);
      const failed = !report.deals.every((deal) => deal.agrees);
      return verdict({ signIn: false, failed, parked: report.parked.length });
    });
  },
};

const whatNext = 'To look around: `npm run demo -- --keep`. To connect your own accounts: README.md.';

async function keep(invocation: Invocation, app: App): Promise<void> {
  const serving = await startServing(app, () => invocation.settings());
  invocation.say(listening(serving));
  await stopped(invocation.signal);
  await serving.stop();
}

async function tell(invocation: Invocation, app: App): Promise<DemoReport> {
  const { hub } = app;
  const started = performance.now();
  await markAdminChanges(hub);
  await provisionStandIns(app, (words) => invocation.say(words));
  const connections: Record<string, ConnectionReport> = {};
  const reads = new Map<string, Backfill>();
  for (const system of hub.systems.values()) reads.set(system.name, await backfill(hub, system));
  const before = new Map([...hub.systems.values()].map((system) => [system.name, system.calls()]));
  await walk(hub);
  for (const system of hub.systems.values()) {
    const read = reads.get(system.name);
    const written = await hub.store.outbox.writes({ connection: system.name }, 1_000_000);
    connections[system.name] = {
      recordsIn: sum(read?.received ?? {}),
      recordsOut: written.length,
      calls: { read: read?.calls ?? 0, write: system.calls() - (before.get(system.name) ?? 0) },
      leastCalls: {
        read: leastReads(system, read?.received ?? {}, read?.parts),
        write: leastWrites(system, written) + leastChecks(system, written),
      },
    };
  }
  await settle(hub);
  const deals = await readBack(hub);
  const won = await sideBySide(hub, { status: 'won' });
  const parked = (await hub.store.work.parked()).map(({ stage, key, reason }) => ({ stage, key, reason }));
  return {
    deals,
    won,
    connections,
    parked,
    seconds: Number(((performance.now() - started) / 1_000).toFixed(2)),
  };
}

interface Backfill {
  /** Records by object. */
  readonly received: Readonly<Record<string, number>>;
  /** Parts by object, of streams that have parts. */
  readonly parts: Readonly<Record<string, number>>;
  readonly calls: number;
}

async function backfill(hub: Hub, system: System): Promise<Backfill> {
  const before = system.calls();
  const received: Record<string, number> = {};
  const parts: Record<string, number> = {};
  for (const object of pulledObjects(system)) {
    const counts = await pullStream(hub, system, object);
    received[object] = counts.received;
    if (system.connector.streams?.[object]?.parts) parts[object] = counts.parts;
  }
  return { received, parts, calls: system.calls() - before };
}

/** Hears our own writes come back, until there is nothing left to say on either side. */
async function settle(hub: Hub): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    let news = 0;
    for (const system of hub.systems.values()) news += (await pullSystem(hub, system)).changed;
    const { written } = await walk(hub);
    if (news === 0 && written === 0) return;
  }
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}
