/**
 * What is written waits until everything that it needs has been read once. A person who is not found may be in
 * the CRM that has not been heard yet, and a deal's credit may lack the people to whom its touches belong. A
 * stream of touches alone is waited for by nobody; neither is one that the vendor refuses.
 */
import type { EntityKind } from '../../canonical/model.ts';
import { type Hub, pulledObjects, type System } from '../hub.ts';
import { pushedKinds } from '../targets.ts';
import { pulledAt } from './pulled-at.ts';
import { refusalOf } from './refusals.ts';

/** How long writes wait before it is looked again whether all that they need has been read. */
export const firstReadWaitMs = 5_000;

export interface Unread {
  readonly connection: string;
  readonly object: string;
  /** Kinds of entity that its records contribute to. */
  readonly entities: readonly EntityKind[];
  /** The same, and those that its records tie to one another. */
  readonly concerns: readonly EntityKind[];
}

/** Whose people, deals and what ties them are counted in credit; accounts stand in where a deal names nobody. */
const credited: readonly EntityKind[] = ['Person', 'Deal', 'Organization'];

/** Reading is never undone, so a hub that has heard all asks the store no more. */
const complete = new WeakSet<Hub>();

/** Streams that writes may have to wait for. */
export async function firstReads(hub: Hub): Promise<Unread[]> {
  if (complete.has(hub)) return [];
  const awaited = [...hub.systems.values()].filter(({ settings }) => settings.awaits);
  const unread: Unread[] = [];
  let isComplete = true;
  for (const system of awaited) {
    for (const object of pulledObjects(system)) {
      if ((await pulledAt(hub, system.name, object)) !== null) continue;
      isComplete = false;
      if ((await refusalOf(hub, system.name, object)) === null) unread.push(unreadOf(system, object));
    }
  }
  if (isComplete) complete.add(hub);
  return unread;
}

function unreadOf({ name: connection, mapping }: System, object: string): Unread {
  const { entities = [], concerns = [] } = mapping.objects[object] ?? {};
  return { connection, object, entities, concerns };
}

/** Connections that some write of this hub waits for. */
export async function neverRead(hub: Hub): Promise<string[]> {
  const kinds = new Set([...hub.systems.values()].flatMap((system) => [...pushedKinds(system)]));
  const isNeeded = ({ entities, concerns }: Unread) =>
    entities.some((kind) => kinds.has(kind)) || concerns.some((kind) => credited.includes(kind));
  const awaited = (await firstReads(hub)).filter(isNeeded);
  return [...new Set(awaited.map(({ connection }) => connection))];
}

/** True while a record that contributes to entities of this kind may not have been heard. */
export function isAwaited(unread: readonly Unread[], kind: EntityKind): boolean {
  if (kind === 'ChatTouch') return isCreditAwaited(unread);
  return unread.some(({ entities }) => entities.includes(kind));
}

export function isCreditAwaited(unread: readonly Unread[]): boolean {
  return unread.some(({ concerns }) => concerns.some((kind) => credited.includes(kind)));
}
