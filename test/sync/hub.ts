/** Opens a whole hub on emulators for a test: real HTTP, real store, real mappings. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RunningEmulator } from '../../emulators/loopback/contract.ts';
import { type App, openApp } from '../../src/app.ts';
import type { Entity } from '../../src/canonical/model.ts';
import type { LoadedSettings } from '../../src/settings/load.ts';
import { settingsSchema } from '../../src/settings/schema.ts';
import type { Clock } from '../../src/support/clock.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { type Log, silentLog } from '../../src/support/log.ts';
import type { Hub, System } from '../../src/sync/hub.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { provision } from '../../src/sync/push/provision.ts';
import { type WalkCounts, walk } from '../../src/sync/road.ts';
import { briskClock } from './clock.ts';

const root = resolve(import.meta.dirname, '../..');

export interface TestHubOptions {
  /** `empty` emulators are filled by the test itself. */
  readonly world?: 'demo' | 'empty';
  readonly systems?: readonly string[];
  /** Default: nothing asks, and nothing is fitted. */
  readonly settings?: {
    readonly safety?: object;
    readonly attribution?: object;
    readonly identity?: object;
    readonly [setting: string]: unknown;
  };
  readonly connection?: Readonly<Record<string, object>>;
  readonly knobs?: Parameters<typeof openApp>[1]['knobs'];
  /** Default: real time without its waits. */
  readonly clock?: Clock;
  /** Configurations of emulators that run elsewhere; none are started then, and nothing is provisioned. */
  readonly attach?: Readonly<Record<string, JsonObject>>;
  /** Keep the store over several hubs (restarts). */
  readonly data?: string;
  readonly signal?: AbortSignal;
  /** Default: silence. */
  readonly log?: Log;
  /** Where the hub's fields are made. Default: at all emulators of its own. */
  readonly provision?: readonly string[];
  /** A folder with other mappings than the shipped ones. */
  readonly mappings?: string;
}

export interface TestHub extends App {
  readonly hub: Hub;
  emulator(system: string): RunningEmulator;
  system(name: string): System;
  /** Pulls everything, walks the road. */
  sync(): Promise<WalkCounts>;
  /** Walks until nothing waits, not even for a later time. */
  settle(): Promise<void>;
  /** Syncs until nothing is news and nothing is written; throws when that takes more than `rounds`. */
  quiet(rounds?: number): Promise<void>;
}

export function testSettings(options: TestHubOptions = {}): LoadedSettings {
  const systems = options.systems ?? ['salesforce', 'hubspot', 'chatbot'];
  const emulate = options.world ?? 'empty';
  const connections = Object.fromEntries(
    systems.map((connector) => {
      const config = options.attach?.[connector];
      const where = config ? { config } : { emulate };
      return [connector, { connector, ...where, writes: 'on', ...options.connection?.[connector] }];
    }),
  );
  const parsed = settingsSchema.parse({
    connections,
    log: 'silent',
    ...options.settings,
    safety: { maxShare: 1, firstCreation: 'allow', ...options.settings?.safety },
    // Tests that are about fits ask for them, and so do those that are about the hub's ids.
    attribution: { refit: 'off', ...options.settings?.attribution },
    identity: { hubIds: 'along', ...options.settings?.identity },
  });
  return {
    ...parsed,
    data: options.data ?? 'temporary',
    mappings: options.mappings ?? join(root, 'mappings'),
    file: 'test.yaml',
  };
}

/** Noon of the day in which the seeded world lives. */
export const demoNow = Date.parse('2026-06-30T12:00:00Z');

export async function openTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const app = await openApp(testSettings(options), {
    env: {},
    log: options.log ?? silentLog,
    signal: options.signal ?? new AbortController().signal,
    clock: options.clock ?? briskClock(options.world === 'demo' ? demoNow : Date.now()),
    ...(options.knobs ? { knobs: options.knobs } : {}),
  });
  const provisioned = options.provision ?? (options.attach ? [] : [...app.hub.systems.keys()]);
  for (const system of app.hub.systems.values())
    if (provisioned.includes(system.name)) await provision(system, { apply: true });
  return {
    ...app,
    emulator: (system) => found(app.emulators.get(system), system),
    system: (name) => found(app.hub.systems.get(name), name),
    sync: () => syncAll(app.hub),
    settle: async () => void (await walkOut(app.hub)),
    quiet: (rounds) => untilQuiet(app.hub, rounds),
  };
}

/** Writes and other routes by which a vendor takes something, as fault boards name them. */
export const writeRoutes = { salesforce: 'PATCH composite/sobjects', hubspot: 'batch/up' } as const;

/** The shipped mappings with one text replaced wherever it stands, in a folder of their own. */
export function mappingsWith(
  system: string,
  from: string,
  to: string,
  base: string = join(root, 'mappings'),
): { path: string; remove(): void } {
  const folder = dataDirectory();
  cpSync(base, folder.path, { recursive: true });
  const file = join(folder.path, `${system}.yaml`);
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not say ${from}`);
  writeFileSync(file, text.replaceAll(from, to));
  return folder;
}

/** By system: requests that may have changed something there, so far. */
export function writeRequests({ emulators }: TestHub): Record<string, number> {
  const reading = /search|batch\/read|token|\/Soap\/|composite\/query|lookup/;
  const counts = [...emulators].map(([name, { requests }]) => {
    const writing = requests.entries.filter(({ method, path }) => method !== 'GET' && !reading.test(path));
    return [name, writing.length] as const;
  });
  return Object.fromEntries(counts);
}

/** For hubs whose clock is real: no rate limits at the emulators, and none kept by the hub. */
export const pacingOff = {
  knobs: { hubspot: { burst: 0, searchBurst: 0 } },
  connection: { hubspot: { config: { searchesPerSecond: 1_000, requestsPerTenSeconds: 100_000 } } },
};

/** How another hub signs in to this one's emulators, without pacing. */
export function attached(hub: TestHub): Record<string, JsonObject> {
  const configs = [...hub.emulators].map(([name, { config }]) => [
    name,
    { ...config, ...(name === 'hubspot' ? pacingOff.connection.hubspot.config : {}) },
  ]);
  return Object.fromEntries(configs);
}

async function syncAll(hub: Hub): Promise<WalkCounts> {
  for (const system of hub.systems.values()) await pullSystem(hub, system);
  return walk(hub);
}

async function untilQuiet(hub: Hub, rounds = 5): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    let news = 0;
    for (const system of hub.systems.values()) news += (await pullSystem(hub, system)).changed;
    const written = await walkOut(hub);
    if (news === 0 && written === 0) return;
  }
  throw new Error(`not quiet after ${rounds} rounds`);
}

/** Returns how many writes it took. */
async function walkOut(hub: Hub): Promise<number> {
  let { written } = await walk(hub);
  for (let waits = 0; waits < 100; waits += 1) {
    const due = await hub.store.work.nextDueAt();
    if (due === null) return written;
    await hub.clock.sleep(Math.max(1, due - hub.clock.now()));
    written += (await walk(hub)).written;
  }
  throw new Error('work that waits for a later time never ends');
}

export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}

/** The deal that a CRM's record belongs to. */
export async function findDeal(
  { hub }: TestHub,
  object: 'Opportunity' | 'deals',
  id: string,
): Promise<Entity | undefined> {
  const connection = object === 'deals' ? 'hubspot' : 'salesforce';
  const ids = await hub.store.entities.byKey('Deal', [`id:${connection}:${object}:${id}`]);
  return (await hub.store.entities.get(Object.values(ids)))[0];
}

/** A directory for one test's store; `remove` it in the end. */
export function dataDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'hub-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
