/** What keeps a connection from being read whole, object by object, each with what to do. */

import { type Hub, pulledObjects, type System } from '../sync/hub.ts';
import { unreadableTexts } from '../sync/normalize/unreadable.ts';
import { refusalOf, refusedParts, refusedText } from '../sync/pull/refusals.ts';
import { restsOf, restText, waitText } from '../sync/pull/rests.ts';
import { doubtOf, doubtText } from '../sync/pull/sweep.ts';
import { unreadOf, unreadText } from '../sync/pull/unread-fields.ts';

export interface Trouble {
  readonly object: string;
  readonly message: string;
}

/** As the last readings found it. */
export async function troublesOf(hub: Pick<Hub, 'store'>, system: System): Promise<Trouble[]> {
  const troubles: Trouble[] = [];
  const rests = await restsOf(hub, system.name);
  for (const object of pulledObjects(system)) {
    const refusal = await refusalOf(hub, system.name, object);
    if (refusal)
      troubles.push({ object, message: `${refusal.message} (since ${refusal.since.slice(0, 10)})` });
    const refused = await refusedParts(hub, system.name, object);
    if (refused.size > 0) troubles.push({ object, message: refusedText(refused) });
    const resting = rests.get(object) ?? [];
    if (resting.length > 0) troubles.push({ object, message: restText(object, resting) });
    const fields = await unreadOf(hub, system.name, object);
    if (fields.length > 0) troubles.push({ object, message: unreadText(object, fields) });
    for (const message of await unreadableTexts(hub, system.name, object)) troubles.push({ object, message });
    const doubt = await doubtOf(hub, system.name, object);
    if (doubt) troubles.push({ object, message: doubtText(system.name, object, doubt) });
  }
  return [...troubles, ...(await importsOf(hub, system))];
}

/** Writes that the vendor has taken and not decided, by what they wait for. */
async function importsOf({ store }: Pick<Hub, 'store'>, { name }: System): Promise<Trouble[]> {
  const jobs = await store.pushJobs.running(name);
  const groups = Map.groupBy(jobs, ({ object, waitsFor }) => `${object}|${waitsFor}`);
  return [...groups.values()].flatMap(([oldest]) =>
    oldest ? [{ object: oldest.object, message: waitText(`writing ${oldest.object}`, oldest) }] : [],
  );
}
