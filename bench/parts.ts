/**
 * A stream of 5,000 parts with nothing new, each with a checkpoint of 1.4 kB as mail servers give them: one round with a
 * checkpoint for each part, beside one checkpoint that holds all of them and is stored with every page.
 */
import { readFileSync } from 'node:fs';
import type { Checkpoint, Page, PullOptions, Stream } from '../src/connector/contract/reading.ts';
import type { Hub, System } from '../src/sync/hub.ts';
import { pullStream } from '../src/sync/pull/stream.ts';
import { openBenchHub } from './hub.ts';
import { say } from './measure.ts';

const parts = 5_000;
/** A round of all pages with one checkpoint takes minutes. */
const pagesTried = 50;
const object = 'contacts';
const names = Array.from({ length: parts }, (_, n) => `mailbox-${n}@acme.example`);

/** Of another length each time: what follows it in one text moves. */
function tokenOf(name: string, round: number): Checkpoint {
  return { deltaLink: ''.padEnd(1_301 + ((round * 67) % 200), `${name}:${round}:`) };
}

export async function bench(): Promise<void> {
  const app = await openBenchHub({ systems: ['hubspot'] });
  const { hub } = app;
  const system = hub.systems.get('hubspot');
  if (system === undefined) throw new Error('the hub has no connection');
  const apart = await costOf(hub, withPull(system, { parts: async () => names, pull: pullPart }), parts);
  const together = await costOf(hub, withPull(system, { pull: pullAll }), pagesTried);
  for (const [what, { cpu, bytes }, pages] of [
    ['a checkpoint for each part', apart, parts],
    ['one checkpoint for all   ', together, pagesTried],
  ] as const) {
    const measured = pages === parts ? '' : ` (from ${pages} pages)`;
    say(`${what}: ${cpu.toFixed(1)} CPU s, ${(bytes / 1e6).toFixed(0)} MB written a round${measured}`);
  }
  say(
    `ratio: CPU ${(together.cpu / apart.cpu).toFixed(0)}, bytes ${(together.bytes / apart.bytes).toFixed(0)}`,
  );
  await app.close();
}

let round = 0;

async function* pullPart(_: unknown, __: unknown, { part = '' }: PullOptions = {}): AsyncGenerator<Page> {
  yield { records: [], checkpoint: tokenOf(part, round) };
}

async function* pullAll(): AsyncGenerator<Page> {
  const all: Record<string, Checkpoint> = Object.fromEntries(names.map((name) => [name, tokenOf(name, 0)]));
  for (const name of names.slice(0, pagesTried)) {
    all[name] = tokenOf(name, round);
    yield { records: [], checkpoint: { ...all } };
  }
}

function withPull(system: System, change: Pick<Stream, 'pull' | 'parts'>): System {
  const { fetch: _, ...stream } = system.connector.streams?.[object] ?? { title: object, pageSize: 1 };
  const streams = { [object]: { ...stream, ...change } };
  return { ...system, connector: { ...system.connector, streams } };
}

/** Of a second round, when everything has been read once; scaled to all parts. */
async function costOf(hub: Hub, system: System, pages: number): Promise<{ cpu: number; bytes: number }> {
  await pullStream(hub, system, object);
  round += 1;
  const started = { cpu: process.cpuUsage(), bytes: bytesWritten() };
  await pullStream(hub, system, object);
  const { user, system: kernel } = process.cpuUsage(started.cpu);
  const scale = parts / pages;
  return { cpu: ((user + kernel) / 1e6) * scale, bytes: (bytesWritten() - started.bytes) * scale };
}

/** Handed to the operating system by this process, on Linux; elsewhere it is not told. */
function bytesWritten(): number {
  try {
    return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
  } catch {
    return Number.NaN;
  }
}
