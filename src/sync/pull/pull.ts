/** Stage 1: what has changed at a system, stream after stream. */
import { type Hub, pulledObjects, type System } from '../hub.ts';
import { forEachDespiteFaults } from './despite-faults.ts';
import { noCounts, type PullCounts, type PullScope, pullStream } from './stream.ts';

/**
 * Pulls a system's streams, one after the other: dependencies first, as the connector lists them. One that is
 * refused or fails stops none of the others; what went wrong first is thrown in the end.
 */
export async function pullSystem(hub: Hub, system: System, scope: PullScope = {}): Promise<PullCounts> {
  const total = noCounts();
  await forEachDespiteFaults(scope.objects ?? pulledObjects(system), 1, async (object) => {
    const counts = await pullStream(hub, system, object, scope);
    for (const name of ['received', 'changed', 'pages', 'gone', 'parts'] as const)
      total[name] += counts[name];
  });
  return total;
}
