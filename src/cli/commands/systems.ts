/** Choosing connections by name on the command line. */
import { didYouMean } from '../../support/nearest.ts';
import { Problem } from '../../support/problem.ts';
import type { Hub, System } from '../../sync/hub.ts';

/** The named connection, or all of them. */
export function chosen(hub: Hub, name: string | undefined): System[] {
  if (name === undefined) return [...hub.systems.values()];
  const system = hub.systems.get(name);
  if (system) return [system];
  throw new Problem('usage', `There is no connection "${name}".`, {
    remedy: didYouMean(name, [...hub.systems.keys()]),
  });
}
