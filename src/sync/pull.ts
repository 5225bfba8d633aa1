/** Stage 1: pages into landing, each with its checkpoint and the marks that follow from it, in one transaction. */

import { setImmediate as turn } from 'node:timers/promises';
import { parseRef, type RecordRef, refText } from '../canonical/model.ts';
import type { Checkpoint, PullOptions, VendorRecord } from '../connector/contract.ts';
import { Fault } from '../connector/fault.ts';
import type { Claim } from '../store/contract.ts';
import { type Hub, leaseMs, pulledObjects, type System } from './hub.ts';

export interface PullCounts {
  /** Records that the vendor handed over, repeats included. */
  received: number;
  /** Records that were news. */
  changed: number;
  pages: number;
}

export interface PullScope {
  /** From the beginning, whatever the checkpoint says. */
  readonly full?: boolean;
  /** Only these streams. */
  readonly objects?: readonly string[];
}

/** Pulls a system's streams, one after the other: dependencies first, as the connector lists them. */
export async function pullSystem(hub: Hub, system: System, scope: PullScope = {}): Promise<PullCounts> {
  const total: PullCounts = { received: 0, changed: 0, pages: 0 };
  for (const object of scope.objects ?? pulledObjects(system)) {
    const counts = await pullStream(hub, system, object, scope);
    total.received += counts.received;
    total.changed += counts.changed;
    total.pages += counts.pages;
  }
  return total;
}

/** Catches up with one stream. Held by one worker at a time; a second caller gets nothing to do. */
export async function pullStream(
  hub: Hub,
  system: System,
  object: string,
  scope: PullScope = {},
): Promise<PullCounts> {
  const counts: PullCounts = { received: 0, changed: 0, pages: 0 };
  const stream = system.connector.streams?.[object];
  if (!stream) return counts;
  await hub.store.connections.leased(`pull:${system.name}:${object}`, leaseMs, async (lease) => {
    const began = hub.clock.now();
    const checkpoint = scope.full ? null : await hub.store.connections.checkpoint(system.name, object);
    const pages = stream.pull(system.context, checkpoint, pullOptions(system, object));
    for await (const page of oneAhead(pages)) {
      lease.throwIfAborted();
      const changed = await land(hub, system.name, page.records, { object, checkpoint: page.checkpoint });
      counts.received += page.records.length;
      counts.changed += changed.length;
      counts.pages += 1;
    }
    await notePulled(hub, system.name, object, began);
  });
  return counts;
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

/** The stream has been read up to this moment, ms; null when it never has been read to its end. */
export async function pulledAt(hub: Hub, connection: string, object: string): Promise<number | null> {
  const at = await hub.store.connections.state(pulledAtKey(connection, object));
  return typeof at === 'number' ? at : null;
}

/** Notes that the stream has been read up to `at`, ms. */
export async function notePulled(hub: Hub, connection: string, object: string, at: number): Promise<void> {
  await hub.store.connections.saveState(pulledAtKey(connection, object), at);
}

function pulledAtKey(connection: string, object: string): string {
  return `pulled:${connection}:${object}`;
}

/**
 * Stores records as they came and marks what follows. With a checkpoint, that too, in the same transaction:
 * a kill repeats one page at most. Returns the refs that were news.
 */
export async function land(
  hub: Hub,
  connection: string,
  records: readonly VendorRecord[],
  page?: { object: string; checkpoint: Checkpoint },
): Promise<RecordRef[]> {
  return hub.store.transaction(async (store) => {
    const changed = records.length === 0 ? [] : await store.landing.put(connection, records);
    if (changed.length > 0) await store.work.mark('normalize', changed.map(refText));
    if (page) await store.connections.saveCheckpoint(connection, page.object, page.checkpoint);
    return changed;
  });
}

/** What the mapping needs beyond the stream's own list; change times only where a rule decides by them. */
export function pullOptions(system: System, object: string): PullOptions {
  const mapping = system.mapping.objects[object];
  const twoWay = mapping?.fields.filter((field) => field.pulls && field.pushes) ?? [];
  return {
    fields: mapping?.vendorFields ?? [],
    history: twoWay.map((field) => field.vendor),
    past: mapping?.histories ?? [],
  };
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
  return land(hub, system.name, records);
}

/** Re-reads what webhooks and conflicts named, batched by object. Returns how many marks it worked on. */
export async function fetchMarked(hub: Hub, limit = 1_000): Promise<number> {
  const claims = await hub.store.work.claim('fetch', limit, leaseMs);
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
    if (system)
      await fetchRecords(
        hub,
        system,
        object,
        refs.map((ref) => ref.id),
      );
    else hub.log.warn({ connection, object }, 'a change was named for a connection that is not configured');
    await hub.store.work.done(claims);
  } catch (error) {
    if (!(error instanceof Fault)) {
      await hub.store.work.release(claims);
      throw error;
    }
    await hub.store.work.retry(claims, hub.clock.now() + backoff(error, claims[0]?.attempts ?? 0));
    hub.log.warn({ connection, object, fault: error.kind, code: error.code }, error.message);
  }
}

/** How long to leave work alone after a fault: as the vendor says, else doubling from a second to a minute. */
export function backoff(fault: Fault, attempts: number): number {
  return fault.retryAfterMs ?? Math.min(60_000, 1_000 * 2 ** attempts);
}
