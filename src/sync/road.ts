/** The road, walked: stage after stage until nothing is due. Four ways in (schedule, webhook, admin, retry), one road. */
import type { EntityKind } from '../canonical/model.ts';
import type { Fault } from '../connector/fault.ts';
import { attributeMarked } from './attribute.ts';
import { neverRead } from './first-read.ts';
import { markChangedModels } from './fit/promotion.ts';
import type { Hub, System } from './hub.ts';
import { markForNormalize, normalizeMarked } from './normalize.ts';
import { fetchMarked } from './pull.ts';
import { type PushOptions, postponePushes, pushKeys, pushMarked } from './push.ts';
import { pushedKinds } from './reconcile.ts';
import { resolveMarked } from './resolve.ts';
import { newRun } from './runs.ts';

export interface WalkCounts {
  fetched: number;
  normalized: number;
  resolved: number;
  attributed: number;
  written: number;
  failed: number;
  parked: number;
  /** Connections that could not be signed in to; their marks wait. */
  signIn: string[];
  /** Connections that have never been read to the end: all writes wait for that. */
  unread: string[];
}

export interface WalkOptions {
  /** Leave stage 5 out: first contact, `sync` without writing. */
  readonly push?: boolean;
  /** The admin has allowed what a push would otherwise ask for. */
  readonly yes?: boolean;
  /** What the writes are kept under; default: a run of this walk's own. */
  readonly run?: string;
}

/**
 * Walks until nothing is due. Earlier stages are emptied before a later one starts, so that a deal is credited
 * once for a thousand changes and pushed in full batches.
 */
export async function walk(hub: Hub, options: WalkOptions = {}): Promise<WalkCounts> {
  const counts: WalkCounts = {
    fetched: 0,
    normalized: 0,
    resolved: 0,
    attributed: 0,
    written: 0,
    failed: 0,
    parked: 0,
    signIn: [],
    unread: [],
  };
  const local: (() => Promise<number>)[] = [
    async () => add(counts, 'fetched', await fetchMarked(hub)),
    async () => add(counts, 'normalized', await normalizeMarked(hub)),
    async () => add(counts, 'resolved', await resolveMarked(hub)),
    async () => add(counts, 'attributed', await attributeMarked(hub)),
  ];
  const push: PushOptions = { run: options.run ?? newRun(hub.clock.now()), yes: options.yes ?? false };
  for (;;) {
    hub.signal.throwIfAborted();
    if (await anyWork(local)) continue;
    const pushed = options.push === false ? 0 : await pushAll(hub, push, counts);
    if (pushed === 0) return counts;
  }
}

/** Runs the first stage that has work; true when one had. */
async function anyWork(steps: readonly (() => Promise<number>)[]): Promise<boolean> {
  for (const step of steps) if ((await step()) > 0) return true;
  return false;
}

async function pushAll(hub: Hub, push: PushOptions, counts: WalkCounts): Promise<number> {
  counts.unread = await neverRead(hub);
  if (counts.unread.length > 0) {
    await postponePushes(hub);
    return 0;
  }
  const passes = await Promise.all(
    [...hub.systems.values()].map((system) => pushOne(hub, system, push, counts)),
  );
  return passes.reduce((sum, worked) => sum + worked, 0);
}

async function pushOne(hub: Hub, system: System, push: PushOptions, counts: WalkCounts): Promise<number> {
  try {
    const pass = await pushMarked(hub, system, push);
    counts.written += pass.written;
    counts.failed += pass.failed;
    counts.parked += pass.parked;
    return pass.worked;
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
    counts.signIn.push(system.name);
    hub.log.error({ connection: system.name, code: error.code }, error.message);
    return 0;
  }
}

function isUnauthorized(error: unknown): error is Fault {
  return error instanceof Error && error.name === 'Fault' && 'kind' in error && error.kind === 'unauthorized';
}

function add(
  counts: WalkCounts,
  stage: 'fetched' | 'normalized' | 'resolved' | 'attributed',
  worked: number,
): number {
  counts[stage] += worked;
  return worked;
}

// --------------------------------------------------------------------------------- what the admin changed

export interface AdminChange {
  readonly connection: string;
  readonly object: string;
  /** How many records or entities are looked at again. No CRM is asked. */
  readonly marked: number;
  readonly why: 'mapping' | 'writes' | 'models';
}

/** Marks what a changed mapping, a switched-on write or another model concerns. Run at start and after an edit. */
export async function markAdminChanges(hub: Hub): Promise<AdminChange[]> {
  const changes: AdminChange[] = [];
  for (const system of hub.systems.values()) {
    changes.push(...(await markMappingChanges(hub, system)));
    changes.push(...(await markWriteChanges(hub, system)));
  }
  const marked = await markChangedModels(hub);
  if (marked > 0) changes.push({ connection: 'attribution', object: 'Deal', marked, why: 'models' });
  return changes;
}

async function markMappingChanges(hub: Hub, system: System): Promise<AdminChange[]> {
  const changes: AdminChange[] = [];
  for (const [object, { version }] of Object.entries(system.mapping.objects)) {
    const key = `mapping:${system.name}:${object}`;
    const before = await hub.store.connections.state(key);
    if (before === version) continue;
    const marked = before === null ? 0 : await markForNormalize(hub, system.name, object);
    changes.push({ connection: system.name, object, marked, why: 'mapping' });
    await hub.store.connections.saveState(key, version);
  }
  return changes;
}

async function markWriteChanges(hub: Hub, system: System): Promise<AdminChange[]> {
  const key = `writes:${system.name}`;
  const now = JSON.stringify([system.settings.writes, system.mapping.version]);
  const before = await hub.store.connections.state(key);
  if (before === now) return [];
  const changes: AdminChange[] = [];
  for (const kind of pushedKinds(system)) {
    const marked = before === null ? 0 : await markForPush(hub, system, kind);
    changes.push({ connection: system.name, object: kind, marked, why: 'writes' });
  }
  await hub.store.connections.saveState(key, now);
  return changes;
}

/** Marks every entity of a kind for one system's stage 5. */
export async function markForPush(hub: Hub, system: System, kind: EntityKind): Promise<number> {
  const prefix = `${system.name}|`;
  let after: string | null = null;
  let count = 0;
  for (;;) {
    const entities = await hub.store.entities.scan(kind, after, 2_000);
    const last = entities.at(-1);
    if (!last) return count;
    await hub.store.work.mark(
      'push',
      pushKeys(hub, entities).filter((key) => key.startsWith(prefix)),
    );
    count += entities.length;
    after = last.id;
  }
}
