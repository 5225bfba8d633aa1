/**
 * Nobody tells the hub of a permission that was given by hand. Of writes that a CRM refused in the same words, one goes
 * again when none of them was sent for a day; when it is taken, the others go, too.
 */
import type { ParkedWork } from '../../store/contract/work.ts';
import type { Hub, System } from '../hub.ts';

const dayMs = 86_400_000;
/** Groups that are tried at one time; words that name each record make groups of one. */
const most = 20;

/** What is being tried, until it is known how that ended. */
const trying = new WeakMap<System, readonly (readonly string[])[]>();

/** Marks one of each group. */
export async function tryRefused(hub: Hub, system: System): Promise<void> {
  const latest = hub.clock.now() - dayMs;
  const groups = Map.groupBy(await refused(hub, system), wordsOf)
    .values()
    .filter((group) => group.every(({ at }) => at <= latest))
    .map((group) => group.map(({ key }) => key))
    .take(most)
    .toArray();
  if (groups.length === 0) return;
  trying.set(system, groups);
  await hub.store.work.mark(
    'push',
    groups.flatMap(([first]) => first ?? []),
  );
}

/** Marks the others of groups whose one has gone; one that is refused again waits another day with them. */
export async function followTried(hub: Hub, system: System): Promise<void> {
  const groups = trying.get(system);
  if (!groups) return;
  trying.delete(system);
  const keys = groups.flatMap(([first]) => first ?? []);
  const parked = new Set((await refused(hub, system)).map(({ key }) => key));
  const unfinished = await hub.store.work.dirty('push', keys);
  const gone = ([first = '']: readonly string[]) => !parked.has(first) && !unfinished.has(first);
  const freed = groups.filter(gone).flatMap((group) => group.slice(1));
  await hub.store.work.mark(
    'push',
    freed.filter((key) => parked.has(key)),
  );
}

async function refused({ store }: Hub, { name }: System): Promise<ParkedWork[]> {
  const parked = await store.work.parked({ stage: 'push', prefix: `${name}|` });
  return parked.filter(({ reason }) => reason.refusedBy !== undefined);
}

function wordsOf({ reason: { refusedBy, code, message } }: ParkedWork): string {
  return [refusedBy, code, message].join('|');
}
