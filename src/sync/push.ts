/** Stage 5: the planned writes, sent in full batches; each gets its own outcome. */
import { type Entity, type EntityKind, entityKinds } from '../canonical/model.ts';
import { Fault } from '../connector/fault.ts';
import { writesOn } from '../settings/schema.ts';
import type { Claim } from '../store/contract.ts';
import { brake } from './brake.ts';
import { freshen, readyToCreate } from './fresh.ts';
import { heldBack } from './holds.ts';
import { type Hub, leaseMs, type System } from './hub.ts';
import { type Fate, send } from './outcomes.ts';
import { overtaken } from './overtaken.ts';
import type { Obstacle, PlannedWrite } from './plan.ts';
import { backoff } from './pull.ts';
import { planWrites, pushedKinds } from './reconcile.ts';
import { asksFirst } from './safety.ts';

export interface PushCounts {
  worked: number;
  written: number;
  failed: number;
  parked: number;
}

/** Enough for many full calls: only full calls are few calls. */
const batchLimit = 10_000;

/** A write that meets a conflict or a lock so often in a row is not going to succeed by itself. */
const attemptLimit = 6;

/** Keys of stage 5: `<connection>|<kind>|<entity id>`, for every system that writes that kind. */
export function pushKeys(
  hub: Hub,
  entities: readonly { readonly id: string; readonly kind: EntityKind }[],
): string[] {
  return [...hub.systems.values()].flatMap((system) => {
    const kinds = pushedKinds(system);
    return entities.flatMap(({ id, kind }) => (kinds.has(kind) ? [`${system.name}|${kind}|${id}`] : []));
  });
}

export interface PushOptions {
  /** What the writes are kept under, for undo. */
  readonly run: string;
  /** The admin has allowed what a push would otherwise ask for. */
  readonly yes: boolean;
}

/** One large batch of marked entities of each kind that the system writes, deals before their touches. */
export async function pushMarked(hub: Hub, system: System, options: PushOptions): Promise<PushCounts> {
  const counts: PushCounts = { worked: 0, written: 0, failed: 0, parked: 0 };
  const kinds = pushedKinds(system);
  for (const kind of entityKinds.filter((one) => kinds.has(one))) {
    await pushKind(hub, system, kind, options, counts);
  }
  return counts;
}

/** How long writes wait before it is looked again whether all systems have been read. */
const firstReadWaitMs = 5_000;

/** All marks are looked at again in a while. */
export async function postponePushes(hub: Hub): Promise<void> {
  const { work } = hub.store;
  for (;;) {
    const claims = await work.claim('push', batchLimit, leaseMs);
    if (claims.length === 0) return;
    await work.retry(claims, hub.clock.now() + firstReadWaitMs);
  }
}

/** Kind by kind, for a batch of mixed kinds would be cut into calls that are not full. */
async function pushKind(
  hub: Hub,
  system: System,
  kind: EntityKind,
  options: PushOptions,
  counts: PushCounts,
): Promise<void> {
  const claims = await hub.store.work.claim('push', batchLimit, leaseMs * 5, `${system.name}|${kind}|`);
  if (claims.length === 0) return;
  try {
    const entities = await claimedEntities(hub, claims);
    const fates = await pushEntities(hub, system, entities, options, counts);
    await settle(hub, claims, fates, counts);
  } catch (error) {
    if (!(error instanceof Fault)) {
      // Cancelled, or a bug: nobody should have to wait for the lease to end.
      await hub.store.work.release(claims);
      throw error;
    }
    // An outage leaves the marks for later.
    await hub.store.work.retry(claims, hub.clock.now() + backoff(error, claims[0]?.attempts ?? 0));
    if (error.kind === 'unauthorized') throw error;
    hub.log.warn({ connection: system.name, fault: error.kind, code: error.code }, error.message);
  }
}

