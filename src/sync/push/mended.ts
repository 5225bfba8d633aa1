/** What was refused, or held for what the CRM says of its fields, goes again once the CRM says something else. */
import { parseRef } from '../../canonical/names.ts';
import type { Refusal } from '../../store/contract/refusals.ts';
import type { Stage } from '../../store/contract/work.ts';
import type { Hub, System } from '../hub.ts';
import { describeStale, descriptionOf, forgetDescriptions, printOf } from './plan/described.ts';
import { misfitCodes } from './plan/misfit.ts';
import { tryRefused } from './try-refused.ts';

const lookEveryMs = 3_600_000;

/** When this process last looked whether anything is held; the day's describe itself is counted in the store. */
const looked = new WeakMap<System, number>();

/** Objects about which nobody asked for a day are asked about; true when anything was learned. */
export async function describeWritten(hub: Hub, system: System, objects: Iterable<string>): Promise<boolean> {
  const changed = await describeStale(hub, system, objects);
  if (changed.size > 0) await markMended(hub, system, changed);
  return changed.size > 0;
}

/** Where values are held, or whole records were refused, the CRM is asked once a day whether it would take them now. */
export async function lookAgain(hub: Hub, system: System): Promise<void> {
  const now = hub.clock.now();
  if (now - (looked.get(system) ?? Number.NEGATIVE_INFINITY) < lookEveryMs) return;
  looked.set(system, now);
  const refusals = await hub.store.refusals.under(`${system.name}|`);
  const objects = new Set(refusals.map(({ ref }) => parseRef(ref).object));
  for (const { reason } of await held(hub, system)) objects.add(objectIn(reason.record));
  objects.delete('');
  await describeWritten(hub, system, objects);
  await tryRefused(hub, system);
}

/** A person says that it is mended: all is tried again, whatever is known of the fields. Returns how many. */
export async function retryParked(
  hub: Hub,
  filter: { stage?: Stage; key?: string; prefix?: string },
): Promise<number> {
  const { stage = 'push' } = filter;
  for (const system of stage === 'push' ? hub.systems.values() : []) {
    const own = `${system.name}|`;
    const parked = await hub.store.work.parked({ stage: 'push', prefix: filter.prefix ?? own });
    const isOwn = ({ key }: { key: string }) => key.startsWith(own) && key === (filter.key ?? key);
    if (parked.some(isOwn)) await forgetDescriptions(hub.store, system);
  }
  return hub.store.work.unpark(filter);
}

/** Objects or fields were created, or permissions given: whatever waits may go now. What waits for a word asks again. */
export async function fieldsProvisioned(hub: Hub, system: System): Promise<void> {
  await forgetDescriptions(hub.store, system);
  await hub.store.work.unpark({ stage: 'push', prefix: `${system.name}|` });
}

async function markMended(hub: Hub, system: System, objects: ReadonlySet<string>): Promise<void> {
  const refusals = await hub.store.refusals.under(`${system.name}|`);
  const mended: Refusal[] = [];
  for (const [object, group] of Map.groupBy(refusals, ({ ref }) => parseRef(ref).object)) {
    if (!objects.has(object)) continue;
    const description = await descriptionOf(hub.store, system, object);
    mended.push(...group.filter(({ field, described }) => described !== printOf(description, field)));
  }
  const parked = await held(hub, system);
  const keys = [...mended.map(({ key }) => key), ...parked.map(({ key }) => key)];
  await hub.store.work.mark('push', keys);
}

/** Parked for what the CRM says of a field. */
async function held({ store }: Hub, { name }: System) {
  const parked = await store.work.parked({ stage: 'push', prefix: `${name}|` });
  return parked.filter(({ reason }) => misfitCodes.has(reason.code));
}

/** `<connection> <object> …`, as parked work names its record. */
function objectIn(record = ''): string {
  return record.split(' ')[1] ?? '';
}
