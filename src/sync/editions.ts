/**
 * An edit is never lost, and no process finishes work that is meant for a newer version than its own: what a process
 * has read is put in force when it starts to work, and it claims work only while that is still so.
 */
import type { OwnEdition } from '../store/contract/editions.ts';
import type { Store } from '../store/contract/store.ts';
import type { Claim, Narrow, Stage } from '../store/contract/work.ts';
import { iso } from '../support/clock.ts';
import type { Hub } from './hub.ts';
import { markForAttribute, markForNormalize, markForPush, markForResolve } from './marking.ts';
import { editionsOf, names, noVersion, ownEditions } from './own-editions.ts';
import { pushedKinds } from './targets.ts';

export interface AdminChange {
  readonly connection: string;
  readonly object: string;
  /** How many records or entities are looked at again. No CRM is asked. */
  readonly marked: number;
  readonly why: 'mapping' | 'writes' | 'rules' | 'models';
}

const adopting = new WeakMap<Hub, Promise<AdminChange[]>>();

/**
 * Puts in force what this process has read, once, and marks what that concerns. Every later call finds it done: a
 * process changes its mind only by reading the files again.
 */
export async function adopt(hub: Hub): Promise<AdminChange[]> {
  const begun = adopting.get(hub);
  if (begun) {
    await begun;
    return [];
  }
  const adoption = adoptAll(hub);
  adopting.set(hub, adoption);
  adoption.catch(() => adopting.delete(hub));
  return adoption;
}

async function adoptAll(hub: Hub): Promise<AdminChange[]> {
  const own = [...ownEditions(hub).values(), ...(await noLongerMapped(hub))];
  const changes: AdminChange[] = [];
  for (const { edition, outcome } of await hub.store.editions.adopt(own)) {
    if (outcome === 'older') sayNewer(hub, edition.name, edition.version, edition.since);
    else if (!edition.isMarked) {
      changes.push(...(await markFor(hub, edition.name)));
      await hub.store.editions.markedFor(edition.name, edition.version);
    }
  }
  return changes;
}

/** Objects that a mapping read once: their records say nothing any more. Connections that are gone are left alone. */
async function noLongerMapped(hub: Hub): Promise<OwnEdition[]> {
  const own = ownEditions(hub);
  const inForce = await hub.store.editions.hold(editionsOf.normalize);
  return [...inForce.keys()].flatMap((name) => {
    const system = hub.systems.get(partsOf(name).connection);
    return system && !own.has(name) ? [{ name, version: noVersion, editedAt: system.editedAt }] : [];
  });
}

async function markFor(hub: Hub, name: string): Promise<AdminChange[]> {
  const { kind, connection, object } = partsOf(name);
  if (kind === 'mapping') {
    const marked = await markForNormalize(hub, connection, object);
    return [{ connection, object, marked, why: 'mapping' }];
  }
  if (name === names.fold)
    return [{ connection: 'identity', object: 'all', marked: await markForResolve(hub), why: 'rules' }];
  if (name === names.credit)
    return [
      { connection: 'attribution', object: 'Deal', marked: await markForAttribute(hub), why: 'models' },
    ];
  const system = hub.systems.get(connection);
  const changes: AdminChange[] = [];
  for (const one of system ? pushedKinds(system) : [])
    changes.push({
      ...{ connection, object: one, why: 'writes' as const },
      marked: system ? await markForPush(hub, system, one) : 0,
    });
  // Whatever held them may be written no more.
  const held = await hub.store.heldRows.under(`${connection}|`);
  await hub.store.heldRows.release(held.map(({ key }) => key));
  return changes;
}

/** `mapping:hubspot:contacts`; an object's name may hold a colon. */
function partsOf(name: string) {
  const [kind = '', connection = '', ...object] = name.split(':');
  return { kind, connection, object: object.join(':') };
}

// ------------------------------------------------------------------------------------------- claiming

/** Connections to whose news a claim is narrowed; the empty text stands for what none has caused. */
export type Causes = Narrow['causes'];

