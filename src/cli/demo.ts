/** `npm run demo`: the whole road on stand-ins of the vendors, with the credit read back through their own APIs. */
import type { App } from '../app.ts';
import { formatMoney } from '../support/money.ts';
import { type Hub, pulledObjects, type System } from '../sync/hub.ts';
import { leastChecks, leastReads, leastWrites } from '../sync/least.ts';
import { provision } from '../sync/provision.ts';
import { pullStream, pullSystem } from '../sync/pull.ts';
import { type DealReport, readBack } from '../sync/readback.ts';
import { markAdminChanges, walk } from '../sync/road.ts';
import type { Cli } from './command.ts';
import { demoConfig, type Invocation } from './invocation.ts';
import { listening, startServing } from './serve.ts';
import { stopped } from './stopped.ts';
import { verdict } from './verdict.ts';

interface ConnectionReport {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly calls: { readonly read: number; readonly write: number };
  readonly leastCalls: { readonly read: number; readonly write: number };
}

interface DemoReport {
  readonly deals: readonly DealReport[];
  readonly connections: Readonly<Record<string, ConnectionReport>>;
  readonly parked: readonly { stage: string; key: string; reason: object }[];
  readonly seconds: number;
}

export const demo: Cli = {
  options: { '--keep': 'stay up afterwards and serve' },
  run: (invocation) =>
    invocation.with({ config: invocation.options.config ?? demoConfig() }).withApp(async (app) => {
      const report = await tell(invocation, app);
      invocation.print(report, () => summary(report));
      if (invocation.options.keep === true) await keep(invocation, app);
      const failed = !report.deals.every((deal) => deal.agrees);
      return verdict({ signIn: false, failed, parked: report.parked.length });
    }),
};

async function keep(invocation: Invocation, app: App): Promise<void> {
  const serving = await startServing(app);
  invocation.say(listening(serving));
  await stopped(invocation.signal);
  await serving.stop();
}

async function tell(invocation: Invocation, { hub }: App): Promise<DemoReport> {
  const started = performance.now();
  await markAdminChanges(hub);
  for (const system of hub.systems.values()) {
    const steps = await provision(system, { apply: true });
    const created = steps.filter((step) => step.status === 'created').length;
    if (created > 0) invocation.say(`${system.name}: ${created} fields and permissions made`);
  }
  const connections: Record<string, ConnectionReport> = {};
  const reads = new Map<string, { received: Record<string, number>; calls: number }>();
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
        read: leastReads(system, read?.received ?? {}),
        write: leastWrites(system, written) + leastChecks(system, written),
      },
    };
  }
  await settle(hub);
  const deals = await readBack(hub);
  const parked = (await hub.store.work.parked()).map(({ stage, key, reason }) => ({ stage, key, reason }));
  return { deals, connections, parked, seconds: Number(((performance.now() - started) / 1_000).toFixed(2)) };
}

async function backfill(
  hub: Hub,
  system: System,
): Promise<{ received: Record<string, number>; calls: number }> {
  const before = system.calls();
  const received: Record<string, number> = {};
  for (const object of pulledObjects(system))
    received[object] = (await pullStream(hub, system, object)).received;
  return { received, calls: system.calls() - before };
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

function summary({ deals, connections, parked, seconds }: DemoReport): string {
  const agreeing = deals.filter((deal) => deal.agrees).length;
  const top = [...deals]
    .filter((deal) => deal.credit.amount !== null)
    .sort(byAmount)
    .slice(0, 10);
  return [
    'Connections',
    ...Object.entries(connections).map(
      ([name, { recordsIn, recordsOut, calls, leastCalls }]) =>
        `  ${name.padEnd(12)} ${recordsIn} records in by ${calls.read} calls (least possible ${leastCalls.read}), ` +
        `${recordsOut} writes out by ${calls.write} calls (least possible ${leastCalls.write})`,
    ),
    '',
    'The ten deals with most chat credit',
    ...top.map((deal) => `  ${deal.name.slice(0, 44).padEnd(44)} ${creditText(deal)}`),
    '',
    `Parked: ${parked.length}`,
    ...parked
      .slice(0, 10)
      .map(({ key, reason }) => `  ${key}: ${'message' in reason ? String(reason.message) : ''}`),
    '',
    `${deals.length} deals, ${agreeing} hold in every CRM what the hub computed. ${seconds} s.`,
  ].join('\n');
}

function byAmount(a: DealReport, b: DealReport): number {
  return (b.credit.amount?.minor ?? 0) - (a.credit.amount?.minor ?? 0) || (a.id < b.id ? -1 : 1);
}

function creditText({ credit }: DealReport): string {
  const share = `${((credit.share ?? 0) * 100).toFixed(0)} %`.padStart(6);
  return `${share}  ${credit.amount ? formatMoney(credit.amount.minor, credit.amount.currency).padStart(16) : ''}  ${credit.role ?? ''}`;
}
