/** Stage 1, the other way in: records that a webhook, a conflict or a person named. */
import type { RecordRef } from '../../canonical/model.ts';
import { Fault } from '../../connector/fault.ts';
import type { Claim } from '../../store/contract/work.ts';
import { backoff } from '../backoff.ts';
import { claimWork } from '../editions.ts';
import { type Hub, leaseMs, type System } from '../hub.ts';
import { resumesInMs } from '../resumption.ts';
import { land, pullOptions, readNow } from './landing.ts';
import { restsOf } from './rests.ts';
import { pullIfFree } from './stream.ts';
import { type Named, namedBy } from './unit.ts';
import { withLastKnown } from './unread-fields.ts';

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
  const groups = Map.groupBy(claims, (claim) => {
    const { connection, object } = namedBy(claim.key);
    return `${connection}|${object}`;
  });
  for (const group of groups.values()) await fetchGroup(hub, group);
  return claims.length;
}

/** One connection and object. An outage leaves the marks for later; a stranger's mark is done with a word. */
async function fetchGroup(hub: Hub, claims: readonly Claim[]): Promise<void> {
  const named = claims.map(({ key }) => namedBy(key));
  const { connection = '', object = '' } = named[0] ?? {};
  const system = hub.systems.get(connection);
  try {
    const waitMs = system ? await readNamed(hub, system, object, named) : 0;
    if (!system)
      hub.log.warn({ connection, object }, 'a change was named for a connection that is not configured');
    if (waitMs === 0) await hub.store.work.done(claims);
    else await hub.store.work.retry(claims, hub.clock.now() + waitMs);
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

/** Reads what was named: by id, else by a pull of the stream. In how many ms to try again; 0 when it is read. */
async function readNamed(hub: Hub, system: System, object: string, named: readonly Named[]): Promise<number> {
  const stream = system.connector.streams?.[object];
  if (!stream || !(object in system.mapping.objects)) {
    sayUnmapped(hub, system, object);
    return 0;
  }
  const ids = named.map(({ id }) => id).filter((id) => id !== '');
  if (stream.fetch) await fetchRecords(hub, system, object, ids);
  const pulls = stream.fetch ? named.filter(({ id }) => id === '') : named;
  if (pulls.length === 0) return 0;
  const parts = new Set(pulls.map(({ part }) => part));
  const some =
    stream.parts && !parts.has(undefined) ? { parts: [...parts].flatMap((part) => part ?? []) } : {};
  const isRead = (await pullIfFree(hub, system, object, { scheduled: true, ...some })) !== null;
  // What is being exported may be older than the change.
  const rests = (await restsOf(hub, system.name)).get(object) ?? [];
  if (rests.length > 0) return Math.max(1, ...rests.map((one) => resumesInMs(hub, one)));
  return isRead ? 0 : otherPullWaitMs;
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
