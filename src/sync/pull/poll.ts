/** A scheduled pull that asks first, in few calls, which streams have news at all. */
import type { StreamPosition } from '../../connector/contract/reading.ts';
import { type Hub, pulledObjects, type System } from '../hub.ts';
import { pullOptions } from './landing.ts';
import { pullSystem } from './pull.ts';
import { notePulled } from './pulled-at.ts';
import { isLeftAlone } from './refusals.ts';
import { restsOf } from './rests.ts';
import type { PullCounts, PullScope } from './stream.ts';

/** Pulls what is in scope, but for streams that the connector can tell to be quiet. */
export async function pullNews(hub: Hub, system: System, scope: PullScope): Promise<PullCounts> {
  const { connector, name } = system;
  const objects = await askable(hub, system, scope);
  if (scope.full || connector.poll === undefined || scope.objects === undefined) {
    return pullSystem(hub, system, { ...scope, objects, scheduled: true });
  }
  const began = hub.clock.now();
  const standing = await standingOf(hub, system, objects);
  const named = standing.length > 1 ? await connector.poll(system.context, standing) : null;
  const quiet = new Set(
    named === null ? [] : standing.map(({ object }) => object).filter((one) => !named.has(one)),
  );
  for (const object of quiet) await notePulled(hub, name, object, began);
  const loud = objects.filter((object) => !quiet.has(object));
  return pullSystem(hub, system, { ...scope, objects: loud, scheduled: true });
}

/** Without those that the vendor refused not long ago. */
async function askable(hub: Hub, system: System, { objects }: PullScope): Promise<string[]> {
  const left: string[] = [];
  for (const object of objects ?? pulledObjects(system))
    if (!(await isLeftAlone(hub, { connection: system.name, object }))) left.push(object);
  return left;
}

/** Streams that have been read before, and are not kept waiting; the others have to be pulled anyway. */
async function standingOf(hub: Hub, system: System, objects: readonly string[]): Promise<StreamPosition[]> {
  const standing: StreamPosition[] = [];
  const resting = await restsOf(hub, system.name);
  for (const object of objects) {
    if (resting.has(object)) continue;
    const checkpoint = await hub.store.connections.checkpoint(system.name, object);
    if (checkpoint !== null) standing.push({ object, checkpoint, options: pullOptions(system, object) });
  }
  return standing;
}
