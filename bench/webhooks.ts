/** What it costs to take a batch of chat events, against a bare server that keeps it as durably: ratios in one run. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile, say } from './measure.ts';
import { type Batch, batchOf } from './webhooks-batch.ts';

const sizes = [1, 10, 100];
const rounds = 9;
const perRound = 120;
const inFlight = 4;
/** Batches that go to one server before the other one's turn, where several are under way. */
const block = 24;

const kinds = ['bare', 'hub'] as const;
type Kind = (typeof kinds)[number];
type Servers = Readonly<Record<Kind, Server>>;
type Costs = Record<Kind, Cost[]>;

interface Server {
  readonly url: string;
  cpu(): Promise<number>;
  stop(): void;
}

interface Cost {
  /** Milliseconds from the first byte of a batch to its answer, of a batch that is alone. */
  readonly alone: number;
  /** The same with several under way at once, per batch. */
  readonly together: number;
  /** CPU milliseconds of the server, per batch. */
  readonly cpu: number;
}

export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
  const servers = { bare: await start('bare', folder), hub: await start('hub', folder) };
  for (const size of sizes) {
    const costs: Costs = { bare: [], hub: [] };
    for (let round = 0; round <= rounds; round += 1) {
      const both = await measureRound(servers, size);
      // The first round warms up.
      if (round > 0) for (const kind of kinds) costs[kind].push(both[kind]);
    }
    say(`batches of ${size}: ${line(costs.bare, costs.hub)}`);
  }
  for (const server of Object.values(servers)) server.stop();
  rmSync(folder, { recursive: true, force: true });
}

const columns = ['alone', 'together', 'cpu'] as const;

function line(bare: readonly Cost[], hub: readonly Cost[]): string {
  const median = (costs: readonly Cost[], column: keyof Cost) =>
    quantile(
      costs.map((cost) => cost[column]),
      0.5,
    );
  const parts = columns.map((column) => {
    const [least, ours] = [median(bare, column), median(hub, column)];
    return `${column} ${ours.toFixed(2)} ms against ${least.toFixed(2)} ms = ${(ours / least).toFixed(2)}`;
  });
  return `${parts.join('; ')} (wanted: at most 2)`;
}

/** Both by turns, a few batches each: whatever else the machine does meanwhile falls on one as on the other. */
async function measureRound(servers: Servers, size: number): Promise<Record<Kind, Cost>> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const before = await cpuOf(servers);
  const post = (kind: Kind, batch: Batch) => send(servers[kind].url, batch, agent);
  const alone = await inTurns(size, 1, async (kind, batches) => {
    for (const batch of batches) await post(kind, batch);
  });
  const together = await inTurns(size, block, async (kind, batches) => {
    const rest = batches.values();
    const lane = async () => {
      for (const batch of rest) await post(kind, batch);
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
  });
  agent.destroy();
  const after = await cpuOf(servers);
  const costOf = (kind: Kind): Cost => ({
    alone: alone[kind] / perRound,
    together: together[kind] / perRound,
    cpu: (after[kind] - before[kind]) / (2 * perRound),
  });
  return { bare: costOf('bare'), hub: costOf('hub') };
}

/** By server: milliseconds that a round of batches took, so many of them at a turn. Making them does not count. */
async function inTurns(
  size: number,
  atOnce: number,
  work: (kind: Kind, batches: readonly Batch[]) => Promise<void>,
): Promise<Record<Kind, number>> {
  const taken = { bare: 0, hub: 0 };
  for (let done = 0; done < perRound; done += atOnce) {
    for (const kind of kinds) {
      const batches = Array.from({ length: atOnce }, () => batchOf(size));
      const began = performance.now();
      await work(kind, batches);
      taken[kind] += performance.now() - began;
    }
  }
  return taken;
}

async function cpuOf(servers: Servers): Promise<Record<Kind, number>> {
  return { bare: await servers.bare.cpu(), hub: await servers.hub.cpu() };
}

function send(url: string, { headers, body }: Batch, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) };
    const call = request(url, { method: 'POST', agent, headers: { ...headers, ...length } }, (answer) => {
      answer.resume();
      answer.once('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`answer ${answer.statusCode}`)),
      );
    });
    call.once('error', reject);
    call.end(body);
  });
}

async function start(kind: 'bare' | 'hub', folder: string): Promise<Server> {
  const program = new URL('./webhooks-worker.ts', import.meta.url).pathname;
  const child = fork(program, [kind, folder], { execArgv: process.execArgv });
  const next = <T>() => new Promise<T>((resolve) => child.once('message', (value) => resolve(value as T)));
  const url = await next<string>();
  return {
    url,
    cpu: async () => {
      const answer = next<NodeJS.CpuUsage>();
      child.send('cpu');
      const { user, system } = await answer;
      return (user + system) / 1_000;
    },
    stop: () => child.disconnect(),
  };
}
