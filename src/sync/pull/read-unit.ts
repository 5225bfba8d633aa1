/** One stream, or one part of it: from its checkpoint, or from the beginning, to its end. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Pages, Stream } from '../../connector/contract/reading.ts';
import { iso } from '../../support/clock.ts';
import { mayRead } from '../editions.ts';
import { type Hub, leaseMs, type System } from '../hub.ts';
import { pulledDelivery } from './inbox.ts';
import { land, pullOptions, readNow } from './landing.ts';
import { forgetRefusal, isRefusal, noteRefusal } from './refusals.ts';
import { forgetRest, noteRest, restOf } from './rests.ts';
import type { Seen } from './sweep.ts';
import { type Unit, unitKey } from './unit.ts';
import { noteUnread, withLastKnown } from './unread-fields.ts';

/** What the units of one stream have in common in one pull. */
export interface Job {
  readonly system: System;
  readonly object: string;
  readonly stream: Stream;
  /** From the beginning, whatever the checkpoints say. */
  readonly full: boolean;
  /** What a reading of everything has brought; null where nobody will ask. */
  readonly seen: Seen | null;
  /** Added to with every page that has landed. */
  readonly counts: { received: number; changed: number; pages: number };
}

/**
 * `read`: to its end. `resumed`: the same, of a reading of everything that had to be taken up from a checkpoint.
 * `rests`: the vendor keeps it waiting. `absent`: it may not be read. `held`: somebody else reads it. `left`: its
 * mapping is a newer one than this process has.
 */
export type End = 'read' | 'resumed' | 'rests' | 'absent' | 'held' | 'left';

/** `then` is done before anybody else may read the unit. */
export async function pullUnit(
  hub: Hub,
  job: Job,
  unit: Unit,
  then: (end: End) => Promise<void> = async () => undefined,
): Promise<End> {
  let end: End = 'held';
  const name = `pull:${unit.connection}:${unitKey(unit)}`;
  await hub.store.connections.leased(name, leaseMs, async (lease) => {
    try {
      end = await read(hub, job, unit, lease);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await noteRefusal(hub, unit, error);
      if (error.kind !== 'absent') throw error;
      end = 'absent';
    }
    await then(end);
  });
  if (end === 'held') await sayWhoReads(hub, unit, name);
  return end;
}

async function read(hub: Hub, job: Job, unit: Unit, lease: AbortSignal): Promise<End> {
  const { system, stream, counts, seen } = job;
  const { connection, object, part } = unit;
  const key = unitKey(unit);
  const resting = await restOf(hub, unit);
  const resumes = !job.full && resting?.full === true;
  const checkpoint = job.full ? null : await hub.store.connections.checkpoint(connection, key);
  const options = { ...pullOptions(system, object), ...(part !== undefined && { part }) };
  const pages = oneAhead(stream.pull(system.context, checkpoint, options));
  let isRefused = true;
  try {
    let next = await pages.next();
    for (; !next.done; next = await pages.next()) {
      lease.throwIfAborted();
      // A page read for an older mapping lacks the newer one's fields, and its checkpoint would pass over them.
      if (!(await mayRead(hub, connection, object))) return 'left';
      if (isRefused) await forgetRefusal(hub, unit);
      isRefused = false;
      await noteUnread(hub, system, object, next.value.records);
      const records = readNow(system, stream, await withLastKnown(hub, system, object, next.value.records));
      const deliveries = (next.value.unreadable ?? []).map((one) =>
        pulledDelivery(hub, connection, object, one),
      );
      const changed = await land(hub, connection, records, {
        ...{ stream: key, checkpoint: next.value.checkpoint },
        ...(deliveries.length > 0 ? { deliveries } : {}),
      });
      seen?.add(records.map(({ id }) => id));
      counts.received += records.length;
      counts.changed += changed.length;
      counts.pages += 1;
    }
    if (isRefused) await forgetRefusal(hub, unit);
    if (next.value) {
      await noteRest(hub, unit, next.value, job.full || resumes);
      return 'rests';
    }
  } finally {
    await pages.return(undefined);
  }
  if (resting) await forgetRest(hub, unit);
  return resumes ? 'resumed' : 'read';
}

async function sayWhoReads(hub: Hub, { connection, object, part }: Unit, lease: string): Promise<void> {
  const held = await hub.store.connections.leaseHolder(lease);
  if (!held) return;
  const until = held.until === null ? '' : ` until ${iso(held.until)}, or longer while it works`;
  hub.log.warn(
    { connection, object, ...(part !== undefined && { part }) },
    `left to ${held.by}, which reads it${until}`,
  );
}

/** Asks for the next page while the present one is being stored: the vendor works while the database does. */
async function* oneAhead(pages: Pages): Pages {
  let next = pages.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return value;
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