/** Claims work of a stage, but for what is meant for a newer version than this process has read. */
export async function claimWork(
  hub: Hub,
  stage: Stage,
  limit: number,
  leaseMs: number,
  narrow: Pick<Narrow, 'prefix' | 'causes'> = {},
): Promise<Claim[]> {
  await adopt(hub);
  // In one transaction: an edition that changes now marks after it, and such a mark outlives the claim.
  const claims = await hub.store.transaction(async (store) => {
    const left = await newerThanOwn(hub, store, stage);
    if (left.includes('')) return [];
    return store.work.claim(stage, limit, leaseMs, { ...narrow, without: left });
  });
  await noteLeft(hub);
  return claims;
}

/**
 * Inside the transaction that finishes claims: those that are still for this process. The others are given back. What
 * is in force stays so until the transaction ends, so a process that adopts a newer version sees all that was computed before.
 */
export async function stillOwn(
  hub: Hub,
  store: Store,
  stage: Stage,
  claims: readonly Claim[],
): Promise<readonly Claim[]> {
  const left = await newerThanOwn(hub, store, stage);
  if (left.length === 0) return claims;
  const isLeft = ({ key }: Claim) => left.some((prefix) => key.startsWith(prefix));
  await store.work.release(claims.filter(isLeft));
  return claims.filter((claim) => !isLeft(claim));
}

/** Whether this process may read this object: an older mapping would not ask for the newer one's fields. */
export async function mayRead(hub: Hub, connection: string, object: string): Promise<boolean> {
  await adopt(hub);
  const left = await newerThanOwn(hub, hub.store, 'fetch');
  return !left.includes(`${connection}|${object}|`);
}

/** Prefixes of keys that are left to others; the empty one stands for all. */
async function newerThanOwn(hub: Hub, store: Store, stage: Stage): Promise<string[]> {
  if (stage === 'inbox') return [];
  const own = ownEditions(hub);
  const left: string[] = [];
  for (const [name, version] of await store.editions.hold(editionsOf[stage])) {
    if ((own.get(name)?.version ?? noVersion) === version) continue;
    const { connection } = partsOf(name);
    // A change named for a connection that is not configured is answered with a word by who fetches.
    if (stage === 'fetch' && !hub.systems.has(connection)) continue;
    if (connection === '' || hub.systems.has(connection)) sayNewer(hub, name, version);
    left.push(prefixOf(name));
  }
  return left;
}

function prefixOf(name: string): string {
  const { kind, connection, object } = partsOf(name);
  if (kind === 'mapping') return `${connection}|${object}|`;
  return connection === '' ? '' : `${connection}|`;
}

// ------------------------------------------------------------------------------------------- what is said of it

const said = new WeakMap<Hub, Map<string, string>>();

/** Once for each version, and for `status`. */
function sayNewer(hub: Hub, name: string, version: string, since?: number): void {
  const before = said.get(hub) ?? new Map<string, string>();
  said.set(hub, before);
  if (before.get(name) === version) return;
  before.set(name, version);
  hub.log.warn(
    { edition: name, ...(since === undefined ? {} : { since: iso(since) }) },
    `another process works with a newer version of ${titleOf(name)}, so this one leaves that work to it; ` +
      'give this one the same files (save them again if they are the ones that should count)',
  );
}

const noted = new WeakMap<Hub, number>();

/** Keeps what this process leaves where `status` finds it, from whichever process that is asked. */
async function noteLeft(hub: Hub): Promise<void> {
  const left = [...(said.get(hub)?.keys() ?? [])];
  if (left.length === (noted.get(hub) ?? 0)) return;
  await hub.store.editions.leave(left);
  noted.set(hub, left.length);
}

export interface LeftBehind {
  /** `process 4711 on hub-2`. */
  readonly by: string;
  /** `the mapping of salesforce Contact` … */
  readonly leaves: readonly string[];
}

/** Processes that work with older files than others, each with what it leaves to them. */
export async function leftBehind({ store }: Pick<Hub, 'store'>): Promise<LeftBehind[]> {
  const behind = await store.editions.behind();
  return behind.map(({ by, names: left }) => ({ by, leaves: left.map(titleOf) }));
}

export function titleOf(name: string): string {
  const { kind, connection, object } = partsOf(name);
  if (kind === 'mapping') return `the mapping of ${connection} ${object}`;
  if (kind === 'writes') return `what is written to ${connection}`;
  return name === names.fold ? 'the rules of who is who and whose value counts' : 'the attribution settings';
}
