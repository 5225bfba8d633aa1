/** Stage 1: pages into landing, each with its checkpoint and the marks that follow from it, in one transaction. */

import { setImmediate as turn } from 'node:timers/promises';
import type { RecordRef } from '../../canonical/model.ts';
import { parseRef } from '../../canonical/names.ts';
import type { Stream } from '../../connector/contract/reading.ts';
import { Fault } from '../../connector/fault.ts';
import type { Claim } from '../../store/contract/work.ts';
import { iso } from '../../support/clock.ts';
import { claimWork, mayRead } from '../editions.ts';
import { type Hub, leaseMs, pulledObjects, type System } from '../hub.ts';
import { noteSkew } from './clock-skew.ts';
import { pulledDelivery } from './inbox.ts';
import { land, pullOptions, readNow } from './landing.ts';
import { learnCurrency } from './own-currency.ts';
import { notePulled } from './pulled-at.ts';
import { forgetRefusal, isRefusal, noteRefusal } from './refusals.ts';
import { Seen, sweep } from './sweep.ts';
import { noteUnread, withLastKnown } from './unread-fields.ts';

export interface PullCounts {
  /** Records that the vendor handed over, repeats included. */
  received: number;
  /** Records that were news. */
  changed: number;
  pages: number;
  /** Records that no longer came in a full reading, and are withdrawn. */
  gone: number;
}

export interface PullScope {
  /** From the beginning, whatever the checkpoint says. */
  readonly full?: boolean;
  /** Only these streams. */
  readonly objects?: readonly string[];
  /** The admin allows a full reading to withdraw however many records did not come. */
  readonly yes?: boolean;
}

const nothing: Readonly<PullCounts> = { received: 0, changed: 0, pages: 0, gone: 0 };

/** So many streams without an answer, one after the other, and the system is taken to be down. */
const mostUnanswered = 2;

/**
 * Pulls a system's streams, one after the other: dependencies first, as the connector lists them. One that is
 * refused or fails stops none of the others; what went wrong first is thrown in the end.
 */
export async function pullSystem(hub: Hub, system: System, scope: PullScope = {}): Promise<PullCounts> {
  const total = { ...nothing };
  const faults: Fault[] = [];
  for (const object of scope.objects ?? pulledObjects(system)) {
    try {
      add(total, await pullStream(hub, system, object, scope));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faults.push(error);
      if (concernsAll(faults)) break;
    }
  }
  const [first] = faults;
  if (first) throw first;
  return total;
}

/** Signing in and allowances are the whole system's matter; so are answers that fail to come one after the other. */
function concernsAll(faults: readonly Fault[]): boolean {
  const [last] = faults.slice(-1);
  if (last?.kind === 'unauthorized' || last?.kind === 'throttled') return true;
  return faults.filter(({ kind }) => kind === 'unavailable').length >= mostUnanswered;
}

function add(total: PullCounts, counts: PullCounts): void {
  for (const name of ['received', 'changed', 'pages', 'gone'] as const) total[name] += counts[name];
}

/**
 * Catches up with one stream. Held by one worker at a time; a second caller gets nothing to do. A stream that the
 * vendor does not let be read is noted as such, and is no fault.
 */
export async function pullStream(
  hub: Hub,
  system: System,
  object: string,
  scope: PullScope = {},
): Promise<PullCounts> {
  return (await pullIfFree(hub, system, object, scope)) ?? { ...nothing };
}

/** Null when somebody else pulls it right now. */
async function pullIfFree(
  hub: Hub,
  system: System,
  object: string,
  scope: PullScope,
): Promise<PullCounts | null> {
  const counts = { ...nothing };
  const stream = system.connector.streams?.[object];
  if (!stream || !(await mayRead(hub, system.name, object))) return counts;
  const name = `pull:${system.name}:${object}`;
  const isFree = await hub.store.connections.leased(name, leaseMs, async (lease) => {
    await learnCurrency(hub, system);
    try {
      await read(hub, { system, object, stream, scope, lease }, counts);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await noteRefusal(hub, system, object, error);
      if (error.kind !== 'absent') throw error;
    }
  });
  if (!isFree) await sayWhoReads(hub, system, object, name);
  await noteSkew(hub, system);
  return isFree ? counts : null;
}

interface Reading {
  readonly system: System;
  readonly object: string;
  readonly stream: Stream;
  readonly scope: PullScope;
  readonly lease: AbortSignal;
}

