/**
 * Nothing is written anywhere before everything has been read once. A person who is not found may be in the CRM
 * that has not been heard yet, and a deal's credit may lack half of its touches.
 */
import { type Hub, pulledObjects } from './hub.ts';
import { pulledAt } from './pull.ts';

/** Reading is never undone, so a hub that has heard all asks the store no more. */
const complete = new WeakSet<Hub>();

/** Connections of which some object has never been read to its end. */
export async function neverRead(hub: Hub): Promise<string[]> {
  if (complete.has(hub)) return [];
  const unread: string[] = [];
  for (const system of hub.systems.values()) {
    for (const object of pulledObjects(system)) {
      if ((await pulledAt(hub, system.name, object)) !== null) continue;
      unread.push(system.name);
      break;
    }
  }
  if (unread.length === 0) complete.add(hub);
  return unread;
}