/** Entities that are gone (merged away, touches that ended) stand as withdrawn, so that their records can follow. */
async function claimedEntities(hub: Hub, claims: readonly Claim[]): Promise<Entity[]> {
  const present = new Map(
    (await hub.store.entities.get(claims.map(entityOf))).map((entity) => [entity.id, entity]),
  );
  return claims.map((claim) => present.get(entityOf(claim)) ?? goneEntity(claim));
}

function goneEntity(claim: Claim): Entity {
  const kind = claim.key.split('|')[1] as EntityKind;
  return { id: entityOf(claim), kind, fields: {}, provenance: {}, members: [], withdrawn: true };
}

function entityOf(claim: Claim): string {
  return claim.key.slice(claim.key.lastIndexOf('|') + 1);
}

/** Plans and sends. Returns what becomes of each entity that is not simply done. */
async function pushEntities(
  hub: Hub,
  system: System,
  entities: readonly Entity[],
  { run, yes }: PushOptions,
  counts: PushCounts,
): Promise<Map<string, Fate>> {
  const fates = new Map<string, Fate>();
  const plan = await planWrites(hub, system, entities);
  const isOn = (object: string) => writesOn(system.settings, object);
  for (const obstacle of plan.obstacles)
    if (isOn(obstacle.object) && obstacle.code !== 'WAITS_FOR_REFERENCE') park(fates, obstacle);

  const sieves: Sieve[] = [
    (writes) => heldBack(hub, system, writes),
    (writes) => brake(hub, system, writes),
    (writes) => (yes ? Promise.resolve(new Map()) : asksFirst(hub, system, writes, entities)),
    (writes) => readyToCreate(hub, system, writes),
    async (writes) => {
      await freshen(hub, system, writes);
      return overtaken(hub, system, writes);
    },
  ];
  let writes = plan.writes.filter(({ object }) => isOn(object.object));
  for (const sieve of sieves) {
    const stopped = await sieve(writes);
    for (const [write, fate] of stopped) fates.set(write.entity.id, fate);
    writes = writes.filter((write) => !stopped.has(write));
  }
  const sent = await send(hub, system, writes, run);
  counts.written += sent.written;
  counts.failed += sent.fates.size;
  for (const [id, fate] of sent.fates) fates.set(id, fate);
  return fates;
}

/** Takes out the writes that must not go now, each with what becomes of it. */
type Sieve = (writes: readonly PlannedWrite[]) => Promise<ReadonlyMap<PlannedWrite, Fate>>;

function park(fates: Map<string, Fate>, { entity, object, code, message, field }: Obstacle): void {
  const reason = {
    code,
    message,
    record: `${object} of ${entity.kind} ${entity.id}`,
    ...(field ? { field } : {}),
  };
  fates.set(entity.id, { kind: 'park', reason });
}

async function settle(
  hub: Hub,
  claims: readonly Claim[],
  fates: ReadonlyMap<string, Fate>,
  counts: PushCounts,
): Promise<void> {
  const { work } = hub.store;
  const settled = claims.map((claim) => ({ claim, fate: exhausted(claim, fates.get(entityOf(claim))) }));
  const groups = Map.groupBy(settled, ({ fate }) => fate?.kind ?? 'done');
  const claimsOf = (kind: Fate['kind'] | 'done') => (groups.get(kind) ?? []).map(({ claim }) => claim);
  await work.done(claimsOf('done'));
  await work.release(claimsOf('again'));
  for (const { claim, fate } of settled) {
    if (fate?.kind === 'later') await work.retry([claim], hub.clock.now() + fate.wait(claim.attempts));
    if (fate?.kind === 'park') await work.park(claim, fate.reason);
  }
  counts.parked += claimsOf('park').length;
  counts.worked += claims.length - claimsOf('later').length;
}

/** What was tried again often enough is left to a person, in the vendor's words. */
function exhausted(claim: Claim, fate: Fate | undefined): Fate | undefined {
  if (fate?.kind !== 'later' || !fate.reason || claim.attempts < attemptLimit) return fate;
  return { kind: 'park', reason: fate.reason };
}