/** From the checkpoint, or from the beginning, to the end. */
async function read(hub: Hub, reading: Reading, counts: PullCounts): Promise<void> {
  const { system, object, stream, scope, lease } = reading;
  const began = hub.clock.now();
  const checkpoint = scope.full ? null : await hub.store.connections.checkpoint(system.name, object);
  const seen = scope.full && stream.complete ? new Seen() : null;
  const pages = stream.pull(system.context, checkpoint, pullOptions(system, object));
  let isRefused = true;
  for await (const page of oneAhead(pages)) {
    lease.throwIfAborted();
    // A page read for an older mapping lacks the newer one's fields, and its checkpoint would pass over them.
    if (!(await mayRead(hub, system.name, object))) return;
    if (isRefused) await forgetRefusal(hub, system, object);
    isRefused = false;
    await noteUnread(hub, system, object, page.records);
    const records = readNow(system, stream, await withLastKnown(hub, system, object, page.records));
    const deliveries = (page.unreadable ?? []).map((one) => pulledDelivery(hub, system.name, object, one));
    const changed = await land(hub, system.name, records, {
      ...{ object, checkpoint: page.checkpoint },
      ...(deliveries.length > 0 ? { deliveries } : {}),
    });
    seen?.add(records);
    counts.received += records.length;
    counts.changed += changed.length;
    counts.pages += 1;
  }
  if (isRefused) await forgetRefusal(hub, system, object);
  await notePulled(hub, system.name, object, began);
  if (seen) counts.gone = await sweep(hub, system, { object, stream, seen, yes: scope.yes ?? false });
}

async function sayWhoReads(hub: Hub, system: System, object: string, lease: string): Promise<void> {
  const held = await hub.store.connections.leaseHolder(lease);
  if (!held) return;
  const until = held.until === null ? '' : ` until ${iso(held.until)}, or longer while it works`;
  hub.log.warn({ connection: system.name, object }, `left to ${held.by}, which reads it${until}`);
}

/** Asks for the next page while the present one is being stored: the vendor works while the database does. */
async function* oneAhead<T>(pages: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = pages.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = pages.next();
      // Its failure is heard when its turn comes.
      next.catch(() => undefined);
      // The embedded database works in place. Without a turn of the event loop the request would leave after it.
      await turn();
      yield value;
    }
  } finally {
    await pages.return(undefined);
  }
}

/** Re-reads records by id and lands them. Returns the refs that were news. */
export async function fetchRecords(
  hub: Hub,
  system: System,
  object: string,
  ids: readonly string[],
): Promise<RecordRef[]> {
  const stream = system.connector.streams?.[object];
  if (!stream?.fetch || ids.length === 0) return [];
  const records = await stream.fetch(system.context, ids, pullOptions(system, object));
  const known = await withLastKnown(hub, system, object, records);
  return land(hub, system.name, readNow(system, stream, known));
}

/** Re-reads what webhooks and conflicts named, batched by object. Returns how many marks it worked on. */
export async function fetchMarked(hub: Hub, limit = 1_000): Promise<number> {
  const claims = await claimWork(hub, 'fetch', limit, leaseMs);
  const groups = Map.groupBy(claims, ({ key }) => {
    const { connection, object } = parseRef(key);
    return `${connection}|${object}`;
  });
  for (const group of groups.values()) await fetchGroup(hub, group);
  return claims.length;
}

/** One connection and object. An outage leaves the marks for later; a stranger's mark is done with a word. */
async function fetchGroup(hub: Hub, claims: readonly Claim[]): Promise<void> {
  const refs = claims.map((claim) => parseRef(claim.key));
  const { connection = '', object = '' } = refs[0] ?? {};
  const system = hub.systems.get(connection);
  try {
    const isDone = system
      ? await readNamed(
          hub,
          system,
          object,
          refs.map(({ id }) => id),
        )
      : true;
    if (!system)
      hub.log.warn({ connection, object }, 'a change was named for a connection that is not configured');
    if (isDone) await hub.store.work.done(claims);
    else await hub.store.work.retry(claims, hub.clock.now() + otherPullWaitMs);
  } catch (error) {
    if (!(error instanceof Fault)) {
      await hub.store.work.release(claims);
      throw error;
    }
    // What may not be read now is read by the pull that finds it readable again.
    if (error.kind === 'absent') return hub.store.work.done(claims);
    await hub.store.work.retry(claims, hub.clock.now() + backoff(error, claims[0]?.attempts ?? 0));
    hub.log.warn({ connection, object, fault: error.kind, code: error.code }, error.message);
  }
}

/** How long a named change waits for a pull that somebody else makes, and that may have passed it. */
const otherPullWaitMs = 5_000;

/** Reads what was named: by id, else by a pull of the stream. False when that has to wait for another pull. */
async function readNamed(hub: Hub, system: System, object: string, ids: readonly string[]): Promise<boolean> {
  const stream = system.connector.streams?.[object];
  if (!stream || !(object in system.mapping.objects)) {
    sayUnmapped(hub, system, object);
    return true;
  }
  if (!stream.fetch) return (await pullIfFree(hub, system, object, {})) !== null;
  await fetchRecords(hub, system, object, ids);
  return true;
}

const saidUnmapped = new WeakMap<System, Set<string>>();

function sayUnmapped(hub: Hub, system: System, object: string): void {
  const said = saidUnmapped.get(system) ?? new Set();
  saidUnmapped.set(system, said);
  if (said.has(object)) return;
  said.add(object);
  hub.log.debug(
    { connection: system.name, object },
    `changes of ${object} are named, which the mapping of ${system.name} does not read`,
  );
}

/** How long to leave work alone after a fault: as the vendor says, else doubling from a second to a minute. */
export function backoff(fault: Fault, attempts: number): number {
  return fault.retryAfterMs ?? Math.min(60_000, 1_000 * 2 ** attempts);
}
