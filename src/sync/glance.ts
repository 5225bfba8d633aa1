/** A scheduled pull that asks first, in few calls, which streams have news at all. */
import type { Standing } from '../connector/contract.ts';
import type { Hub, System } from './hub.ts';
import { notePulled, type PullCounts, type PullScope, pullOptions, pullSystem } from './pull.ts';

/** Pulls what is in scope, but for streams that the connector can tell to be quiet. */
export async function pullNews(hub: Hub, system: System, scope: PullScope): Promise<PullCounts> {
  const { connector, name } = system;
  const { objects } = scope;
  if (scope.full || connector.glance === undefined || objects === undefined) {
    return pullSystem(hub, system, scope);
  }
  const began = hub.clock.now();
  const standing = await standingOf(hub, system, objects);
  const named = standing.length > 1 ? await connector.glance(system.context, standing) : null;
  const quiet = new Set(
    named === null ? [] : standing.map(({ object }) => object).filter((one) => !named.has(one)),
  );
  for (const object of quiet) await notePulled(hub, name, object, began);
  return pullSystem(hub, system, { ...scope, objects: objects.filter((object) => !quiet.has(object)) });
}

/** Streams that have been read before; the others have to be pulled anyway. */
async function standingOf(hub: Hub, system: System, objects: readonly string[]): Promise<Standing[]> {
  const standing: Standing[] = [];
  for (const object of objects) {
    const checkpoint = await hub.store.connections.checkpoint(system.name, object);
    if (checkpoint !== null) standing.push({ object, checkpoint, options: pullOptions(system, object) });
  }
  return standing;
}
